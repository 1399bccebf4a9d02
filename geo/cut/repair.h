// Repair: turfs that are in pieces or out of bounds are cut anew together with more and more of their neighbours, until
// the lot is better: fewer turfs far out of bounds, then fewer pieces, then fewer turfs out, then less of them out.
// Internal to geo/cut.
// Thread safety: pure.
#pragma once

#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// Changes `groups` in place; their number stays. Same input, same answer. Returns how many groups were mended.
int Repair(const AtomGraph& graph, const LoadRule& rule, const std::function<bool()>& stopped,
           std::vector<std::vector<int>>* groups);

}  // namespace snowfield::geo
