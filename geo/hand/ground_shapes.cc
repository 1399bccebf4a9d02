#include "geo/hand/ground_shapes.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numbers>
#include <utility>

#include "base/status.h"
#include "geo/geos/geometry.h"
#include "geo/shape/outlines.h"

namespace snowfield::geo {
namespace {

constexpr double kDegree_m = 111'195;
// Lines that guide the drawing are looked for so far beyond the doors.
constexpr double kGuideReach_m = 150;

double MetresPerDegreeEast(const LonLat& about) {
  return kDegree_m * std::max(0.01, std::cos(about.lat * std::numbers::pi / 180));
}

constexpr double kHair_deg = 1e-9;

using Overlay = absl::StatusOr<Geometry> (Geometry::*)(const Geometry&) const;

// The overlay of two areas. What one edit left within rounding of another line can be too close for GEOS: then the
// areas are first made valid on their own, and at last the first is drawn in (for a union: out) by a tenth of a
// millimetre.
absl::StatusOr<Geometry> Overlaid(const Geometry& a, Overlay overlay, const Geometry& b) {
  absl::StatusOr<Geometry> result = (a.*overlay)(b);
  if (result.ok()) return result;
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry sound_a, a.MakeValid());
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry sound_b, b.MakeValid());
  result = (sound_a.*overlay)(sound_b);
  if (result.ok()) return result;
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry apart,
                             sound_a.Buffer(overlay == &Geometry::Union ? kHair_deg : -kHair_deg));
  return (apart.*overlay)(sound_b);
}

absl::StatusOr<Geometry> UnionOf(const std::vector<std::string>& polygons) {
  Geometry sum;
  for (const std::string& ewkb : polygons) {
    SNOWFIELD_ASSIGN_OR_RETURN(Geometry polygon, Geometry::FromEwkb(ewkb, "polygon"));
    if (sum.raw() == nullptr) {
      sum = std::move(polygon);
    } else {
      SNOWFIELD_ASSIGN_OR_RETURN(sum, Overlaid(sum, &Geometry::Union, polygon));
    }
  }
  return sum;
}

class GroundSharer {
 public:
  GroundSharer(const BoardGround& board, const GroundInput& input) : board_(board), input_(input) {}

  absl::StatusOr<std::vector<GroundShape>> Run() {
    SNOWFIELD_ASSIGN_OR_RETURN(old_, UnionOf(input_.old_polygons));
    const bool merged = input_.turfs.size() == 1 && input_.aside.empty() && input_.put_back.empty();
    std::vector<GroundShape> shapes;
    if (merged) {
      SNOWFIELD_ASSIGN_OR_RETURN(shapes.emplace_back(), Finish(old_, 0));
      return shapes;
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<TurfShape> drawn, Draw());
    SNOWFIELD_RETURN_IF_ERROR(FindNewGround());
    for (size_t turf = 0; turf < input_.turfs.size(); ++turf) {
      SNOWFIELD_ASSIGN_OR_RETURN(const Geometry shape, Geometry::FromEwkb(drawn[turf].ewkb, "polygon"));
      SNOWFIELD_ASSIGN_OR_RETURN(const Geometry ground, CutToGround(shape));
      SNOWFIELD_ASSIGN_OR_RETURN(shapes.emplace_back(), Finish(ground, turf));
    }
    return shapes;
  }

 private:
  // The turfs, those set aside, and strangers, each with a ground of their own.
  absl::StatusOr<std::vector<TurfShape>> Draw() const {
    std::vector<ShapeSite> sites;
    const auto add = [&](const std::vector<int>& doors, int turf) {
      for (const int door : doors) sites.push_back({board_.position(door), turf});
    };
    const auto count = static_cast<int>(input_.turfs.size());
    for (int turf = 0; turf < count; ++turf) add(input_.turfs[turf], turf);
    add(input_.aside, count);
    add(input_.strangers, count + 1);
    const std::vector<GuideLine> guides = board_.GuidesIn(WindowOf(sites));
    ShapeOptions options;
    options.reach_m = kGroundReach_m;
    options.guides = guides;
    return ShapeTurfs(sites, count + 2, options);
  }

  Box WindowOf(const std::vector<ShapeSite>& sites) const {
    const Frame& frame = board_.ground().frame;
    Box box{1e9, 1e9, -1e9, -1e9};
    for (const ShapeSite& site : sites) {
      const double lon = frame.UnwrappedLon(site.position), lat = site.position.lat;
      box = {std::min(box.min_x, lon), std::min(box.min_y, lat), std::max(box.max_x, lon), std::max(box.max_y, lat)};
    }
    const double reach_x = kGuideReach_m / MetresPerDegreeEast(frame.centre()), reach_y = kGuideReach_m / kDegree_m;
    return {box.min_x - reach_x, box.min_y - reach_y, box.max_x + reach_x, box.max_y + reach_y};
  }

