// The baselines of the cutting benchmark: what one gets without an engine of one's own.
// Thread safety: MetisParts must not run on two threads at once (METIS keeps global state).
#pragma once

#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::bench {

// Places along a Hilbert curve of order 16 over their bounds, in chunks of about `target` doors. Part of each place.
std::vector<int> HilbertParts(const std::vector<geo::PointM>& places, const std::vector<int>& doors, int target);

// METIS k-way partition of the graph of each place's 8 nearest, weighted by doors, into doors / target parts.
std::vector<int> MetisParts(const std::vector<geo::PointM>& places, const std::vector<int>& doors, int target,
                            int seed);

}  // namespace snowfield::bench
