#include "geo/walk/walk_order.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <numeric>
#include <tuple>

#include "geo/walk/leg_table.h"
#include "geo/walk/tour_search.h"

namespace snowfield::geo {
namespace {

// Makes the search keep two nodes side by side.
constexpr float kGlue_m = -1e6f;
// Legs of walks that are only compared are looked for out to here: good walks have few longer ones.
constexpr float kCompareReach_m = 400;

// The stops as the search sees them: the doors, then a node for the free end of an open walk, then the launch.
struct Problem {
  int stops = 0;
  int size = 0;
  int free_end = -1;
  int launch = -1;
  std::vector<float> cost;
};

Problem MakeProblem(const LegTable& legs, int stops, const WalkOptions& options) {
  Problem problem;
  problem.stops = problem.size = stops;
  const bool open = options.finish == WalkFinish::kAnywhere;
  if (options.launch) problem.launch = problem.size++;
  if (open) problem.free_end = problem.size++;
  problem.cost.assign(static_cast<size_t>(problem.size) * problem.size, 0);
  const int real = stops + (options.launch ? 1 : 0);
  for (int a = 0; a < real; ++a) {
    for (int b = a + 1; b < real; ++b) {
      const float cost_m = legs.Between(a, b).cost_m;
      problem.cost[static_cast<size_t>(a) * problem.size + b] = cost_m;
      problem.cost[static_cast<size_t>(b) * problem.size + a] = cost_m;
    }
  }
  if (open && options.launch) {
    problem.cost[static_cast<size_t>(problem.launch) * problem.size + problem.free_end] = kGlue_m;
    problem.cost[static_cast<size_t>(problem.free_end) * problem.size + problem.launch] = kGlue_m;
  }
  return problem;
}

// Nearest neighbour from the first stop; the extra nodes go last, side by side.
std::vector<int> NearestNext(const Problem& problem) {
  std::vector<int> tour;
  std::vector<char> used(problem.size, 0);
  int at = 0;
  while (static_cast<int>(tour.size()) < problem.stops) {
    tour.push_back(at);
    used[at] = 1;
    int next = -1;
    for (int b = 0; b < problem.stops; ++b) {
      const auto cost = [&](int c) { return problem.cost[static_cast<size_t>(at) * problem.size + c]; };
      if (!used[b] && (next < 0 || cost(b) < cost(next))) next = b;
    }
    at = next;
  }
  for (int extra = problem.stops; extra < problem.size; ++extra) tour.push_back(extra);
  return tour;
}

// Each street up one side and down the other, streets in the order in which `tour` first comes to them.
std::vector<int> UpAndDown(const std::vector<WalkStop>& stops, int count, const std::vector<int>& tour) {
  std::vector<int> rank(count);
  std::vector<std::pair<int, int>> first_at;  // link, rank; a turf has few links
  for (const int stop : tour) {
    if (stop >= count) continue;
    const int face = stops[stop].place.face;
    const int link = face < 0 ? -1 - stop : face / 2;
    auto found = std::find_if(first_at.begin(), first_at.end(), [&](const auto& entry) { return entry.first == link; });
    if (found == first_at.end()) {
      first_at.emplace_back(link, static_cast<int>(first_at.size()));
      found = first_at.end() - 1;
    }
    rank[stop] = found->second;
  }
  std::vector<int> result = tour;
  const auto end = std::stable_partition(result.begin(), result.end(), [&](int node) { return node < count; });
  std::stable_sort(result.begin(), end, [&](int a, int b) {
    const NetworkPlace& p = stops[a].place;
    const NetworkPlace& q = stops[b].place;
    const double along_a = p.face % 2 == 0 ? p.offset_m : -p.offset_m;
    const double along_b = q.face % 2 == 0 ? q.offset_m : -q.offset_m;
    return std::tuple(rank[a], p.face & 1, along_a, a) < std::tuple(rank[b], q.face & 1, along_b, b);
  });
  return result;
}

// Turns the round tour into a walk: opened at the free end, begun at the launch, else at the lower-numbered end.
std::vector<int> OpenTour(const Problem& problem, std::vector<int> tour) {
  const int seam = problem.free_end >= 0 ? problem.free_end : problem.launch >= 0 ? problem.launch : 0;
  std::rotate(tour.begin(), std::find(tour.begin(), tour.end(), seam), tour.end());
  if (problem.free_end >= 0 && problem.launch >= 0 && tour.back() == problem.launch) {
    std::reverse(tour.begin() + 1, tour.end());
  }
  std::erase_if(tour, [&](int node) { return node >= problem.stops; });
  const bool free_start = problem.launch < 0 && problem.free_end >= 0;
  if (free_start && tour.front() > tour.back()) std::reverse(tour.begin(), tour.end());
  return tour;
}

}  // namespace

struct WalkSolver::Scratch {
  explicit Scratch(const StreetNetwork& network) : legs(network) {}

