// Pages of a batch, as keying (keying.h) and scans (scanning.h) take them. Thread safety: as the transaction's.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"
#include "services/paper/keying.h"
#include "services/paper/sheet.h"

namespace snowfield::paper {

// Puts the page into the batch with this state; the batch and the clerk are filled in. FAILED_PRECONDITION
// PAGE_IN_ANOTHER_BATCH naming it. `was_state`: empty where the page was in none.
absl::Status PutPage(db::Transaction& transaction, const Clerk& clerk, const db::PaperBatch& batch, db::PageToPut page,
                     std::string* was_state);
// The page, which is in the batch, for this transaction alone. FAILED_PRECONDITION PAGE_NOT_IN_BATCH.
absl::StatusOr<SheetInHand> TakeSheet(db::Transaction& transaction, const Clerk& clerk, const db::PaperBatch& batch,
                                      const db::PageAt& at, db::EntryRound round);
// FAILED_PRECONDITION SECOND_BY_SAME_CLERK where the clerk has keyed the page's other round.
absl::Status CheckSecondClerk(db::Transaction& transaction, const Clerk& clerk, const db::PageAt& at,
                              db::EntryRound round);
absl::Status NotePageInAudit(db::Transaction& transaction, const Clerk& clerk, std::string_view action,
                             const db::PageAt& at);
// FAILED_PRECONDITION BATCH_FULL.
absl::Status CheckRoom(const v1::Balance& balance);

}  // namespace snowfield::paper
