// SearchTour: a short round tour over a full symmetric table of costs.
//
// 2-opt and Or-opt (segments of up to 3, both ways round) with neighbour lists and a queue of changed nodes; then
// seeded double-bridge kicks of short segments, kept where not worse (Martin, Otto and Felten 1991; Bentley 1992).
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <vector>

namespace snowfield::geo {

// `cost` has size*size entries, row by row. Each start is a permutation of [0, size). Returns the best tour found.
std::vector<int> SearchTour(const std::vector<float>& cost, int size, const std::vector<std::vector<int>>& starts,
                            int kicks, uint64_t seed);

double TourCost(const std::vector<float>& cost, int size, const std::vector<int>& tour);

}  // namespace snowfield::geo
