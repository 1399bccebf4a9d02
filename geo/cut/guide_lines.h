// GuideLines: the lines of a cut's map that polygons should follow. Thread safety: pure.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "geo/cut/cut_turf.h"
#include "geo/frame/frame.h"
#include "geo/shape/turf_shape.h"
#include "geo/streets/street_network.h"

namespace snowfield::geo {

// Middle lines of the network's streets, then the input's barriers, then its streets that are barriers; a barrier's
// rims have its inside on the left. GEOMETRY_UNREADABLE where a barrier cannot be read.
absl::StatusOr<std::vector<GuideLine>> GuideLinesOf(const CutInput& input, const Frame& frame,
                                                    const StreetNetwork& network);

}  // namespace snowfield::geo
