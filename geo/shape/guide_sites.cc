#include "geo/shape/guide_sites.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "geo/frame/parallel.h"
#include "geo/shape/point_grid.h"
#include "geo/streets/segment_grid.h"

namespace snowfield::geo {
namespace {

// How far beside the line the two sites of a pair stand.
constexpr double kBeside_m = 2;
// From the ends of a line to its first pair, so that pairs of streets that meet do not mix.
constexpr double kFromEnd_m = 5;
// Pairs follow each other at this share of the distance to the nearest door: then no door's cell comes between.
constexpr double kStepOfClearance = 1.4;
constexpr double kStepMin_m = 6;
constexpr double kStepMax_m = 40;
// Doors nearer than this to the line own it: no pair there.
constexpr double kClearanceMin_m = 2 * kBeside_m;
// Doors further than this times the reach have no say about a side: their cells would not be closed by empty ground.
constexpr double kSideReach = 1.2;
constexpr double kDoorGridCell_m = 40;
constexpr double kLineGridCell_m = 80;

// What stands on one side of a line.
struct Side {
  double distance_m = std::numeric_limits<double>::infinity();  // of the nearest door
  int nearest = kNoGroup;                                       // its group
  int visible = kNoGroup;                                       // of the nearest door that no line hides
};

struct Sides {
  Side left;
  Side right;
};

// Where two lines run side by side (carriageways, tracks) between two grounds, the outline follows one: that with the
// other towards this half of the compass.
bool IsHalfKept(const XY& direction) { return direction.x < 0 || (direction.x == 0 && direction.y < 0); }

// A door seen from a place on a line.
struct Seen {
  double distance_m;
  int site;
  XY place;
  friend bool operator<(const Seen& a, const Seen& b) {
    return std::pair(a.distance_m, a.site) < std::pair(b.distance_m, b.site);
  }
};

class GuideFinder {
 public:
  GuideFinder(const ShapeOptions& options, const DegreePlane& plane, const ShapeSites& sites)
      : options_(options), sites_(sites), reach_m_(kSideReach * options.reach_m) {
    std::vector<XY> doors;
    doors.reserve(sites.door_site_count);
    for (size_t i = 0; i < sites.door_site_count; ++i) doors.push_back(sites.InMetres(sites.sites[i]));
    doors_.emplace(doors, kDoorGridCell_m);
    lines_.reserve(options.guides.size());
    std::vector<Segment> barriers, all;
    for (const GuideLine& guide : options.guides) {
      std::vector<XY>& line = lines_.emplace_back();
      for (const LonLat& place : guide.line) {
        const XY point = plane.ToPlane(place);
        if (line.empty() || !(line.back() == point)) line.push_back(point);
      }
      for (size_t i = 1; i < line.size(); ++i) {
        all.push_back({{line[i - 1].x, line[i - 1].y}, {line[i].x, line[i].y}, 0, 0});
        if (guide.kind != GuideKind::kStreet) barriers.push_back(all.back());
      }
    }
    barriers_ = SegmentGrid(std::move(barriers), kLineGridCell_m);
    all_lines_ = SegmentGrid(std::move(all), kLineGridCell_m);
  }

  // The pairs along one line, left before right.
  std::vector<DiagramSite> PairsAlong(size_t guide) const;

 private:
  XY Offset(const XY& middle, const XY& normal, double by_m) const {
    return {middle.x + by_m * normal.x, middle.y + by_m * normal.y};
  }
  // `normal` points left.
  Sides Look(GuideKind kind, const XY& middle, const XY& normal) const;
  void Append(size_t guide, const XY& middle, const XY& normal, const Sides& sides,
              std::vector<DiagramSite>* pairs) const;

