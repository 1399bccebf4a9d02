#include "services/cli/files/ogr_geometry.h"

#include <memory>

namespace snowfield::cli {
namespace {

namespace geometry = snowfield::geometry::v1;

void CopyPoints(const OGRSimpleCurve& curve, geometry::Line& out) {
  out.mutable_coordinates()->Reserve(2 * curve.getNumPoints());
  for (int i = 0; i < curve.getNumPoints(); ++i) {
    out.add_coordinates(curve.getX(i));
    out.add_coordinates(curve.getY(i));
  }
}

void CopyPolygon(const OGRPolygon& polygon, geometry::MultiPolygon& out) {
  if (polygon.IsEmpty()) return;
  geometry::Polygon& copy = *out.add_polygons();
  for (const OGRLinearRing* ring : polygon) CopyPoints(*ring, *copy.add_rings());
}

struct Collected {
  std::vector<geometry::Geometry> parts;  // points and lines
  geometry::MultiPolygon polygons;
};

void Collect(const OGRGeometry& shape, Collected& out) {
  if (shape.IsEmpty()) return;
  switch (wkbFlatten(shape.getGeometryType())) {
    case wkbPoint: {
      geometry::Point& point = *out.parts.emplace_back().mutable_point();
      point.set_longitude(shape.toPoint()->getX());
      point.set_latitude(shape.toPoint()->getY());
      return;
    }
    case wkbLineString:
      CopyPoints(*shape.toLineString(), *out.parts.emplace_back().mutable_line());
      return;
    case wkbPolygon:
      CopyPolygon(*shape.toPolygon(), out.polygons);
      return;
    case wkbMultiPoint:
    case wkbMultiLineString:
    case wkbMultiPolygon:
    case wkbGeometryCollection:
      for (const OGRGeometry* part : *shape.toGeometryCollection()) Collect(*part, out);
      return;
    default:
      return;
  }
}

}  // namespace

std::vector<geometry::Geometry> PartsOf(const OGRGeometry& shape) {
  Collected collected;
  if (shape.hasCurveGeometry()) {
    const std::unique_ptr<OGRGeometry> straight(shape.getLinearGeometry());
    if (straight != nullptr) Collect(*straight, collected);
  } else {
    Collect(shape, collected);
  }
  if (collected.polygons.polygons_size() > 0) {
    *collected.parts.emplace_back().mutable_multi_polygon() = std::move(collected.polygons);
  }
  return std::move(collected.parts);
}

}  // namespace snowfield::cli
