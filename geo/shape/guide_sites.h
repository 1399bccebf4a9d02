// GuideSites: pairs of sites mirrored on the middle line of a street or on a barrier, where the grounds on its two
// sides differ: between the two of a pair, cells part exactly on the line. Internal to geo/shape.
// Thread safety: pure; starts and joins its own threads.
#pragma once

#include "geo/shape/shape_sites.h"

namespace snowfield::geo {

// Each site of a pair takes the group of the nearest door on its side; beyond a barrier only of doors that no barrier
// hides, else that of empty ground. `sites` holds those of the doors.
void AppendGuideSites(const ShapeOptions& options, const DegreePlane& plane, ShapeSites* sites);

}  // namespace snowfield::geo
