// NaturalNeighbors: pairs of points whose Voronoi cells touch (the Delaunay triangulation's edges), on a 1 cm grid.
// Points on one spot are chained. Each pair once, lower index first, sorted. n log n (Boost.Polygon).
// Thread safety: pure.
#pragma once

#include <utility>
#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::geo {

std::vector<std::pair<int, int>> NaturalNeighbors(const std::vector<PointM>& points);

}  // namespace snowfield::geo
