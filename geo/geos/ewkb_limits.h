// CheckEwkbLimits: how large and how deep a geometry's bytes say it is, before anything is built of them. Internal to
// geo/geos.
// Thread safety: pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace snowfield::geo {

// INVALID_ARGUMENT GEOMETRY_TOO_LARGE for more bytes, points (with rings and parts) or levels of collections than
// geometry.h allows; GEOMETRY_UNREADABLE where the bytes end too soon or are of no known type. Reads either byte order,
// EWKB and ISO types, Z and M.
absl::Status CheckEwkbLimits(std::string_view bytes, std::string_view field);

}  // namespace snowfield::geo
