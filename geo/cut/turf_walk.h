// TurfWalk: what a turf is told of its walk, and what is wrong with it; the same for a cut and for an edit by hand.
// Internal to geo/cut and geo/hand. Thread safety: pure.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "geo/cut/cut_turf.h"
#include "geo/frame/frame.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

// Sets the counts, metres and minutes of the turf's metrics, its centre and its walk line. `turf` has its doors;
// `stops` are those that were walked, each once.
absl::Status SetWalk(const WalkOrder& walk, const std::vector<WalkStop>& stops, const Frame& frame,
                     const CutOptions& options, Turf* turf);

// Why a turf is out of bounds. `cell_fits`: FittingCells; `boundary`: that of its doors, -1 for none.
CutReason ReasonOutOfBounds(bool cell_fits, int boundary);

// All that is wrong with a turf, as a cut's report lists it.
std::vector<CutReason> ProblemsOf(const Turf& turf);

}  // namespace snowfield::geo
