// DoorVisit: what a made-up household says to a canvasser. Seeded; plausible shares, of nobody in particular.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>
#include <utility>

#include "absl/time/time.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::cli {

class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed) {}
  // In [0, 1), the same on every machine.
  double Share() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }
  bool Chance(double probability) { return Share() < probability; }
  int Below(int end) { return static_cast<int>(Share() * end); }
  // One of the values, by weight.
  template <typename Value>
  Value Pick(std::initializer_list<std::pair<Value, double>> weighted) {
    double total = 0;
    for (const auto& [value, weight] : weighted) total += weight;
    double left = Share() * total;
    for (const auto& [value, weight] : weighted) {
      left -= weight;
      if (left < 0) return value;
    }
    return std::rbegin(weighted)->first;
  }

 private:
  std::mt19937_64 engine_;
};

struct DoorVisit {
  canvass::v1::Knock knock;  // without id, list and time
  absl::Duration time;       // from the door before to the end of this one
  bool opened = false;
};

// A visit at `door`, someone opening with probability `contact_rate`; the position lies near the door.
DoorVisit VisitDoor(const canvass::v1::ListDoor& door, double contact_rate, Dice& dice);

}  // namespace snowfield::cli
