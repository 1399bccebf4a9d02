// PublishCut: makes a finished cut the live one of its pass.
// Thread safety: from any thread; publishing is one at a time in a pass, and the database refuses two live turfs of one
// door in a pass whatever happens (turf_door_live_uk).
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/cut_store.h"
#include "services/access/caller.h"

namespace snowfield::turf {

struct Publication {
  db::CutRow cut;
  base::CutId superseded;  // none where the pass had no live cut
  int revoked_walk_lists = 0;
};

// In one transaction: the live cut of the pass is superseded with its walk lists revoked, and this one takes its place.
// A published cut answers what its publishing answered. NOT_FOUND; FAILED_PRECONDITION CUT_NOT_DONE.
absl::StatusOr<Publication> PublishCut(db::Pool& pool, const access::Call& call, base::CutId cut);

}  // namespace snowfield::turf
