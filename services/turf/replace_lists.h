// Walk lists of turfs whose doors an edit has changed: each is revoked, and a new one for the same leader takes its
// place. Thread safety: as the transaction's.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::turf {

// `changed`: turfs that go on with other doors; `ended`: turfs that are no more. The lists that were revoked: tell
// their phones by db::WriteListsRevoked, last. RESOURCE_EXHAUSTED LIST_NUMBERS_EXHAUSTED.
absl::StatusOr<std::vector<base::WalkListId>> ReplaceLists(db::Transaction& transaction,
                                                           const std::vector<base::TurfId>& changed,
                                                           const std::vector<base::TurfId>& ended);

}  // namespace snowfield::turf
