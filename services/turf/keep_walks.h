// KeepWalks: where a re-cut leaves a turf its doors, it leaves it its walk as well.
//
// Two walks of the same doors may be equally good; another order alone would cost the walk list that is out its number.
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "base/ids.h"
#include "geo/cut/cut_turf.h"
#include "geo/cut/turf_identity.h"

namespace snowfield::turf {

// A new walk that is shorter by more than this share takes the place of the old one.
inline constexpr double kWalkGainMin = 0.02;

struct PreviousWalk {
  std::vector<base::DoorId> doors;  // in walking order
  std::string walk_ewkb;
  geo::TurfMetrics metrics;  // at the pace, and with the finish, of `options`
};

// Gives turfs of `result` that have the doors of their predecessor its order, line and figures, and mends the totals.
// `previous` as the match counts it.
void KeepWalks(const std::vector<PreviousWalk>& previous, const geo::TurfMatch& match, const geo::CutOptions& options,
               geo::CutResult& result);

}  // namespace snowfield::turf
