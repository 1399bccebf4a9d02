// TourCase: one tour to be found, with what it is measured against; and sets of them: points in the plane, turfs on
// their streets, TSPLIB.
// Thread safety: plain data; functions belong to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/geo/data_set.h"
#include "geo/walk/tour_search.h"

namespace snowfield::bench {

struct TourCase {
  std::string name;
  geo::CostTable costs;
  std::vector<std::vector<int>> starts;
  std::vector<geo::PointM> places;  // of the nodes, but for the last one of an open walk: its free end
  int64_t optimum = 0;              // proven; 0: not known
  double table_ms = 0;              // processor time for legs, costs and starts
};

struct TourSet {
  std::string name;
  int nodes = 0;  // the median
  std::vector<TourCase> cases;
};

// Round tours through `nodes` points of a square, half of them in clusters where `clustered`.
TourSet RandomTours(int count, int nodes, bool clustered, uint64_t seed);

// Open walks through the turfs of our own cut at `target` doors: at most `count` of those of the median number of stops
// and more, spread over the map.
absl::StatusOr<TourSet> TurfWalks(const DataSet& set, int target, int count);

// The instances of a folder's optima.csv of at most `nodes` nodes whose distances are EUC_2D or GEO (Reinelt 1991).
// NOT_FOUND where there is no such file.
absl::StatusOr<std::vector<TourCase>> ReadTsplib(const std::string& folder, int nodes);

}  // namespace snowfield::bench
