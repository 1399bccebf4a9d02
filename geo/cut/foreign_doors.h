// ForeignDoors: how far turfs reach into one another: doors inside the convex hull of a turf that is not theirs.
// Internal to geo/cut. Thread safety: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::geo {

struct PlacedDoors {
  PointM place;
  int doors = 1;
  int turf = 0;
};

struct ForeignDoors {
  std::vector<int> in_turf;  // doors of others inside each turf's hull
  int64_t doors = 0;         // doors that are inside the hull of at least one other turf, each once
};

// Doors on the rim of a hull are not inside. About n log n where the turfs are of about equal size.
ForeignDoors CountForeignDoors(const std::vector<PlacedDoors>& places, int turf_count);

// Counter-clockwise, without points on its sides; fewer than three points where all lie in a line (Andrew 1979).
std::vector<PointM> ConvexHull(std::vector<PointM> points);
// Of a convex ring, not closed, counterclockwise.
double AreaOfHull_m2(const std::vector<PointM>& hull);

}  // namespace snowfield::geo
