#include "geo/walk/walk_order.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <tuple>

#include "absl/strings/ascii.h"
#include "geo/walk/leg_table.h"
#include "geo/walk/tour_search.h"
#include "geo/walk/walk_problem.h"

namespace snowfield::geo {
namespace {

std::vector<NetworkPlace> PlacesOf(const std::vector<WalkStop>& stops) {
  std::vector<NetworkPlace> places;
  places.reserve(stops.size());
  for (const WalkStop& stop : stops) places.push_back(stop.place);
  return places;
}

}  // namespace

struct WalkSolver::Scratch {
  explicit Scratch(const StreetNetwork& network) : legs(network) {}

  LegTable legs;
  std::vector<WalkStop> stops;  // the doors, then the launch
  int count = 0;                // of doors

  void Prepare(const std::vector<WalkStop>& doors, const WalkOptions& options) {
    stops = doors;
    count = static_cast<int>(doors.size());
    if (options.launch) stops.push_back(*options.launch);
    legs.Build(stops, options.crossing_cost_scale);
  }

  std::vector<int> Search(const WalkOptions& options) const {
    std::vector<int> order(count);
    std::iota(order.begin(), order.end(), 0);
    if (count > kWalkStopsSearchedMax) {
      std::sort(order.begin(), order.end(), [&](int a, int b) {
        return std::tuple(stops[a].place.face, stops[a].place.offset_m, a) <
               std::tuple(stops[b].place.face, stops[b].place.offset_m, b);
      });
      return order;
    }
    if (count < 2) return order;
    const WalkProblem problem = WalkProblem::Of(legs, count, options);
    const int kicks = options.kicks.value_or(KicksFor(count));
    return problem.OrderOf(SearchTour(problem.costs, problem.Starts(PlacesOf(stops)), kicks, options.seed));
  }

  // The order with the launch before it and the way back after it.
  std::vector<int> Visits(const std::vector<int>& order, const WalkOptions& options) const {
    std::vector<int> visits = order;
    if (options.launch) visits.insert(visits.begin(), count);
    if (options.finish == WalkFinish::kReturnToStart) visits.push_back(visits.front());
    return visits;
  }

  WalkOrder Describe(std::vector<int> order, const WalkOptions& options) {
    WalkOrder walk;
    const std::vector<int> visits = Visits(order, options);
    for (size_t i = 0; i + 1 < visits.size(); ++i) {
      const Leg leg = legs.Between(visits[i], visits[i + 1]);
      walk.length_m += leg.length_m;
      walk.cost_m += leg.cost_m;
      walk.crossing_count += leg.crossing_count;
      if (legs.MeetsBarrier(visits[i], visits[i + 1], leg)) ++walk.barrier_leg_count;
      legs.AppendPath(visits[i], visits[i + 1], leg, &walk.path);
    }
    if (walk.path.empty()) walk.path.push_back(stops.front().position);
    walk.order = std::move(order);
    return walk;
  }
};

WalkSolver::WalkSolver(const StreetNetwork& network) : scratch_(std::make_unique<Scratch>(network)) {}
WalkSolver::WalkSolver(WalkSolver&&) noexcept = default;
WalkSolver::~WalkSolver() = default;

WalkOrder WalkSolver::Order(const std::vector<WalkStop>& stops, const WalkOptions& options) {
  if (stops.empty()) return {};
  scratch_->Prepare(stops, options);
  return scratch_->Describe(scratch_->Search(options), options);
}

WalkOrder WalkSolver::Measure(const std::vector<WalkStop>& stops, const WalkOptions& options) {
  if (stops.empty()) return {};
  scratch_->Prepare(stops, options);
  std::vector<int> order(stops.size());
  std::iota(order.begin(), order.end(), 0);
  return scratch_->Describe(std::move(order), options);
}

namespace {

struct UnitPlace {
  std::string building;  // what comes before the last word of the unit
  int64_t floor = 0;
  int64_t number = 0;
};

// "402" is on floor 4, "4b" too, "ph" above all; "12" says nothing.
UnitPlace PlaceOfUnit(const UnitDoor& door) {
  constexpr int64_t kPenthouse = 1'000;
  UnitPlace place;
  const size_t blank = door.unit.rfind(' ');
  if (blank != std::string::npos) place.building = door.unit.substr(0, blank);
  const std::string last = blank == std::string::npos ? door.unit : door.unit.substr(blank + 1);
  const HouseNumber unit = ParseHouseNumber(last);
  place.number = unit.number;
  if (door.floor) {
    place.floor = *door.floor;
  } else if (last.starts_with("ph")) {
    place.floor = kPenthouse;
  } else if (unit.number >= 100 && unit.number < 10'000) {
    place.floor = unit.number / 100;
  } else if (unit.number < 100 && unit.rest.size() == 1 && absl::ascii_islower(unit.rest.front())) {
    place.floor = unit.number;
  }
  return place;
}

}  // namespace

std::vector<int> OrderUnits(const std::vector<UnitDoor>& doors) {
  std::vector<UnitPlace> places;
  places.reserve(doors.size());
  for (const UnitDoor& door : doors) places.push_back(PlaceOfUnit(door));
  std::vector<int> order(doors.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const UnitPlace &p = places[a], &q = places[b];
    const UnitDoor &d = doors[a], &e = doors[b];
    return std::tie(p.building, q.floor, d.house_number, p.number, d.unit, d.tie) <
           std::tie(q.building, p.floor, e.house_number, q.number, e.unit, e.tie);
  });
  return order;
}

}  // namespace snowfield::geo
