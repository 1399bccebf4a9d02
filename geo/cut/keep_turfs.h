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

// Fills in the ground's previous turfs. Without options.bounds_changed all of them are to be let be where they have
// their doors still: what the director lived with is no reason to move anybody.
void LabelDoors(const CutInput& input, const CutOptions& options, Ground* ground);

// Groups by the atoms' previous turfs. New atoms join the nearest group of their cell; a turf that lies in two cells is
// one in each; one that has shrunk below half of the minimum is joined to its neighbours; one that holds more than the
// maximum is split. What has no turf near is split as in a first cut. Sizes are near the bounds, not all within. A turf
// that IsAsBefore stays as it is.
std::vector<std::vector<int>> KeepTurfs(const AtomGraph& graph, const LoadRule& rule, uint64_t seed,
                                        const std::function<bool()>& stopped);

// Brings turfs that are a little out of bounds back in by single atoms, from or to the turf beside: a cut anew (Repair)
// would move half of both. An atom goes over where both turfs are in one piece after it and one is out by less; the one
// that leaves them nearest to their bounds, then the smallest. Begins with no turf that IsAsBefore. Changes `groups` in
// place.
void ShiftAtoms(const AtomGraph& graph, const LoadRule& rule, std::vector<std::vector<int>>* groups);

}  // namespace snowfield::geo
