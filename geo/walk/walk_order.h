// OrderWalk: in which order to visit stops on the street network, aware of the side of the street.
//
// A stop is an address point (one door or a building). Legs are least-cost ways over the network's corners: metres
// plus what street crossings are worth; off the network a leg is the straight line, lengthened. The order is looked for
// by SearchTour (tour_search.h), from the nearest stop next and from "up one side and down the other". Same input and
// seed, same answer.
// Thread safety: a WalkSolver holds scratch space and belongs to one thread; the network is shared.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "geo/frame/frame.h"
#include "geo/streets/address.h"
#include "geo/streets/street_network.h"

namespace snowfield::geo {

// More stops than this are put in order along the faces only, without search.
inline constexpr int kWalkStopsSearchedMax = 2'000;
// A leg off the network counts this much times its straight length.
inline constexpr double kOffNetworkDetour = 1.3;
// What a leg with a barrier between and no way round counts on top.
inline constexpr double kBarrierLegCost_m = 2'000;

struct WalkStop {
  PointM position;     // of the door
  NetworkPlace place;  // face -1: off the network
};

enum class WalkFinish { kAnywhere, kReturnToStart };

struct WalkOptions {
  std::optional<WalkStop> launch;  // start here (not a stop itself); else at the best door
  WalkFinish finish = WalkFinish::kAnywhere;
  uint64_t seed = 1;
  std::optional<int> kicks;          // of the search (tour_search.h), 0: none; else KicksFor the number of stops
  double crossing_cost_scale = 1.0;  // 0: crossings are free, distances are those of the street's middle line
};

// With so many kicks walks of 45 stops are below 0.1 % from the best on the mean, of 1,000 about 1 %; four times as
// many halve that (docs/benchmarks/2026-11-walking-order.md).
constexpr int KicksFor(int stops) { return 20 + stops / 2; }

struct WalkOrder {
  std::vector<int> order;  // indices of the stops
  double length_m = 0;     // metres, first to last stop (from the launch and back where asked for), without costs
  double cost_m = 0;       // length_m plus crossing costs
  int crossing_count = 0;
  int barrier_leg_count = 0;  // legs with a barrier between that the network does not go round
  std::vector<PointM> path;   // the walk as a line, along the streets' middle lines
};

class WalkSolver {
 public:
  explicit WalkSolver(const StreetNetwork& network);
  WalkSolver(WalkSolver&&) noexcept;
  ~WalkSolver();
  WalkOrder Order(const std::vector<WalkStop>& stops, const WalkOptions& options);
  // Length and path of the stops in the order given.
  WalkOrder Measure(const std::vector<WalkStop>& stops, const WalkOptions& options);

 private:
  struct Scratch;
  std::unique_ptr<Scratch> scratch_;
};

// One stop's doors: building by building ("2 101" is unit 101 of building 2), in each from the top floor down, then by
// number. Where no floor is given the unit tells it: "402" and "4b" are on floor 4, "ph" is on top.
struct UnitDoor {
  std::optional<int> floor;
  HouseNumber house_number;
  std::string unit;  // NormalizeUnit
  int64_t tie = 0;   // e.g. the door id
};
std::vector<int> OrderUnits(const std::vector<UnitDoor>& doors);

}  // namespace snowfield::geo
