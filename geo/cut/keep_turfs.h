// KeepTurfs: the start of a re-cut that leaves turfs on their ground. Internal to geo/cut.
//
// A leader knows the ground; so a turf keeps its doors, doors that are new join the turf that is nearest to walk to,
// and only what no longer fits is cut anew. Thread safety: pure.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// Says of each stop in which of input.previous_turfs it was (the turf of its first door that was in one).
void LabelStops(const CutInput& input, std::vector<GroundStop>* stops);

// Groups by the atoms' previous turfs. New atoms join the nearest group of their cell; a turf that lies in two cells is
// one in each; one that has shrunk below half of the minimum is joined to its neighbours; one that holds more than the
// maximum is split. What has no turf near is split as in a first cut. Sizes are near the bounds, not all within.
std::vector<std::vector<int>> KeepTurfs(const AtomGraph& graph, const LoadRule& rule, uint64_t seed,
                                        const std::function<bool()>& stopped);

// Brings turfs that are a little out of bounds back in by single atoms, from or to the turf beside: a cut anew (Repair)
// would move half of both. An atom goes over where both turfs are in one piece after it and one is out by less; the one
// that leaves them nearest to their bounds, then the smallest. Changes `groups` in place.
void ShiftAtoms(const AtomGraph& graph, const LoadRule& rule, std::vector<std::vector<int>>* groups);

}  // namespace snowfield::geo
