// Edits of turfs by hand: selecting, previewing, applying, undoing, and their history.
//
// An edit is planned on the board in memory and stored by one short transaction, which takes the next number of the
// cut's edits: where another editor was first, the plan is made anew, and given up where it is no longer what was
// previewed. A walk list is never changed: where the doors of its turf change it is revoked, and a new list for the
// same leader names it; results for the old one are still taken. Thread safety: all functions from any thread.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/rpc/paging.h"
#include "services/turf/board_cache.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

// A selection of more doors is answered with counts only.
inline constexpr int kSelectDoorsMax = 20'000;

class TurfEditor {
 public:
  // `threads` load a board. The pool must outlive the editor.
  TurfEditor(db::Pool* pool, int threads) : pool_(pool), boards_(pool, threads) {}

  // All refuse a cut without turfs (CUT_NOT_DONE, CUT_SUPERSEDED) and an unknown one (NOT_FOUND, cut_id).
  // INVALID_ARGUMENT naming "area": as geo::Lasso and rpc::ToEwkb.
  absl::Status Select(const access::Call& call, const v1::SelectDoorsRequest& request,
                      v1::SelectDoorsResponse& response);
  // INVALID_ARGUMENT naming the field within "edit": as geo::TurfBoard::Plan; EDIT_MISSING.
  absl::Status Preview(const access::Call& call, const v1::PreviewEditRequest& request,
                       v1::PreviewEditResponse& response);
  // As Preview; ETAG_MISSING, ABORTED TURF_CHANGED where it is not what was previewed.
  absl::Status Apply(const access::Call& call, const v1::ApplyEditRequest& request, v1::ApplyEditResponse& response);
  // NOT_FOUND (edit_number); FAILED_PRECONDITION EDIT_UNDONE_ALREADY, TURFS_EDITED_SINCE.
  absl::Status Undo(const access::Call& call, const v1::UndoEditRequest& request, v1::UndoEditResponse& response);
  // Puts one door that is set aside back into its turf, by the edit `request`; where that edit was made before, nothing
  // changes. As Apply, but for the etag: nobody has previewed it.
  absl::Status PutBack(const access::Call& call, base::CutId cut, base::DoorId door, const base::Uuid& request);
  absl::Status List(const access::Call& call, const v1::ListEditsRequest& request, v1::ListEditsResponse& response);
  absl::Status ListMoves(const access::Call& call, const v1::ListEditMovesRequest& request,
                         v1::ListEditMovesResponse& response);

 private:
  db::Pool* const pool_;
  BoardCache boards_;
};

}  // namespace snowfield::turf
