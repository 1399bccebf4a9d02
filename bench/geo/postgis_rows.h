// The rows of the table that PostGIS and pgRouting give.
// Thread safety: one thread.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "bench/geo/baselines.h"
#include "bench/geo/judge.h"
#include "bench/geo/postgis_baselines.h"
#include "bench/geo/verdict_table.h"

namespace snowfield::bench {

// ST_ClusterKMeans over all doors is quadratic: with more than this many it is run in each boundary only.
inline constexpr int kClusterAllDoorsMax = 100'000;

// Metres a door of k-means' turfs in an order of pgRouting's, and of the same turfs in our solver's.
struct OrderRow {
  std::string method;
  int turfs = 0;
  Effort effort;
  Judge::Ordered ordered;
  // Over all turfs of the split: its m/door by our solver, times what the order costs on the turfs looked at.
  double m_per_door = 0;
};

// k-means over all, and in each boundary where there are some and `each_boundary` or too many doors for the whole.
absl::Status AddKMeans(PostgisBaselines* postgis, const Judge& judge, int target, bool each_boundary,
                       std::vector<Row>* rows, std::vector<OrderRow>* orders);

void PrintOrders(const Row& ours, const std::vector<OrderRow>& orders);
void PrintOrdersJson(const RunInfo& run, const Row& ours, const std::vector<OrderRow>& orders);

}  // namespace snowfield::bench
