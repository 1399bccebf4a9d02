// Edits by hand between the wire, the board and the database.
// Thread safety: pure.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/store/turf_edit_store.h"
#include "geo/hand/hand_edit.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

// An order other than an undo, which needs the history. INVALID_ARGUMENT EDIT_MISSING (edit), TEXT_OUT_OF_RANGE.
absl::StatusOr<geo::HandEdit> ToHandEdit(const v1::EditOrder& order);
// As turf_edit.kind has it.
std::string KindOf(const v1::EditOrder& order);

// A refusal of the board's with the order's own path of the field: "doors[3]" is "edit.move.door_ids[3]".
absl::Status InTermsOf(const v1::EditOrder& order, const absl::Status& status);

// The way back of an edit. FAILED_PRECONDITION EDIT_UNDONE_ALREADY, TURFS_EDITED_SINCE.
absl::StatusOr<geo::HandEdit> ToUndo(const db::EditToUndo& edit);

// What names a plan to those who previewed it.
std::string EtagOf(const geo::EditPlan& plan);

struct PreviewParts {
  bool with_shapes = false;
};
absl::Status ToMessage(const geo::EditPlan& plan, const PreviewParts& parts, v1::PreviewEditResponse& response);
void ToMessage(const db::EditRow& row, base::CutId cut, v1::Edit& edit);
void ToMessage(const db::ReplacedList& row, v1::ReplacedList& list);

// What of a plan is stored: the turfs, with the ids of those that exist, and the moves.
absl::Status FillEdit(const geo::EditPlan& plan, const std::vector<db::LockedVersion>& turfs, db::NewEdit& edit);

}  // namespace snowfield::turf
