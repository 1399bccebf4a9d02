// PlanEdit: what an edit by hand would change on a board. Internal to geo/hand: TurfBoard::Plan is the way in.
//
// Every edit comes down to a list of doors and the turfs they are sent to (resolve_edit.h); the turfs that gain or lose
// doors are walked, measured, drawn and judged anew. Thread safety: pure.
#pragma once

#include "absl/status/statusor.h"
#include "geo/hand/hand_edit.h"

namespace snowfield::geo {

class TurfBoard;

absl::StatusOr<EditPlan> PlanEdit(const TurfBoard& board, const HandEdit& edit);

}  // namespace snowfield::geo
