// TurfMap: a cut with its turfs, as the export gives them and the writers of map files take them.
// Thread safety: plain value.
#pragma once

#include <vector>

#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::cli {

struct TurfMap {
  turf::v1::Cut cut;
  std::vector<turf::v1::ExportTurfsResponse> turfs;  // in order of number, doors in walking order
};

}  // namespace snowfield::cli
