// Coordinates of foreign files: what is acceptable, and where a shape's middle is. WGS 84 degrees throughout.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "services/cli/files/row_sink.h"
#include "snowfield/geometry/v1/geometry.pb.h"

namespace snowfield::cli {

// Why the position can't be right, as an issue of `line`; nothing when it can. Refused are NaN and infinity, degrees
// out of range (with a hint when the two look swapped), and 0/0, which files write for "unknown".
std::optional<ImportIssue> PositionIssue(uint64_t line, double longitude, double latitude);

// The first such issue among all points of the geometry, or GEOMETRY_EMPTY.
std::optional<ImportIssue> GeometryIssue(uint64_t line, const snowfield::geometry::v1::Geometry& geometry);

// The middle of a geometry: the point itself, the mean of a line's points, the area centroid of the largest shell
// (shoelace formula; degrees as plane coordinates, which at the size of a building is exact enough).
// The geometry has passed GeometryIssue().
snowfield::geometry::v1::Point MiddleOf(const snowfield::geometry::v1::Geometry& geometry);

}  // namespace snowfield::cli
