#include "geo/cut/guide_lines.h"

#include <algorithm>
#include <string>

#include "base/status.h"
#include "geo/geos/geometry.h"
#include "geo/shape/outlines.h"
#include "geo/streets/street_class.h"

namespace snowfield::geo {
namespace {

absl::Status AppendBarrierGuides(const std::string& ewkb, std::vector<GuideLine>* guides) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry barrier, Geometry::FromEwkb(ewkb, "barriers"));
  const auto append = [guides](GuideKind kind, const std::vector<XY>& line) {
    GuideLine& guide = guides->emplace_back();
    guide.kind = kind;
    for (const XY& point : line) guide.line.push_back({point.x, point.y});
  };
  const std::vector<PolygonRings> polygons = barrier.Polygons();
  const auto append_rim = [&append](Ring ring, bool inside_left) {
    if ((SignedArea(ring) > 0) != inside_left) std::reverse(ring.begin(), ring.end());
    append(GuideKind::kBarrierAreaLeft, ring);
  };
  for (const PolygonRings& polygon : polygons) {
    append_rim(polygon.shell, true);
    for (const Ring& hole : polygon.holes) append_rim(hole, false);
  }
  if (polygons.empty()) {
    for (const std::vector<XY>& line : barrier.Lines()) append(GuideKind::kBarrier, line);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<GuideLine>> GuideLinesOf(const CutInput& input, const Frame& frame,
                                                    const StreetNetwork& network) {
  std::vector<GuideLine> guides;
  for (const Link& link : network.links()) {
    GuideLine& guide = guides.emplace_back();
    for (const PointM& point : link.points) guide.line.push_back(frame.ToLonLat(point));
  }
  for (const CutBarrier& barrier : input.barriers) {
    SNOWFIELD_RETURN_IF_ERROR(AppendBarrierGuides(barrier.ewkb, &guides));
  }
  for (const CutStreet& street : input.streets) {
    if (!IsBarrier(street.street_class)) continue;
    if (street.ewkb.empty()) {
      guides.push_back({GuideKind::kBarrier, street.line});
    } else {
      SNOWFIELD_RETURN_IF_ERROR(AppendBarrierGuides(street.ewkb, &guides));
    }
  }
  return guides;
}

}  // namespace snowfield::geo
