// ShapeSites: the sites of the diagram that shapes turfs: doors, pairs beside streets and barriers, and empty ground.
// Internal to geo/shape.
// Thread safety: pure; starts and joins its own threads.
#pragma once

#include <vector>

#include "geo/shape/cell_diagram.h"
#include "geo/shape/turf_shape.h"

namespace snowfield::geo {

// Degrees, longitude unwrapped about the frame's centre, scaled to about metres. Linear: lines stay straight.
class DegreePlane {
 public:
  explicit DegreePlane(const Frame& about);
  XY ToPlane(const LonLat& place) const;
  XY ToDegrees(const XY& point) const;

 private:
  Frame frame_;
  double x_m_;  // of a degree of longitude
};

struct ShapeSites {
  std::vector<DiagramSite> sites;  // distinct; those of doors first, the corners of a rectangle round all last
  size_t door_site_count = 0;
  double units_per_m = 0;
  XY InMetres(const DiagramSite& site) const { return {site.x / units_per_m, site.y / units_per_m}; }
};

ShapeSites MakeShapeSites(const std::vector<ShapeSite>& doors, const ShapeOptions& options, const DegreePlane& plane);

}  // namespace snowfield::geo
