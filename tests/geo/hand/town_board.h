// TownBoard: a board of a little town, cut and loaded, and what must hold for any board.
// Thread safety: pure.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "geo/cut/cut_turf.h"
#include "geo/hand/turf_board.h"

namespace snowfield::testing {

// Cuts the town and loads it; turfs are numbered from 1.
geo::TurfBoard BoardOf(const geo::CutInput& input, int target_doors);

// Every door in one turf or set aside; polygons valid, apart, each with its doors; metrics that count.
void ExpectSound(const geo::TurfBoard& board);

// All that the board says of its turfs and doors, versions left out.
std::string Picture(const geo::TurfBoard& board);

std::string ReasonOf(const absl::Status& status);

}  // namespace snowfield::testing
