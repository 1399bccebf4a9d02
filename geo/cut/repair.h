// Repair: turfs that are in pieces or out of bounds are cut anew together with more and more of their neighbours, until
// the lot is better: fewer turfs far out of bounds, then fewer pieces, then fewer turfs out, then less of them out.
// By minutes only turfs in pieces are, for what a walk takes is guessed at here. What is in pieces after that is joined
// to what lies beside it, whatever the bounds. Internal to geo/cut.
// Thread safety: pure.
#pragma once

#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// Changes `groups` in place, each within one cell. Every group but those that are as before (IsAsBefore) is in one
// piece afterwards, unless stopped; for that there may be more of them. Same input, same answer.
void Repair(const AtomGraph& graph, const LoadRule& rule, const std::function<bool()>& stopped,
            std::vector<std::vector<int>>* groups);

}  // namespace snowfield::geo
