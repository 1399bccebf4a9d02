// Refine: shortens the walks of a cut by cutting pairs of neighbouring turfs anew. Internal to geo/cut.
//
// For two neighbours all sweep cuts of their union, and all moves and swaps of single atoms, are ranked by doors out of
// bounds, pieces and the length of spanning trees on the atom graph; the best few are walked by the walk solver, and a
// cut is taken where it has fewer doors out of bounds, fewer pieces or a shorter walk. So no quality of a pair ever
// gets worse for one that weighs less. Pairs without a turf in common are tried in parallel, round by round, so that
// the answer does not depend on the number of threads. Thread safety: pure.
#pragma once

#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

struct RefineOptions {
  int passes = 4;  // over all pairs that changed since they were last tried
  int threads = 1;
  uint64_t seed = 1;
  std::function<bool()> stopped;
  std::function<void(double fraction)> progress;
};

void Refine(const Ground& ground, const AtomGraph& graph, const DoorBounds& bounds, const RefineOptions& options,
            std::vector<std::vector<int>>* groups);

// 0 for a number of doors in bounds. One turf far out is better than two a little: a turf counts first, its doors
// after.
int BoundsPrice(int doors, const DoorBounds& bounds);
// Stops of a group of atoms, in the order of the ground's stops.
std::vector<WalkStop> WalkStopsOf(const Ground& ground, const AtomGraph& graph, const std::vector<int>& atoms);
// 1 where the atoms can be walked on their own ground; else the number of pieces.
int CountPieces(const AtomGraph& graph, const std::vector<int>& atoms);

}  // namespace snowfield::geo