  // About the doors put back, what is no other's.
  absl::Status FindNewGround() {
    for (const int door : input_.put_back) {
      const LonLat& place = board_.position(door);
      const double reach_x = kShapeReachDefault_m / MetresPerDegreeEast(place);
      const double reach_y = kShapeReachDefault_m / kDegree_m;
      Ring ring;
      for (int i = 0; i <= 16; ++i) {
        const double angle = std::numbers::pi * (i % 16) / 8;
        ring.push_back(
            {std::clamp(place.lon + reach_x * std::cos(angle), -180.0, 180.0), place.lat + reach_y * std::sin(angle)});
      }
      SNOWFIELD_ASSIGN_OR_RETURN(Geometry about, Geometry::FromPolygons({{ring, {}}}));
      if (new_.raw() == nullptr) {
        new_ = std::move(about);
      } else {
        SNOWFIELD_ASSIGN_OR_RETURN(new_, Overlaid(new_, &Geometry::Union, about));
      }
    }
    if (new_.raw() == nullptr || input_.other_polygons.empty()) return absl::OkStatus();
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry others, UnionOf(input_.other_polygons));
    SNOWFIELD_ASSIGN_OR_RETURN(new_, Overlaid(new_, &Geometry::Difference, others));
    return absl::OkStatus();
  }

  absl::StatusOr<Geometry> CutToGround(const Geometry& shape) const {
    if (new_.raw() == nullptr) return Overlaid(shape, &Geometry::Intersection, old_);
    if (old_.raw() == nullptr) return Overlaid(shape, &Geometry::Intersection, new_);
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry all, Overlaid(old_, &Geometry::Union, new_));
    return Overlaid(shape, &Geometry::Intersection, all);
  }

  // Without slivers, with its doors, measured, as EWKB.
  absl::StatusOr<GroundShape> Finish(const Geometry& ground, size_t turf) const {
    std::vector<PolygonRings> kept;
    for (PolygonRings& polygon : ground.Polygons()) {
      if (AreaM2(polygon.shell) < kSliver_m2) continue;
      std::erase_if(polygon.holes, [this](const Ring& hole) { return AreaM2(hole) < kSliver_m2; });
      kept.push_back(std::move(polygon));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(Geometry shape, Geometry::FromPolygons(kept));
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Invalidity> invalid, shape.FindInvalidity());
    if (!invalid.empty()) {
      SNOWFIELD_ASSIGN_OR_RETURN(shape, shape.MakeValid());
    }
    SNOWFIELD_RETURN_IF_ERROR(AddFootholds(turf, &shape));
    kept = shape.Polygons();
    SNOWFIELD_ASSIGN_OR_RETURN(shape, Geometry::FromPolygons(kept));
    shape.set_srid(kSridWgs84);
    GroundShape result;
    SNOWFIELD_ASSIGN_OR_RETURN(result.ewkb, shape.ToEwkb());
    SNOWFIELD_RETURN_IF_ERROR(Measure(kept, &result));
    return result;
  }

  // A turf never ends up without ground, nor far from a door whose place it shares with others.
  absl::Status AddFootholds(size_t turf, Geometry* shape) const {
    std::vector<int> doors;
    std::set_intersection(input_.turfs[turf].begin(), input_.turfs[turf].end(), input_.shared.begin(),
                          input_.shared.end(), std::back_inserter(doors));
    if (shape->Polygons().empty()) doors.push_back(input_.turfs[turf].front());
    for (const int door : doors) {
      const LonLat& place = board_.position(door);
      SNOWFIELD_ASSIGN_OR_RETURN(const Geometry point, Geometry::FromPoint({place.lon, place.lat}));
      SNOWFIELD_ASSIGN_OR_RETURN(const Geometry near, point.Buffer(kShapeNudge_m / kDegree_m));
      if (!shape->Polygons().empty()) {
        const absl::StatusOr<bool> reached = shape->Intersects(near);
        // Lines within rounding of the disc's edge can be too close for GEOS to say: then they are near enough.
        if (!reached.ok() || *reached) continue;
      }
      SNOWFIELD_ASSIGN_OR_RETURN(Geometry foothold, point.Buffer(kFoothold_m / kDegree_m, 2));
      if (!shape->Polygons().empty()) {
        SNOWFIELD_ASSIGN_OR_RETURN(foothold, Overlaid(*shape, &Geometry::Union, foothold));
      }
      *shape = std::move(foothold);
    }
    return absl::OkStatus();
  }

  Ring InMetres(const Ring& ring) const {
    Ring plane;
    for (const XY& point : ring) {
      const PointM place = board_.ground().frame.ToMetres({point.x, point.y});
      plane.push_back({place.x, place.y});
    }
    return plane;
  }
  double AreaM2(const Ring& ring) const { return std::abs(SignedArea(InMetres(ring))); }

  absl::Status Measure(const std::vector<PolygonRings>& polygons, GroundShape* result) const {
    std::vector<PolygonRings> plane;
    for (const PolygonRings& polygon : polygons) {
      PolygonRings& rings = plane.emplace_back();
      rings.shell = InMetres(polygon.shell);
      for (const Ring& hole : polygon.holes) rings.holes.push_back(InMetres(hole));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry geometry, Geometry::FromPolygons(plane));
    SNOWFIELD_ASSIGN_OR_RETURN(const double area, geometry.Area());
    SNOWFIELD_ASSIGN_OR_RETURN(const double perimeter, geometry.Length());
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry hull, geometry.ConvexHull());
    SNOWFIELD_ASSIGN_OR_RETURN(const double hull_area, hull.Area());
    if (perimeter > 0) result->polsby_popper = 4 * std::numbers::pi * area / (perimeter * perimeter);
    if (hull_area > 0) result->area_over_hull = std::min(1.0, area / hull_area);
    return absl::OkStatus();
  }

  const BoardGround& board_;
  const GroundInput& input_;
  Geometry old_;
  Geometry new_;
};

}  // namespace

absl::StatusOr<std::vector<GroundShape>> ShareGround(const BoardGround& board, const GroundInput& input) {
  return GroundSharer(board, input).Run();
}

}  // namespace snowfield::geo
