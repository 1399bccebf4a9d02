// TurfMap: a cut with its turfs, as the export gives them and the writers of map files take them.
// Thread safety: plain value.
#pragma once

#include <vector>

#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::cli {

struct TurfMap {
  turf::v1::Cut cut;
  std::vector<turf::v1::ExportTurfsResponse> turfs;  // in order of number, doors in walking order
  // The share of each turf's doors that were knocked on, 0 to 1, for a map of coverage; none: a map of the turfs.
  std::vector<double> knocked = {};
};

}  // namespace snowfield::cli
