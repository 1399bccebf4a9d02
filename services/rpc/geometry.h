// Geometry of the wire (snowfield.geometry.v1) to EWKB bytes and back. Both hold WGS 84 degrees, longitude first.
//
// This checks form and range only: finite, on the globe, enough points, rings closed. Whether a polygon crosses itself
// is geo/geos' to say. Source of the format: PostGIS's EWKB (OGC 06-103r4 well-known binary plus an SRID of 4326).
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "snowfield/geometry/v1/geometry.pb.h"

namespace snowfield::rpc {

// No line or ring has more points; no multipolygon more rings.
inline constexpr int kLinePointsMax = 200'000;
inline constexpr int kRingsMax = 20'000;

// INVALID_ARGUMENT naming `field`: COORDINATE_NOT_FINITE, COORDINATE_OUT_OF_RANGE, GEOMETRY_MISSING, LINE_TOO_SHORT,
// RING_NOT_CLOSED, GEOMETRY_TOO_LARGE.
absl::Status CheckPoint(const geometry::v1::Point& point, std::string_view field);

absl::StatusOr<std::string> ToEwkb(const geometry::v1::Point& point, std::string_view field);
absl::StatusOr<std::string> ToEwkb(const geometry::v1::Line& line, std::string_view field);
absl::StatusOr<std::string> ToEwkb(const geometry::v1::MultiPolygon& area, std::string_view field);
absl::StatusOr<std::string> ToEwkb(const geometry::v1::Geometry& geometry, std::string_view field);

// What our own database or geo wrote; anything else is INTERNAL. Polygon becomes MultiPolygon.
absl::StatusOr<geometry::v1::Point> PointFromEwkb(std::string_view ewkb);
absl::StatusOr<geometry::v1::Line> LineFromEwkb(std::string_view ewkb);
absl::StatusOr<geometry::v1::MultiPolygon> MultiPolygonFromEwkb(std::string_view ewkb);

}  // namespace snowfield::rpc
