#include "services/cli/files/coordinates.h"

#include <cmath>

namespace snowfield::cli {
namespace {

namespace geometry = snowfield::geometry::v1;

std::optional<ImportIssue> LineIssue(uint64_t line, const geometry::Line& coordinates) {
  for (int i = 0; i + 1 < coordinates.coordinates_size(); i += 2) {
    auto issue = PositionIssue(line, coordinates.coordinates(i), coordinates.coordinates(i + 1));
    if (issue.has_value()) return issue;
  }
  return std::nullopt;
}

geometry::Point MakePoint(double longitude, double latitude) {
  geometry::Point point;
  point.set_longitude(longitude);
  point.set_latitude(latitude);
  return point;
}

geometry::Point MeanOf(const geometry::Line& line) {
  const int count = line.coordinates_size() / 2;
  double x = 0;
  double y = 0;
  for (int i = 0; i < count; ++i) {
    x += line.coordinates(2 * i);
    y += line.coordinates(2 * i + 1);
  }
  return MakePoint(x / count, y / count);
}

struct RingCentroid {
  double doubled_area = 0;  // square degrees
  geometry::Point middle;
};

RingCentroid CentroidOf(const geometry::Line& ring) {
  const auto& c = ring.coordinates();
  // Relative to the first point: products of degrees would lose the metres.
  const double x0 = c[0];
  const double y0 = c[1];
  double area = 0;
  double x = 0;
  double y = 0;
  for (int i = 0; i + 3 < c.size(); i += 2) {
    const double cross = (c[i] - x0) * (c[i + 3] - y0) - (c[i + 2] - x0) * (c[i + 1] - y0);
    area += cross;
    x += cross * (c[i] + c[i + 2] - 2 * x0);
    y += cross * (c[i + 1] + c[i + 3] - 2 * y0);
  }
  if (std::abs(area) < 1e-18) return {0, MeanOf(ring)};
  return {std::abs(area), MakePoint(x0 + x / (3 * area), y0 + y / (3 * area))};
}

}  // namespace

std::optional<ImportIssue> PositionIssue(uint64_t line, double longitude, double latitude) {
  if (!std::isfinite(longitude) || !std::isfinite(latitude)) {
    return Rejection(line, "COORDINATE_NOT_FINITE", std::isfinite(longitude) ? "latitude" : "longitude",
                     "the coordinate is not a number; give degrees such as -77.0317");
  }
  if (std::abs(latitude) > 90 && std::abs(latitude) <= 180 && std::abs(longitude) <= 90) {
    return Rejection(line, "COORDINATE_OUT_OF_RANGE", "latitude",
                     "latitude is beyond 90 degrees; longitude and latitude look swapped, name them with --column");
  }
  if (std::abs(longitude) > 180 || std::abs(latitude) > 90) {
    return Rejection(line, "COORDINATE_OUT_OF_RANGE", std::abs(longitude) > 180 ? "longitude" : "latitude",
                     "the coordinate is no degree on Earth; projected coordinates need a .prj or crs, so that they can "
                     "be turned into longitude and latitude");
  }
  if (longitude == 0 && latitude == 0) {
    return Rejection(line, "COORDINATE_ZERO", "longitude", "the position is 0/0, which stands for unknown; geocode it");
  }
  return std::nullopt;
}

std::optional<ImportIssue> GeometryIssue(uint64_t line, const geometry::Geometry& shape) {
  const auto empty = [line] {
    return Rejection(line, "GEOMETRY_EMPTY", "geometry", "the feature has no geometry; draw it or remove the feature");
  };
  switch (shape.kind_case()) {
    case geometry::Geometry::kPoint:
      return PositionIssue(line, shape.point().longitude(), shape.point().latitude());
    case geometry::Geometry::kLine:
      if (shape.line().coordinates_size() < 4) return empty();
      return LineIssue(line, shape.line());
    case geometry::Geometry::kMultiPolygon:
      if (shape.multi_polygon().polygons_size() == 0) return empty();
      for (const auto& polygon : shape.multi_polygon().polygons()) {
        if (polygon.rings_size() == 0 || polygon.rings(0).coordinates_size() < 8) return empty();
        for (const auto& ring : polygon.rings()) {
          auto issue = LineIssue(line, ring);
          if (issue.has_value()) return issue;
        }
      }
      return std::nullopt;
    default:
      return empty();
  }
}

geometry::Point MiddleOf(const geometry::Geometry& shape) {
  if (shape.has_point()) return shape.point();
  if (shape.has_line()) return MeanOf(shape.line());
  RingCentroid largest;
  largest.doubled_area = -1;
  for (const auto& polygon : shape.multi_polygon().polygons()) {
    RingCentroid one = CentroidOf(polygon.rings(0));
    if (one.doubled_area > largest.doubled_area) largest = std::move(one);
  }
  return largest.middle;
}

}  // namespace snowfield::cli
