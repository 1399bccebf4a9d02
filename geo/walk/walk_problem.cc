#include "geo/walk/walk_problem.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

namespace snowfield::geo {
namespace {

constexpr double kUnit_m = 0.01;
// Between the launch and the free end: less than any walk could gain by parting them.
constexpr int32_t kHeld = std::numeric_limits<int32_t>::min();

// A long way round a barrier is avoided at the price of one through it, which a leg off the network has in its cost.
int32_t CostOfLeg(const LegTable& legs, int a, int b) {
  const Leg leg = legs.Between(a, b);
  const double avoided_m = !leg.off_network && legs.MeetsBarrier(a, b, leg) ? kBarrierLegCost_m : 0;
  return static_cast<int32_t>(std::min(leg.cost_m + avoided_m, kLegCostMax_m) / kUnit_m);
}

// Begins at the first stop; the extra nodes go last, side by side.
std::vector<int> NearestNext(const CostTable& costs, int stops) {
  std::vector<int> tour(costs.size());
  std::iota(tour.begin(), tour.end(), 0);
  const auto end = tour.begin() + stops;
  for (auto at = tour.begin(); end - at > 2; ++at) {
    const int32_t* row = costs.Row(*at);
    std::iter_swap(at + 1, std::min_element(at + 1, end, [row](int a, int b) { return row[a] < row[b]; }));
  }
  return tour;
}

// Streets in the order in which `tour` first comes to them.
std::vector<int> UpAndDown(const std::vector<NetworkPlace>& places, std::vector<int> tour, int stops) {
  std::vector<int> rank(stops);
  std::vector<std::pair<int, int>> first_at;  // link, rank; a turf has few links
  for (const int stop : tour) {
    if (stop >= stops) continue;
    const int face = places[stop].face;
    const int link = face < 0 ? -1 - stop : face / 2;
    auto found = std::find_if(first_at.begin(), first_at.end(), [&](const auto& entry) { return entry.first == link; });
    if (found == first_at.end()) {
      first_at.emplace_back(link, static_cast<int>(first_at.size()));
      found = first_at.end() - 1;
    }
    rank[stop] = found->second;
  }
  std::stable_sort(tour.begin(), tour.begin() + stops, [&](int a, int b) {
    const NetworkPlace& p = places[a];
    const NetworkPlace& q = places[b];
    const double along_a = p.face % 2 == 0 ? p.offset_m : -p.offset_m;
    const double along_b = q.face % 2 == 0 ? q.offset_m : -q.offset_m;
    return std::tuple(rank[a], p.face & 1, along_a, a) < std::tuple(rank[b], q.face & 1, along_b, b);
  });
  return tour;
}

}  // namespace

WalkProblem WalkProblem::Of(const LegTable& legs, int stops, const WalkOptions& options) {
  WalkProblem problem;
  problem.stops = stops;
  int size = stops;
  if (options.launch) problem.launch = size++;
  const int real = size;
  if (options.finish == WalkFinish::kAnywhere) problem.free_end = size++;
  problem.costs = CostTable(size);
  for (int a = 0; a < real; ++a) {
    for (int b = a + 1; b < real; ++b) problem.costs.Set(a, b, CostOfLeg(legs, a, b));
  }
  if (problem.free_end >= 0 && problem.launch >= 0) problem.costs.Set(problem.launch, problem.free_end, kHeld);
  return problem;
}

std::vector<std::vector<int>> WalkProblem::Starts(const std::vector<NetworkPlace>& places) const {
  std::vector<int> nearest = NearestNext(costs, stops);
  std::vector<int> up_and_down = UpAndDown(places, nearest, stops);
  return {std::move(nearest), std::move(up_and_down)};
}

std::vector<int> WalkProblem::OrderOf(std::vector<int> tour) const {
  const int seam = free_end >= 0 ? free_end : launch >= 0 ? launch : 0;
  std::rotate(tour.begin(), std::find(tour.begin(), tour.end(), seam), tour.end());
  if (free_end >= 0 && launch >= 0 && tour.back() == launch) std::reverse(tour.begin() + 1, tour.end());
  std::erase_if(tour, [this](int node) { return node >= stops; });
  const bool free_start = launch < 0 && free_end >= 0;
  if (free_start && tour.front() > tour.back()) std::reverse(tour.begin(), tour.end());
  return tour;
}

}  // namespace snowfield::geo
