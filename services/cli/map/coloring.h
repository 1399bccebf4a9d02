// Colours for a map: neighbours differ.
// Thread safety: pure.
#pragma once

#include <vector>

namespace snowfield::cli {

// For each node the nodes beside it, possibly several times.
using Neighbors = std::vector<std::vector<int>>;

void Join(Neighbors& neighbors, int a, int b);

// A colour in [0, colors) for each node, so that neighbours differ, evenly used. Smallest-last order (Matula and Beck,
// 1983): six colours always do for a map in the plane; where they don't, the least used by neighbours is taken.
std::vector<int> ColorOf(const Neighbors& neighbors, int colors);

}  // namespace snowfield::cli
