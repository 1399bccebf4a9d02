// TurfWalker: a turf from its doors: walk, line and metrics, by the rules of a cut's report. Internal to geo/hand.
// Thread safety: holds scratch space the size of the network; belongs to one thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "geo/hand/board_ground.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

// More stops than this are walked in connected parts, one after the other, each begun where the last ended.
inline constexpr int kWalkWholeStopsMax = 150;

class TurfWalker {
 public:
  explicit TurfWalker(const BoardGround& board);
  // `doors` ascending, at least one. The polygon and its two metrics are left for the shaper.
  absl::StatusOr<Turf> Walk(const std::vector<int>& doors);

 private:
  WalkOrder OrderInParts(const std::vector<int>& stops, const std::vector<int>& doors);
  // What the walk does not say: connection, bounds, boundary, doors of others.
  void Judge(const std::vector<int>& stops, const std::vector<int>& doors, Turf* turf) const;

  // Doors of others inside the hull of these.
  int CountForeign(const std::vector<int>& doors) const;

  const BoardGround& board_;
  WalkSolver solver_;
};

}  // namespace snowfield::geo
