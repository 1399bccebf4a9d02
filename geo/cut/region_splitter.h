// RegionSplitter: groups turfs into regions, hierarchically: a set of turfs is cut in two along one edge of a spanning
// tree, and each part again, until each is no larger than a region may be. A part of a tree hangs together, so every
// region does; the cut of each set is the best of many edges of several trees (ReCom: DeFord, Duchin, Solomon, 2021,
// section 3.1, with the best edge in place of a random one). Internal to geo/cut.
//
// Thread safety: pure. Same input, same answer. n log n in the turfs.
#pragma once

#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::geo {

// Two turfs side by side, or the shortest way over a gap (water, a park) between two parts of the map that share no
// side.
struct TurfLink {
  int a = 0;
  int b = 0;
  bool over_gap = false;
};

struct TurfMap {
  std::vector<PointM> centres;
  std::vector<TurfLink> links;  // join all turfs to one piece
};

// Region of each turf, counted from 0: at most `most` (positive) turfs each, in one piece by the links. About as many
// regions as fit, as even as that allows.
std::vector<int> SplitIntoRegions(const TurfMap& map, int most);

// Links over gaps that join what `sides` leave apart, the shortest first; `sides` with them.
std::vector<TurfLink> JoinOverGaps(const std::vector<PointM>& centres, std::vector<TurfLink> sides);

}  // namespace snowfield::geo
