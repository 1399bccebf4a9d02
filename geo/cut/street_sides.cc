#include "geo/cut/street_sides.h"

#include <optional>

#include "absl/container/flat_hash_map.h"

namespace snowfield::geo {
namespace {

struct ParityCount {
  int odd = 0;
  int even = 0;

  // 0 or 1 as a number modulo 2; none where the side is not clear.
  std::optional<int> Parity() const {
    const int most = odd > even ? odd : even;
    if (odd + even < kSideStopsMin || most < kSideAgreement * (odd + even)) return std::nullopt;
    return odd > even ? 1 : 0;
  }
};

bool Counts(const GroundStop& stop) {
  return stop.house_number > 0 && stop.walk.place.face >= 0 && stop.walk.place.match == MatchKind::kByName;
}

}  // namespace

void CheckSides(std::vector<GroundStop>* stops) {
  absl::flat_hash_map<int, ParityCount> sides;  // by face
  for (const GroundStop& stop : *stops) {
    if (!Counts(stop)) continue;
    ParityCount& side = sides[stop.walk.place.face];
    ++(stop.house_number % 2 == 1 ? side.odd : side.even);
  }
  for (GroundStop& stop : *stops) {
    if (!Counts(stop)) continue;
    const auto other = sides.find(stop.walk.place.face ^ 1);
    if (other == sides.end()) continue;
    // What the others on its side say, as it was at first.
    ParityCount others = sides.at(stop.walk.place.face);
    --(stop.house_number % 2 == 1 ? others.odd : others.even);
    const std::optional<int> here = others.Parity(), there = other->second.Parity();
    if (!here.has_value() || !there.has_value() || *here == *there || stop.house_number % 2 == *here) continue;
    if (stop.walk.place.distance_m < kSideDoubt_m) {
      stop.walk.place.face ^= 1;
    } else {
      stop.number_of_other_side = true;
    }
  }
}

}  // namespace snowfield::geo
