// Walk lists of ground that an edit or a new cut has changed: each is revoked, and a new one for the same leader takes
// its place. Thread safety: as the transaction's.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::turf {

// `changed`: turfs that go on with other doors; `ended`: turfs that are no more. The lists that were revoked: tell
// their phones by db::WriteListsRevoked, last. RESOURCE_EXHAUSTED LIST_NUMBERS_EXHAUSTED.
absl::StatusOr<std::vector<base::WalkListId>> ReplaceLists(db::Transaction& transaction,
                                                           const std::vector<base::TurfId>& changed,
                                                           const std::vector<base::TurfId>& ended);

// A new list of `turf`, which has none, in the place of one that was revoked.
struct Replacement {
  base::WalkListId replaces;
  base::TurfId turf;
  base::MemberId leader;
};
// RESOURCE_EXHAUSTED LIST_NUMBERS_EXHAUSTED.
absl::Status GiveReplacements(db::Transaction& transaction, std::vector<Replacement> replacements);

}  // namespace snowfield::turf
