// OutlineCells: Voronoi cells of sites, dissolved by group: the edges between two groups, joined to arcs. Internal to
// geo/shape.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/shape/outlines.h"

namespace snowfield::geo {

// A site of the diagram, in whole units of the plane.
struct DiagramSite {
  int32_t x = 0;
  int32_t y = 0;
  int group = kNoGroup;
  // Holds its group there. What hangs on no anchor falls to the groups around it.
  bool anchor = true;
  int guide = -1;  // of a pair beside a street's middle line or a barrier: which line
};

// `sites` are distinct; the last four are the corners of a rectangle around all others, counter-clockwise from the
// lower left, and empty ground; those of groups are enclosed by others of empty ground. In [-kGridPlaceMax,
// kGridPlaceMax]. Vertices come in metres. Empty ground inside one group is given to it.
Outlines OutlineCells(std::vector<DiagramSite> sites, int group_count, double units_per_m);

}  // namespace snowfield::geo
