// FoldTallies: counts what was stored since the last fold into the figures of members and branches
// (db/store/tally_store.h).
//
// And records the steps that members have reached thereby (db/store/growth_store.h).
//
// Exactly once: what is counted and how far it goes are written in one transaction. One fold of a campaign runs at a
// time, whatever the number of servers. Nobody who stores knocks waits for it, nor it for them; changes of the tree
// wait for it. Thread safety: all functions from any thread.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"

namespace snowfield::organizing {

// How many changed places one fold counts: changes of the tree wait for it, also the first time, when everybody is
// counted.
inline constexpr int kTouchesPerFold = 20'000;
// How often overdue follow-ups are looked for: the time goes on without anything being stored.
inline constexpr absl::Duration kOverdueEvery = absl::Seconds(20);

// Whether anything was counted, and there may be more; false also where another server is at it.
absl::StatusOr<bool> FoldTallies(db::Transaction& transaction, absl::Time now);

}  // namespace snowfield::organizing
