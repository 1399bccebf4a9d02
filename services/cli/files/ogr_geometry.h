// From OGR's geometries to the wire's. Private to the readers. Thread safety: pure.
#pragma once

#include <ogr_geometry.h>

#include <vector>

#include "snowfield/geometry/v1/geometry.pb.h"

namespace snowfield::cli {

// Splits a geometry into the kinds that the wire has: each point, each line, and all polygons as one multipolygon. Z
// and M are dropped, curves are drawn as lines. Empty parts are left out.
std::vector<snowfield::geometry::v1::Geometry> PartsOf(const OGRGeometry& geometry);

}  // namespace snowfield::cli