  LegTable legs;
  std::vector<WalkStop> stops;    // the doors, then the launch
  int count = 0;                  // of doors
  std::vector<float> whole_cost;  // of PrepareSubsets, count squared

  void Prepare(const std::vector<WalkStop>& doors, const WalkOptions& options, float reach_m = kReachAll) {
    stops = doors;
    count = static_cast<int>(doors.size());
    if (options.launch) stops.push_back(*options.launch);
    legs.Build(stops, options.crossing_cost_scale, reach_m);
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
    const Problem problem = MakeProblem(legs, count, options);
    const std::vector<int> nearest = NearestNext(problem);
    const std::vector<std::vector<int>> starts = {nearest, UpAndDown(stops, count, nearest)};
    return OpenTour(problem, SearchTour(problem.cost, problem.size, starts, options.kicks, options.seed));
  }

  // The order with the launch before it and the way back after it.
  std::vector<int> Visits(const std::vector<int>& order, const WalkOptions& options) const {
    std::vector<int> visits = order;
    if (options.launch) visits.insert(visits.begin(), count);
    if (options.finish == WalkFinish::kReturnToStart) visits.push_back(visits.front());
    return visits;
  }

  double CostOf(const std::vector<int>& order, const WalkOptions& options) const {
    const std::vector<int> visits = Visits(order, options);
    double cost_m = 0;
    for (size_t i = 0; i + 1 < visits.size(); ++i) cost_m += legs.Between(visits[i], visits[i + 1]).cost_m;
    return cost_m;
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

void WalkSolver::PrepareSubsets(const std::vector<WalkStop>& stops) {
  scratch_->Prepare(stops, {}, kCompareReach_m);
  WalkOptions round;
  round.finish = WalkFinish::kReturnToStart;  // without the node of a free end
  const Problem all = MakeProblem(scratch_->legs, scratch_->count, round);
  scratch_->whole_cost = all.cost;
}

double WalkSolver::SubsetCost(const std::vector<int>& subset, const WalkOptions& options) {
  const auto count = static_cast<int>(subset.size());
  if (count < 2) return 0;
  const auto whole = static_cast<size_t>(scratch_->count);
  Problem problem;
  problem.stops = problem.free_end = count;
  problem.size = count + 1;
  problem.cost.assign(static_cast<size_t>(problem.size) * problem.size, 0);
  std::vector<WalkStop> stops;
  for (int a = 0; a < count; ++a) {
    stops.push_back(scratch_->stops[subset[a]]);
    for (int b = 0; b < count; ++b) {
      problem.cost[static_cast<size_t>(a) * problem.size + b] = scratch_->whole_cost[subset[a] * whole + subset[b]];
    }
  }
  const std::vector<int> nearest = NearestNext(problem);
  const std::vector<std::vector<int>> starts = {nearest, UpAndDown(stops, count, nearest)};
  return TourCost(problem.cost, problem.size,
                  SearchTour(problem.cost, problem.size, starts, options.kicks, options.seed));
}

double WalkSolver::Cost(const std::vector<WalkStop>& stops, const WalkOptions& options) {
  if (stops.empty()) return 0;
  scratch_->Prepare(stops, options, kCompareReach_m);
  return scratch_->CostOf(scratch_->Search(options), options);
}

WalkOrder WalkSolver::Measure(const std::vector<WalkStop>& stops, const WalkOptions& options) {
  if (stops.empty()) return {};
  scratch_->Prepare(stops, options);
  std::vector<int> order(stops.size());
  std::iota(order.begin(), order.end(), 0);
  return scratch_->Describe(std::move(order), options);
}

std::vector<int> OrderUnits(const std::vector<UnitDoor>& doors) {
  const auto number_of = [](const UnitDoor& door) {
    const HouseNumber unit = ParseHouseNumber(door.unit);
    return unit.number;
  };
  const auto floor_of = [&](const UnitDoor& door) {
    if (door.floor) return *door.floor;
    const int64_t number = number_of(door);
    // "402" is on floor 4, "12" says nothing.
    return number >= 100 && number < 10'000 ? static_cast<int>(number / 100) : 0;
  };
  std::vector<int> order(doors.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const UnitDoor& p = doors[a];
    const UnitDoor& q = doors[b];
    return std::tuple(-floor_of(p), p.house_number, number_of(p), p.unit, p.tie) <
           std::tuple(-floor_of(q), q.house_number, number_of(q), q.unit, q.tie);
  });
  return order;
}

}  // namespace snowfield::geo
