// SplitDoors: a few doors into connected parts of about equal size, by the cutter's own bisection on a graph of these
// doors alone. Internal to geo/hand.
// Thread safety: pure. Same input, same answer.
#pragma once

#include <vector>

#include "geo/hand/board_ground.h"

namespace snowfield::geo {

// `doors` (ascending, at least `parts`, parts >= 1) into exactly `parts` parts, each ascending and none empty;
// neighbouring parts near each other in the list. Connected where the ground lets them be. n log n.
std::vector<std::vector<int>> SplitDoors(const BoardGround& board, const std::vector<int>& doors, int parts);

// How many pieces of the walk network the doors stand in: atoms that hold one of them, joined where they are
// neighbours.
int CountPieces(const BoardGround& board, const std::vector<int>& doors);

// True where the sets of doors hang together when each is taken as one piece: none stands apart from all others.
bool AreAdjacent(const BoardGround& board, const std::vector<std::vector<int>>& sets);

}  // namespace snowfield::geo
