#include "geo/shape/shape_sites.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "geo/shape/guide_sites.h"

namespace snowfield::geo {
namespace {

// Empty sites stand between these two times the reach from the nearest door, on a hexagonal grid of one reach: a ring
// thick enough to close every door's cell.
constexpr double kEmptyFrom = 1.5;
constexpr double kEmptyTo = 2.7;
constexpr double kDegree_m = 111'195;
// Units of the diagram's grid are millimetres where the ground fits (kGridPlaceMax), else centimetres.
constexpr double kFineUnits_per_m = 1000;
constexpr double kCoarseUnits_per_m = 100;
constexpr double kFineExtent_m = 500'000;

int32_t InUnits(double metres, double units_per_m) { return static_cast<int32_t>(std::lround(metres * units_per_m)); }

// Distinct sites of the turfs. Places that several turfs share are given out round about, at most kShapeNudge_m away.
void AppendDoorSites(const std::vector<ShapeSite>& doors, const std::vector<XY>& places, ShapeSites* result) {
  std::vector<DiagramSite>& all = result->sites;
  all.reserve(doors.size());
  const double units = result->units_per_m;
  for (size_t i = 0; i < doors.size(); ++i) {
    all.push_back({InUnits(places[i].x, units), InUnits(places[i].y, units), doors[i].turf});
  }
  const auto key = [](const DiagramSite& s) { return std::tie(s.x, s.y, s.group); };
  std::sort(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) < key(b); });
  all.erase(std::unique(all.begin(), all.end(), [&](const auto& a, const auto& b) { return key(a) == key(b); }),
            all.end());
  absl::flat_hash_set<std::pair<int32_t, int32_t>> taken;
  const auto shares_place = [&all](size_t i) {
    return (i > 0 && all[i].x == all[i - 1].x && all[i].y == all[i - 1].y) ||
           (i + 1 < all.size() && all[i].x == all[i + 1].x && all[i].y == all[i + 1].y);
  };
  for (size_t i = 0; i < all.size(); ++i) {
    if (shares_place(i)) break;
    if (i + 1 == all.size()) return;
  }
  for (const DiagramSite& site : all) taken.emplace(site.x, site.y);
  for (size_t i = 1; i < all.size(); ++i) {
    const DiagramSite home = all[i];
    if (home.x != all[i - 1].x || home.y != all[i - 1].y) continue;
    size_t end = i;
    while (end < all.size() && all[end].x == home.x && all[end].y == home.y) ++end;
    // Round about the place by the golden angle, further out each time.
    for (int step = 1; i < end; ++step) {
      const double out_m = std::min(kShapeNudge_m * 0.95, 0.15 + 0.02 * std::sqrt(step)) + step / 500'000.0;
      const double angle = 2.399963229728653 * step;
      const int32_t x = home.x + InUnits(out_m * std::cos(angle), units);
      const int32_t y = home.y + InUnits(out_m * std::sin(angle), units);
      if (!taken.emplace(x, y).second) continue;
      all[i].x = x;
      all[i].y = y;
      ++i;
    }
    --i;
  }
}

// Sites of empty ground around the doors, so that a polygon ends about one reach from its doors.
void AppendEmptySites(const std::vector<XY>& places, double reach_m, ShapeSites* result) {
  using Cell = std::pair<int64_t, int64_t>;
  const double step_y = reach_m * std::sqrt(3.0) / 2;
  absl::flat_hash_map<Cell, double> nearest;
  const auto place_of = [&](const Cell& cell) {
    return XY{(static_cast<double>(cell.first) + (cell.second % 2 == 0 ? 0 : 0.5)) * reach_m,
              static_cast<double>(cell.second) * step_y};
  };
  const double to_m = kEmptyTo * reach_m;
  for (const XY& point : places) {
    for (auto row = static_cast<int64_t>(std::floor((point.y - to_m) / step_y)); row * step_y <= point.y + to_m;
         ++row) {
      for (auto column = static_cast<int64_t>(std::floor((point.x - to_m) / reach_m)) - 1;
           static_cast<double>(column) * reach_m <= point.x + to_m; ++column) {
        const XY place = place_of({column, row});
        const double dx = place.x - point.x, dy = place.y - point.y, distance = std::sqrt(dx * dx + dy * dy);
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
    const XY place = place_of(cell);
    result->sites.push_back({InUnits(place.x, result->units_per_m), InUnits(place.y, result->units_per_m)});
  }
}

}  // namespace

DegreePlane::DegreePlane(const Frame& about)
    : frame_(about), x_m_(kDegree_m * std::max(0.01, std::cos(about.centre().lat * std::numbers::pi / 180))) {}

XY DegreePlane::ToPlane(const LonLat& place) const {
  return {(frame_.UnwrappedLon(place) - frame_.centre().lon) * x_m_, (place.lat - frame_.centre().lat) * kDegree_m};
}

XY DegreePlane::ToDegrees(const XY& point) const {
  return {point.x / x_m_ + frame_.centre().lon, point.y / kDegree_m + frame_.centre().lat};
}

ShapeSites MakeShapeSites(const std::vector<ShapeSite>& doors, const ShapeOptions& options, const DegreePlane& plane) {
  std::vector<XY> places;
  places.reserve(doors.size());
  Box bounds{0, 0, 0, 0};
  for (const ShapeSite& door : doors) {
    const XY place = places.emplace_back(plane.ToPlane(door.position));
    bounds = {std::min(bounds.min_x, place.x), std::min(bounds.min_y, place.y), std::max(bounds.max_x, place.x),
              std::max(bounds.max_y, place.y)};
  }
  ShapeSites result;
  const double extent_m = std::max({-bounds.min_x, -bounds.min_y, bounds.max_x, bounds.max_y});
  result.units_per_m = extent_m < kFineExtent_m ? kFineUnits_per_m : kCoarseUnits_per_m;
  AppendDoorSites(doors, places, &result);
  result.door_site_count = result.sites.size();
  AppendGuideSites(options, plane, &result);
  AppendEmptySites(places, options.reach_m, &result);
  // A far rectangle, so that no other cell is open.
  const double far_m = 10 * options.reach_m;
  const Box far{bounds.min_x - far_m, bounds.min_y - far_m, bounds.max_x + far_m, bounds.max_y + far_m};
  for (const XY& corner :
       {XY{far.min_x, far.min_y}, XY{far.max_x, far.min_y}, XY{far.max_x, far.max_y}, XY{far.min_x, far.max_y}}) {
    result.sites.push_back({InUnits(corner.x, result.units_per_m), InUnits(corner.y, result.units_per_m)});
  }
  return result;
}

}  // namespace snowfield::geo
