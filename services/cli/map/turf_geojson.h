// Turfs as GeoJSON (RFC 7946): one FeatureCollection with two features a turf: its polygon with its metrics, and its
// walk. Thread safety: pure.
#pragma once

#include <string>

#include "services/cli/map/turf_map.h"

namespace snowfield::cli {

// Shells run counterclockwise and holes clockwise; degrees have seven digits after the point (about a centimetre).
// Properties: `kind` is "turf" or "walk", `turf` the number; the rest as in snowfield.turf.v1.Turf.
std::string WriteTurfGeoJson(const TurfMap& map);

}  // namespace snowfield::cli
