// PlaceParts: things on a plane in parts that lie together. Internal to geo/cut.
// Thread safety: pure.
#pragma once

#include <vector>

#include "geo/frame/frame.h"
#include "geo/frame/random.h"

namespace snowfield::geo {

// Halves the places over their longer side, and the halves again, until no part has more than `most`. Indices; parts
// that follow each other lie near each other. With `random` the lines are not in the middle but somewhere about it, so
// that they are elsewhere each time. n log n for the sizes, a k-d tree (Bentley 1975).
std::vector<std::vector<int>> PlaceParts(const std::vector<PointM>& places, int most, Random* random);

}  // namespace snowfield::geo
