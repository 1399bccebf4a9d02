#include "geo/cut/foreign_doors.h"

#include <algorithm>
#include <utility>

#include "geo/shape/point_grid.h"

namespace snowfield::geo {
namespace {

constexpr double kGridCell_m = 100;
// A point nearer to a side than to make this area with it is on the rim.
constexpr double kRim_m2 = 1e-6;

double Turn(const PointM& o, const PointM& a, const PointM& b) {
  return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

bool IsInside(const std::vector<PointM>& hull, const PointM& p) {
  for (size_t i = 0; i < hull.size(); ++i) {
    if (Turn(hull[i], hull[(i + 1) % hull.size()], p) <= kRim_m2) return false;
  }
  return true;
}

}  // namespace

std::vector<PointM> ConvexHull(std::vector<PointM> points) {
  std::sort(points.begin(), points.end(),
            [](const PointM& a, const PointM& b) { return std::pair(a.x, a.y) < std::pair(b.x, b.y); });
  points.erase(std::unique(points.begin(), points.end()), points.end());
  if (points.size() < 3) return points;
  std::vector<PointM> hull;
  const auto add_chain = [&hull](auto begin, auto end) {
    const size_t base = hull.size();
    for (auto p = begin; p != end; ++p) {
      while (hull.size() >= base + 2 && Turn(hull[hull.size() - 2], hull.back(), *p) <= 0) hull.pop_back();
      hull.push_back(*p);
    }
    hull.pop_back();
  };
  add_chain(points.begin(), points.end());
  add_chain(points.rbegin(), points.rend());
  return hull;
}

double AreaOfHull_m2(const std::vector<PointM>& hull) {
  double twice_m2 = 0;
  for (size_t i = 1; i + 1 < hull.size(); ++i) twice_m2 += Turn(hull.front(), hull[i], hull[i + 1]);
  return twice_m2 / 2;
}

ForeignDoors CountForeignDoors(const std::vector<PlacedDoors>& places, int turf_count) {
  std::vector<XY> points;
  std::vector<std::vector<PointM>> turf_points(turf_count);
  for (const PlacedDoors& p : places) {
    points.push_back({p.place.x, p.place.y});
    turf_points[p.turf].push_back(p.place);
  }
  const PointGrid grid(points, kGridCell_m);
  ForeignDoors foreign;
  foreign.in_turf.assign(turf_count, 0);
  std::vector<char> is_foreign(places.size(), 0);
  for (int turf = 0; turf < turf_count; ++turf) {
    const std::vector<PointM> hull = ConvexHull(std::move(turf_points[turf]));
    if (hull.size() < 3) continue;
    Box box{hull.front().x, hull.front().y, hull.front().x, hull.front().y};
    for (const PointM& p : hull) {
      box = {std::min(box.min_x, p.x), std::min(box.min_y, p.y), std::max(box.max_x, p.x), std::max(box.max_y, p.y)};
    }
    grid.VisitBox(box, [&](int i, const XY&) {
      if (places[i].turf != turf && IsInside(hull, places[i].place)) {
        is_foreign[i] = 1;
        foreign.in_turf[turf] += places[i].doors;
      }
      return true;
    });
  }
  for (size_t i = 0; i < places.size(); ++i) foreign.doors += is_foreign[i] ? places[i].doors : 0;
  return foreign;
}

}  // namespace snowfield::geo
