// ResolveEdit: an edit by hand, checked, as a list of doors and where each is sent. Internal to geo/hand.
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/hand/hand_edit.h"

namespace snowfield::geo {

class TurfBoard;

struct Sending {
  int door = 0;  // its place in the ground
  int from = 0;  // turf; 0: set aside
  int to = 0;
};

// Doors that go to another place than theirs, by door; at least one. The errors of TurfBoard::Plan.
absl::StatusOr<std::vector<Sending>> ResolveEdit(const TurfBoard& board, const HandEdit& edit);

}  // namespace snowfield::geo
