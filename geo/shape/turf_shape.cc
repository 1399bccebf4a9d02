#include "geo/shape/turf_shape.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "geo/frame/parallel.h"
#include "geo/geos/geometry.h"
#include "geo/shape/ring_trace.h"

namespace snowfield::geo {
namespace {

// Empty sites stand between these two times the reach from the nearest door, on a hexagonal grid of one reach: a ring
// thick enough to close every door's cell.
constexpr double kEmptyFrom = 1.5;
constexpr double kEmptyTo = 2.7;
constexpr double kDegree_m = 111'195;

using Cell = std::pair<int64_t, int64_t>;

// Degrees, longitude unwrapped about the frame's centre, scaled to about metres. Linear: lines stay straight.
struct DegreePlane {
  explicit DegreePlane(const Frame& about)
      : frame(about), x_m(kDegree_m * std::max(0.01, std::cos(about.centre().lat * std::numbers::pi / 180))) {}
  PointM ToPlane(const LonLat& place) const {
    return {(frame.UnwrappedLon(place) - frame.centre().lon) * x_m, (place.lat - frame.centre().lat) * kDegree_m};
  }
  XY ToDegrees(const XY& point) const {
    return {point.x / x_m + frame.centre().lon, point.y / kDegree_m + frame.centre().lat};
  }
  Frame frame;
  double x_m;
};

int32_t Centimetres(double metres) { return static_cast<int32_t>(std::lround(metres * 100)); }

// Distinct sites of the turfs. Places that several turfs share are given out round about, at most kShapeNudge_m away.
std::vector<DiagramSite> TurfSites(const std::vector<ShapeSite>& sites, const DegreePlane& plane) {
  std::vector<DiagramSite> all;
  all.reserve(sites.size());
  for (const ShapeSite& site : sites) {
    const PointM point = plane.ToPlane(site.position);
    all.push_back({Centimetres(point.x), Centimetres(point.y), site.turf});
  }
  const auto key = [](const DiagramSite& s) { return std::tuple(s.x_cm, s.y_cm, s.group); };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
            all.end());
  absl::flat_hash_set<std::pair<int32_t, int32_t>> taken;
  for (const DiagramSite& site : all) taken.emplace(site.x_cm, site.y_cm);
  for (size_t i = 1; i < all.size(); ++i) {
    const DiagramSite home = all[i];
    if (home.x_cm != all[i - 1].x_cm || home.y_cm != all[i - 1].y_cm) continue;
    size_t end = i;
    while (end < all.size() && all[end].x_cm == home.x_cm && all[end].y_cm == home.y_cm) ++end;
    // Round about the place by the golden angle, further out each time.
    for (int step = 1; i < end; ++step) {
      const double out_cm = std::min(100.0 * kShapeNudge_m * 0.95, 15 + 2.0 * std::sqrt(step)) + step / 5000;
      const double angle = 2.399963229728653 * step;
      const auto x = home.x_cm + static_cast<int32_t>(std::lround(out_cm * std::cos(angle)));
      const auto y = home.y_cm + static_cast<int32_t>(std::lround(out_cm * std::sin(angle)));
      if (!taken.emplace(x, y).second) continue;
      all[i].x_cm = x;
      all[i].y_cm = y;
      ++i;
    }
    --i;
  }
  return all;
}

// Sites of empty ground around the turfs' sites, so that a polygon ends about one reach from its doors.
void AppendEmptySites(double reach_m, std::vector<DiagramSite>* sites) {
  const double step_y = reach_m * std::sqrt(3.0) / 2;
  absl::flat_hash_map<Cell, double> nearest;
  const auto place_of = [&](const Cell& cell) {
    return PointM{(static_cast<double>(cell.first) + (cell.second % 2 == 0 ? 0 : 0.5)) * reach_m,
                  static_cast<double>(cell.second) * step_y};
  };
  const double to_m = kEmptyTo * reach_m;
  for (const DiagramSite& site : *sites) {
    const PointM point{site.x_cm / 100.0, site.y_cm / 100.0};
    for (auto row = static_cast<int64_t>(std::floor((point.y - to_m) / step_y)); row * step_y <= point.y + to_m;
         ++row) {
      for (auto column = static_cast<int64_t>(std::floor((point.x - to_m) / reach_m)) - 1;
           static_cast<double>(column) * reach_m <= point.x + to_m; ++column) {
        const double distance = DistanceM(point, place_of({column, row}));
        if (distance > to_m) continue;
        const auto [at, added] = nearest.try_emplace({column, row}, distance);
        if (!added) at->second = std::min(at->second, distance);
      }
    }
  }
  std::vector<Cell> kept;
  for (const auto& [cell, distance] : nearest) {
    if (distance >= kEmptyFrom * reach_m) kept.push_back(cell);
  }
  std::sort(kept.begin(), kept.end());
  for (const Cell& cell : kept) {
    const PointM point = place_of(cell);
    sites->push_back({Centimetres(point.x), Centimetres(point.y), -1});
  }
}

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

absl::StatusOr<TurfShape> MakeShape(const CellDiagram& diagram, int turf, const DegreePlane& plane) {
  TurfShape shape;
  std::vector<PolygonRings> polygons = diagram.TraceGroup(turf);
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

}  // namespace

absl::StatusOr<std::vector<TurfShape>> ShapeTurfs(const std::vector<ShapeSite>& sites, int turf_count,
                                                  const ShapeOptions& options, const std::function<bool()>& cancelled) {
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
  std::vector<DiagramSite> all = TurfSites(sites, plane);
  AppendEmptySites(options.reach_m, &all);
  if (cancelled && cancelled()) return absl::CancelledError("cancelled");
  const CellDiagram diagram(all, turf_count);
  std::vector<TurfShape> shapes(turf_count);
  std::vector<absl::Status> statuses(turf_count);
  const bool finished = ParallelFor(options.threads, turf_count, 64, cancelled, [&](int, int turf) {
    absl::StatusOr<TurfShape> shape = MakeShape(diagram, turf, plane);
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