  const ShapeOptions& options_;
  const ShapeSites& sites_;
  const double reach_m_;
  std::vector<std::vector<XY>> lines_;
  std::optional<PointGrid> doors_;
  SegmentGrid barriers_;
  SegmentGrid all_lines_;
};

Sides GuideFinder::Look(GuideKind kind, const XY& middle, const XY& normal) const {
  std::vector<Seen> left, right;
  Sides sides;
  const SegmentGrid& lines = kind == GuideKind::kStreet ? all_lines_ : barriers_;
  const auto judge = [&](std::vector<Seen>* seen, double beside_m) {
    Side side;
    if (seen->empty()) return side;
    std::sort(seen->begin(), seen->end());
    side.distance_m = seen->front().distance_m;
    side.nearest = sites_.sites[seen->front().site].group;
    const XY from = Offset(middle, normal, beside_m);
    const auto visible = std::find_if(seen->begin(), seen->end(), [&](const Seen& door) {
      return !lines.Meets({from.x, from.y}, {door.place.x, door.place.y});
    });
    if (visible != seen->end()) side.visible = sites_.sites[visible->site].group;
    return side;
  };
  // Most places see a door on each side nearby.
  for (const double radius : {std::min(kDoorGridCell_m, reach_m_), reach_m_}) {
    left.clear();
    right.clear();
    const Box window{middle.x - radius, middle.y - radius, middle.x + radius, middle.y + radius};
    doors_->VisitBox(window, [&](int site, const XY& place) {
      const double dx = place.x - middle.x, dy = place.y - middle.y;
      const double distance = std::sqrt(dx * dx + dy * dy);
      if (distance <= radius) (dx * normal.x + dy * normal.y >= 0 ? left : right).push_back({distance, site, place});
      return true;
    });
    sides = {judge(&left, kBeside_m), judge(&right, -kBeside_m)};
    if (sides.left.visible != kNoGroup && sides.right.visible != kNoGroup) break;
  }
  return sides;
}

void GuideFinder::Append(size_t guide, const XY& middle, const XY& normal, const Sides& sides,
                         std::vector<DiagramSite>* pairs) const {
  const auto& [left, right] = sides;
  // A turf with doors all around keeps its street, and its pond.
  if (left.nearest == right.nearest) return;
  if (std::min(left.distance_m, right.distance_m) < kClearanceMin_m) return;
  const GuideKind kind = options_.guides[guide].kind;
  int left_group = left.visible, right_group = right.visible;
  if (kind == GuideKind::kBarrierAreaLeft) {
    if (right_group == kNoGroup) return;
  } else {
    if (left_group == kNoGroup && right_group == kNoGroup) return;
    const auto look_through = [&](const Side& side, double towards, int* group) {
      if (*group != kNoGroup || side.nearest == kNoGroup) return true;
      *group = side.nearest;
      return IsHalfKept({towards * normal.x, towards * normal.y});
    };
    if (!look_through(left, 1, &left_group) || !look_through(right, -1, &right_group)) return;
    const bool open = left_group == kNoGroup || right_group == kNoGroup;
    if (kind == GuideKind::kStreet && open) return;
  }
  if (left_group == right_group) return;
  const auto add = [&](double beside_m, int group, bool anchor) {
    const XY at = Offset(middle, normal, beside_m);
    pairs->push_back({static_cast<int32_t>(std::lround(at.x * sites_.units_per_m)),
                      static_cast<int32_t>(std::lround(at.y * sites_.units_per_m)), group, anchor,
                      static_cast<int>(guide)});
  };
  add(kBeside_m, left_group, kind == GuideKind::kBarrierAreaLeft && left_group == kNoGroup);
  add(-kBeside_m, right_group, false);
}

std::vector<DiagramSite> GuideFinder::PairsAlong(size_t guide) const {
  std::vector<DiagramSite> pairs;
  const std::vector<XY>& line = lines_[guide];
  if (line.size() < 2) return pairs;
  std::vector<double> offset{0};
  for (size_t i = 1; i < line.size(); ++i) {
    offset.push_back(offset.back() + std::hypot(line[i].x - line[i - 1].x, line[i].y - line[i - 1].y));
  }
  const double length = offset.back();
  const auto point_at = [&](double at) {
    const auto end =
        std::clamp<size_t>(std::upper_bound(offset.begin(), offset.end(), at) - offset.begin(), 1, line.size() - 1);
    const double along = std::clamp((at - offset[end - 1]) / (offset[end] - offset[end - 1]), 0.0, 1.0);
    const XY &a = line[end - 1], &b = line[end];
    return XY{a.x + along * (b.x - a.x), a.y + along * (b.y - a.y)};
  };
  const double last = length - std::min(kFromEnd_m, length / 2);
  for (double at = std::min(kFromEnd_m, length / 2); at <= last;) {
    // The chord about the place turns the normal gently round a bend.
    const XY before = point_at(std::max(0.0, at - kBeside_m)), after = point_at(std::min(length, at + kBeside_m));
    const double chord = std::hypot(after.x - before.x, after.y - before.y);
    double step = kStepMin_m;
    if (chord > 0) {
      const XY normal{-(after.y - before.y) / chord, (after.x - before.x) / chord};
      const XY middle = point_at(at);
      const Sides sides = Look(options_.guides[guide].kind, middle, normal);
      Append(guide, middle, normal, sides, &pairs);
      const double clearance = std::min(sides.left.distance_m, sides.right.distance_m);
      step = std::clamp(kStepOfClearance * clearance, kStepMin_m, kStepMax_m);
    }
    if (at == last) break;
    at = std::min(last, at + step);
  }
  return pairs;
}

}  // namespace

void AppendGuideSites(const ShapeOptions& options, const DegreePlane& plane, ShapeSites* sites) {
  const auto count = static_cast<int>(options.guides.size());
  if (count == 0) return;
  std::vector<std::vector<DiagramSite>> pairs(count);
  {
    const GuideFinder finder(options, plane, *sites);
    ParallelFor(options.threads, count, 64, nullptr, [&](int, int guide) { pairs[guide] = finder.PairsAlong(guide); });
  }
  // In an order of their own, so that the order of the lines does not matter.
  std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) {
    return std::lexicographical_compare(
        a.begin(), a.end(), b.begin(), b.end(), [](const DiagramSite& s, const DiagramSite& t) {
          return std::tie(s.x, s.y, s.group, s.anchor) < std::tie(t.x, t.y, t.group, t.anchor);
        });
  });
  // A pair that falls on sites there are already is left out whole.
  absl::flat_hash_set<std::pair<int32_t, int32_t>> taken;
  for (const DiagramSite& site : sites->sites) taken.emplace(site.x, site.y);
  for (const std::vector<DiagramSite>& along : pairs) {
    for (size_t i = 0; i + 1 < along.size(); i += 2) {
      const DiagramSite &left = along[i], &right = along[i + 1];
      if (taken.contains({left.x, left.y}) || taken.contains({right.x, right.y})) continue;
      taken.emplace(left.x, left.y);
      taken.emplace(right.x, right.y);
      sites->sites.push_back(left);
      sites->sites.push_back(right);
    }
  }
}

}  // namespace snowfield::geo
