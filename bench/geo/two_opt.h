// TwoOpt: the plain baseline of the walking order: 2-opt over all pairs, the first exchange that gains, until none does
// (Croes 1958). Thread safety: pure.
#pragma once

#include <vector>

#include "geo/walk/tour_search.h"

namespace snowfield::bench {

std::vector<int> TwoOpt(const geo::CostTable& costs, std::vector<int> tour);

}  // namespace snowfield::bench
