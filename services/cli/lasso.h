// A lasso as people type or save it: points in a row, or a GeoJSON file (RFC 7946).
// Thread safety: pure but for reading the file.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "snowfield/geometry/v1/geometry.pb.h"

namespace snowfield::cli {

inline constexpr size_t kLassoFileBytesMax = 4 * 1024 * 1024;

// "LON,LAT LON,LAT LON,LAT": at least three points; the line is closed by itself. INVALID_ARGUMENT LASSO_UNREADABLE.
absl::StatusOr<geometry::v1::MultiPolygon> ParseLasso(const std::string& text);
// A Polygon, MultiPolygon, Feature, or FeatureCollection of them. INVALID_ARGUMENT LASSO_UNREADABLE; NOT_FOUND
// FILE_UNREADABLE.
absl::StatusOr<geometry::v1::MultiPolygon> ReadLassoFile(const std::string& path);

}  // namespace snowfield::cli
