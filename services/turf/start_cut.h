// Starting, reading and cancelling cuts.
// Thread safety: all functions from any thread.
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/cut_store.h"
#include "services/access/caller.h"
#include "services/turf/cut_order.h"
#include "services/turf/cut_runner.h"

namespace snowfield::turf {

// Stores the cut and gives it to the runner. The same request again answers with the cut that it started.
// INVALID_ARGUMENT BOUNDARY_KIND_UNKNOWN (keep_boundary_kind), FAILED_PRECONDITION NO_DOORS and TOO_MANY_DOORS
// (universe_id), NO_LIVE_CUT (keep_live), NOT_FOUND (universe_id), RESOURCE_EXHAUSTED CUTS_EXHAUSTED.
absl::StatusOr<db::CutRow> StartCut(db::Pool& pool, CutRunner& runner, const access::Call& call, const CutOrder& order);

// The cut; one whose server has fallen silent is marked failed first. NOT_FOUND naming "cut_id".
absl::StatusOr<db::CutRow> GetCut(db::Pool& pool, const access::Call& call, base::CutId cut);

// Ends a running cut; one that failed or was cancelled stays as it is. FAILED_PRECONDITION CUT_ALREADY_DONE.
absl::StatusOr<db::CutRow> CancelCut(db::Pool& pool, CutRunner& runner, const access::Call& call, base::CutId cut);

}  // namespace snowfield::turf
