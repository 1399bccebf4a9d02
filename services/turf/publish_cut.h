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

struct PublishOrder {
  base::CutId cut;
  // A turf on the ground of a turf that a leader has goes to that leader: the list itself where doors and walk are the
  // same, else a list with a new number.
  bool keep_assignments = false;
};

struct Publication {
  db::CutRow cut;
  db::PublicationRow row;
};

// In one transaction: the live cut of the pass is superseded, its walk lists end or follow their ground, and this cut
// takes its place. A list that ends still accepts results; the phones that have it are told. A published cut answers
// what its publishing answered. NOT_FOUND; FAILED_PRECONDITION CUT_NOT_DONE; RESOURCE_EXHAUSTED LIST_NUMBERS_EXHAUSTED.
absl::StatusOr<Publication> PublishCut(db::Pool& pool, const access::Call& call, const PublishOrder& order);

}  // namespace snowfield::turf
