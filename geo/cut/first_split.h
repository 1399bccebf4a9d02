// FirstSplit: the first cut of all ground into connected turfs of about equal load. Internal to geo/cut.
//
// Each cell is partitioned by METIS (multilevel k-way, Karypis and Kumar 1998, with connected parts), parting near
// neighbours being dearest. What it leaves empty or cannot do is bisected. Thread safety: pure; METIS is called from
// one thread at a time, for its answers differ otherwise.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// Atoms by cell.
std::vector<std::vector<int>> CellsOf(const AtomGraph& graph);

// One group a turf, of the cells given. Same input, same answer. Stopped: some atoms are in no group.
std::vector<std::vector<int>> FirstSplit(const AtomGraph& graph, const LoadRule& rule,
                                         const std::vector<std::vector<int>>& cells, uint64_t seed,
                                         const std::function<bool()>& stopped);

}  // namespace snowfield::geo
