// WalkProblem: a walk as the round tour that SearchTour looks for.
//
// Its nodes are the stops, then the launch where there is one, then, where the walk may end anywhere, a node for the
// free end: going there costs nothing, so the tour is cut open where that gains most. Launch and free end are held side
// by side. Costs are whole centimetres.
// Thread safety: plain data.
#pragma once

#include <vector>

#include "geo/walk/leg_table.h"
#include "geo/walk/tour_search.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

// Stands for any leg that is longer.
inline constexpr double kLegCostMax_m = 5'000'000;

struct WalkProblem {
  int stops = 0;
  int launch = -1;
  int free_end = -1;
  CostTable costs;

  // `stops` doors, then options.launch, in the table.
  static WalkProblem Of(const LegTable& legs, int stops, const WalkOptions& options);

  // Tours to begin the search from: the nearest stop next; and each street up one side and down the other. `places`:
  // where the stops stand.
  std::vector<std::vector<int>> Starts(const std::vector<NetworkPlace>& places) const;
  // The stops in order: from the launch, else from the lower-numbered end, else, on the way round, from stop 0.
  std::vector<int> OrderOf(std::vector<int> tour) const;
};

}  // namespace snowfield::geo
