#include "bench/geo/postgis_rows.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <utility>

#include "base/status.h"
#include "geo/walk/walk_order.h"

namespace snowfield::bench {
namespace {

// Turfs looked at; the cost matrix of one takes as long as ordering some hundred.
constexpr size_t kEuclideanTurfsMax = 2'000;
constexpr size_t kNetworkTurfsMax = 150;

ClusterInput InputOf(const Judge& judge) {
  ClusterInput input;
  for (const geo::GroundStop& stop : judge.ground().stops) {
    input.places.push_back(stop.walk.position);
    input.doors.push_back(static_cast<int>(stop.doors.size()));
    input.boundary.push_back(stop.boundary);
  }
  return input;
}

// Of at most `most` turfs, spread over all.
std::vector<OrderInput> OrderInputs(const Judge& judge, const std::vector<int>& part, size_t most, bool with_costs) {
  std::map<int, std::vector<int>> stops_of;
  for (int stop = 0; stop < static_cast<int>(part.size()); ++stop) stops_of[part[stop]].push_back(stop);
  const size_t step = std::max<size_t>(1, (stops_of.size() + most - 1) / most);
  geo::WalkSolver solver(judge.ground().network);
  std::vector<OrderInput> inputs;
  size_t index = 0;
  for (auto& [label, stops] : stops_of) {
    if (index++ % step != 0) continue;
    OrderInput& input = inputs.emplace_back();
    for (const int stop : stops) input.places.push_back(judge.ground().stops[stop].walk.position);
    for (size_t a = 0; with_costs && a < stops.size(); ++a) {
      for (size_t b = 0; b < stops.size(); ++b) {
        const geo::WalkStop &from = judge.ground().stops[stops[a]].walk, &to = judge.ground().stops[stops[b]].walk;
        input.costs.push_back(a == b  ? 0
                              : b < a ? input.costs[b * stops.size() + a]
                                      : solver.Measure({from, to}, {}).cost_m);
      }
    }
    input.stops = std::move(stops);
  }
  return inputs;
}

absl::Status AddOrder(PostgisBaselines* postgis, const Judge& judge, const std::vector<int>& part, const Row& split,
                      bool by_network, std::vector<OrderRow>* orders) {
  const std::vector<OrderInput> inputs =
      OrderInputs(judge, part, by_network ? kNetworkTurfsMax : kEuclideanTurfsMax, by_network);
  SNOWFIELD_ASSIGN_OR_RETURN(const PostgisBaselines::Orders found,
                             by_network ? postgis->OrderByNetwork(inputs) : postgis->OrderEuclidean(inputs));
  OrderRow row{split.method + (by_network ? " + pgr_TSP" : " + pgr_TSPeuclidean"), static_cast<int>(inputs.size()),
               found.effort, judge.MeasureOrders(found.stops), 0};
  const double worse =
      row.ordered.solver_m_per_door > 0 ? row.ordered.given_m_per_door / row.ordered.solver_m_per_door : 1;
  row.m_per_door = split.verdict.m_per_door * worse;
  orders->push_back(row);
  return absl::OkStatus();
}

}  // namespace

absl::Status AddKMeans(PostgisBaselines* postgis, const Judge& judge, int target, bool each_boundary,
                       std::vector<Row>* rows, std::vector<OrderRow>* orders) {
  const ClusterInput input = InputOf(judge);
  int64_t doors = 0;
  for (const int count : input.doors) doors += count;
  const bool too_many = doors > kClusterAllDoorsMax;
  const bool has_boundaries =
      std::any_of(input.boundary.begin(), input.boundary.end(), [](int boundary) { return boundary >= 0; });
  for (const bool each : {false, true}) {
    if (each ? !has_boundaries || !(each_boundary || too_many) : too_many) continue;
    SNOWFIELD_ASSIGN_OR_RETURN(const PostgisBaselines::Clusters clusters, postgis->ClusterKMeans(input, target, each));
    SNOWFIELD_ASSIGN_OR_RETURN(const Verdict verdict, judge.Measure(judge.PartOfDoors(clusters.part)));
    rows->push_back({each ? "k-means by precinct" : "k-means", clusters.effort, verdict, ""});
    if (!postgis->has_routing()) continue;
    SNOWFIELD_RETURN_IF_ERROR(AddOrder(postgis, judge, clusters.part, rows->back(), false, orders));
    SNOWFIELD_RETURN_IF_ERROR(AddOrder(postgis, judge, clusters.part, rows->back(), true, orders));
  }
  return absl::OkStatus();
}

void PrintOrders(const Row& ours, const std::vector<OrderRow>& orders) {
  for (const OrderRow& row : orders) {
    std::printf(
        "  %s: %.2f m/door; on %d turfs it walks %.2f m/door where our solver walks %.2f; %.2f s; ours over it %.3f\n",
        row.method.c_str(), row.m_per_door, row.turfs, row.ordered.given_m_per_door, row.ordered.solver_m_per_door,
        row.effort.seconds, ours.verdict.m_per_door / row.m_per_door);
  }
}

void PrintOrdersJson(const RunInfo& run, const Row& ours, const std::vector<OrderRow>& orders) {
  for (const OrderRow& row : orders) {
    std::printf(
        "{\"data\":\"%s\",\"data_seed\":%llu,\"method\":\"%s\",\"target\":%d,\"turfs_ordered\":%d,\"m_per_door\":%.4f,"
        "\"given_m_per_door\":%.4f,\"solver_m_per_door\":%.4f,\"ours_over_it\":%.4f,\"seconds\":%.4f,%s}\n",
        run.data_set.c_str(), static_cast<unsigned long long>(run.data_seed), row.method.c_str(), run.target_doors,
        row.turfs, row.m_per_door, row.ordered.given_m_per_door, row.ordered.solver_m_per_door,
        ours.verdict.m_per_door / row.m_per_door, row.effort.seconds, MachineJson().c_str());
  }
  std::fflush(stdout);
}

}  // namespace snowfield::bench
