#include "geo/shape/turf_shape.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>
#include <utility>

#include "base/status.h"
#include "geo/frame/parallel.h"
#include "geo/geos/geometry.h"
#include "geo/shape/outlines.h"
#include "geo/shape/shape_sites.h"

namespace snowfield::geo {
namespace {

double HullArea(const std::vector<PolygonRings>& polygons) {
  std::vector<PointM> points;
  for (const PolygonRings& polygon : polygons) {
    for (const XY& point : polygon.shell) points.push_back({point.x, point.y});
  }
  std::sort(points.begin(), points.end(),
            [](const PointM& a, const PointM& b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); });
  // Andrew's monotone chain (1979).
  std::vector<PointM> hull;
  for (int pass = 0; pass < 2; ++pass) {
    const size_t base = hull.size();
    for (const PointM& p : points) {
      while (hull.size() >= base + 2) {
        const PointM &a = hull[hull.size() - 2], &b = hull.back();
        if ((b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x) > 0) break;
        hull.pop_back();
      }
      hull.push_back(p);
    }
    hull.pop_back();
    std::reverse(points.begin(), points.end());
  }
  Ring ring;
  for (const PointM& p : hull) ring.push_back({p.x, p.y});
  if (!ring.empty()) ring.push_back(ring.front());
  return std::abs(SignedArea(ring));
}

void Measure(const std::vector<PolygonRings>& polygons, TurfShape* shape) {
  double perimeter_m = 0;
  const auto add = [&](const Ring& ring) {
    shape->area_m2 += SignedArea(ring);
    for (size_t i = 0; i + 1 < ring.size(); ++i) {
      perimeter_m += std::hypot(ring[i + 1].x - ring[i].x, ring[i + 1].y - ring[i].y);
    }
  };
  for (const PolygonRings& polygon : polygons) {
    add(polygon.shell);
    for (const Ring& hole : polygon.holes) add(hole);
  }
  if (perimeter_m <= 0) return;
  shape->polsby_popper = 4 * std::numbers::pi * shape->area_m2 / (perimeter_m * perimeter_m);
  const double hull = HullArea(polygons);
  shape->area_over_hull = hull > 0 ? std::min(1.0, shape->area_m2 / hull) : 0;
}

// Parts beyond 180 degrees are cut off and brought to the other side (as RFC 7946, 3.1.9 has it).
absl::StatusOr<Geometry> SplitAtAntimeridian(Geometry geometry) {
  const Box bounds = geometry.Bounds();
  if (bounds.min_x >= -180 && bounds.max_x <= 180) return geometry;
  std::vector<PolygonRings> parts;
  for (const double shift : {-360.0, 0.0, 360.0}) {
    const double low = -180 + shift, high = 180 + shift;
    SNOWFIELD_ASSIGN_OR_RETURN(
        const Geometry window,
        Geometry::FromPolygons({{{{low, -90}, {high, -90}, {high, 90}, {low, 90}, {low, -90}}, {}}}));
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry part, geometry.Intersection(window));
    for (PolygonRings& polygon : part.Polygons()) {
      for (XY& point : polygon.shell) point.x -= shift;
      for (Ring& hole : polygon.holes) {
        for (XY& point : hole) point.x -= shift;
      }
      parts.push_back(std::move(polygon));
    }
  }
  return Geometry::FromPolygons(parts);
}

absl::StatusOr<TurfShape> MakeShape(const Outlines& outlines, int turf, const DegreePlane& plane) {
  TurfShape shape;
  std::vector<PolygonRings> polygons = RingsOf(outlines, turf);
  Measure(polygons, &shape);
  const auto to_degrees = [&plane](Ring* ring) {
    for (XY& point : *ring) point = plane.ToDegrees(point);
    ring->back() = ring->front();
  };
  for (PolygonRings& polygon : polygons) {
    to_degrees(&polygon.shell);
    for (Ring& hole : polygon.holes) to_degrees(&hole);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(Geometry geometry, Geometry::FromPolygons(polygons));
  SNOWFIELD_ASSIGN_OR_RETURN(geometry, SplitAtAntimeridian(std::move(geometry)));
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<Invalidity> invalid, geometry.FindInvalidity());
  if (!invalid.empty()) {
    // Only rounding can get here: an edge shorter than what doubles of degrees tell apart.
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry mended, geometry.MakeValid());
    SNOWFIELD_ASSIGN_OR_RETURN(geometry, Geometry::FromPolygons(mended.Polygons()));
    SNOWFIELD_ASSIGN_OR_RETURN(invalid, geometry.FindInvalidity());
  }
  shape.valid = invalid.empty() && !geometry.empty();
  geometry.set_srid(kSridWgs84);
  SNOWFIELD_ASSIGN_OR_RETURN(shape.ewkb, geometry.ToEwkb());
  return shape;
}

absl::StatusOr<Outlines> DrawOutlines(const std::vector<ShapeSite>& doors, int turf_count, const ShapeOptions& options,
                                      const DegreePlane& plane, const std::function<bool()>& cancelled) {
  const auto stopped = [&cancelled] { return cancelled && cancelled(); };
  ShapeSites sites = MakeShapeSites(doors, options, plane);
  if (stopped()) return absl::CancelledError("cancelled");
  std::vector<XY> places;
  places.reserve(sites.door_site_count);
  for (size_t i = 0; i < sites.door_site_count; ++i) places.push_back(sites.InMetres(sites.sites[i]));
  Outlines outlines = OutlineCells(std::move(sites.sites), turf_count, sites.units_per_m);
  if (stopped()) return absl::CancelledError("cancelled");
  SimplifyOutlines(places, options.threads, &outlines);
  return outlines;
}

}  // namespace

absl::StatusOr<std::vector<TurfShape>> ShapeTurfs(const std::vector<ShapeSite>& sites, int turf_count,
                                                  const ShapeOptions& options, const std::function<bool()>& cancelled) {
  if (!(options.reach_m > 0 && options.reach_m <= kShapeReachMax_m)) {
    return base::InvalidField("reach_m", "REACH_OUT_OF_RANGE", "reach_m must be above 0 and at most 1,000");
  }
  std::vector<LonLat> places;
  places.reserve(sites.size());
  for (size_t i = 0; i < sites.size(); ++i) {
    SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(sites[i].position, "sites[" + std::to_string(i) + "].position"));
    if (sites[i].turf < 0 || sites[i].turf >= turf_count) {
      return base::InvalidField("sites[" + std::to_string(i) + "].turf", "TURF_OUT_OF_RANGE",
                                "turf must be in [0, turf_count)");
    }
    places.push_back(sites[i].position);
  }
  if (sites.empty()) return std::vector<TurfShape>(turf_count);
  SNOWFIELD_ASSIGN_OR_RETURN(const Frame frame, Frame::AboutAll(places, "sites"));
  const DegreePlane plane(frame);
  SNOWFIELD_ASSIGN_OR_RETURN(const Outlines outlines, DrawOutlines(sites, turf_count, options, plane, cancelled));
  std::vector<TurfShape> shapes(turf_count);
  std::vector<absl::Status> statuses(turf_count);
  const bool finished = ParallelFor(options.threads, turf_count, 64, cancelled, [&](int, int turf) {
    absl::StatusOr<TurfShape> shape = MakeShape(outlines, turf, plane);
    if (shape.ok()) {
      shapes[turf] = *std::move(shape);
    } else {
      statuses[turf] = shape.status();
    }
  });
  if (!finished) return absl::CancelledError("cancelled");
  for (const absl::Status& status : statuses) SNOWFIELD_RETURN_IF_ERROR(status);
  return shapes;
}

}  // namespace snowfield::geo
