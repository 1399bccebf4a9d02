// OurCut: a cut by our engine with what it took, stage by stage, and with its own soundness checked from outside.
// Thread safety: one at a time in a process (see Meter).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/geo/data_set.h"
#include "bench/geo/meter.h"
#include "geo/cut/cut_turf.h"

namespace snowfield::bench {

struct OurCut {
  geo::CutResult result;
  Effort effort;
  std::vector<std::pair<std::string, double>> stage_seconds;  // by the stages' names, in order
  // Without loading the streets, matching the doors, ordering the walks and drawing: beside what a partitioner does.
  double partition_seconds = 0;
  std::vector<int> part;  // of each door of the input
  int doors_doubled = 0;
};

// `keep`: with the data set's boundaries kept.
absl::StatusOr<OurCut> CutOurs(const DataSet& set, const geo::CutOptions& options, bool keep);

// Of all that a cut says of its turfs: doors in their order, polygons, walk lines.
uint64_t HashOf(const geo::CutResult& result);

// What GEOS finds of the turfs' own polygons, of at most `sample` turfs spread over the list.
struct PolygonCheck {
  int turfs = 0;
  int invalid = 0;
  int overlapping = 0;    // turfs that share more than kOverlapMin_m2 with another
  int doors_outside = 0;  // of their own turf's polygon
};
inline constexpr double kOverlapMin_m2 = 0.1;
absl::StatusOr<PolygonCheck> CheckPolygons(const DataSet& set, const OurCut& cut, int sample);

}  // namespace snowfield::bench
