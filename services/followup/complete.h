// Completing: what came of follow-ups, one or many, and what follows from it.
//
// Repeating a completion with the same outcome does no harm. A yes to a meeting brings the person there in the same
// transaction. Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/followup/v1/queue.pb.h"

namespace snowfield::followup {

inline constexpr int kCompleteItemsMax = 100;

// As CheckMayAct() (queue.h) of the item; INVALID_ARGUMENT OUTCOME_MISSING, MEETING_NEEDS_YES, MEETING_NEEDS_PERSON;
// NOT_FOUND naming "follow_up_id"; of the meeting PERMISSION_DENIED NOT_YOUR_BRANCH, FAILED_PRECONDITION
// MEETING_CANCELLED, DO_NOT_CONTACT.
absl::StatusOr<v1::CompleteFollowUpResponse> Complete(db::Transaction& transaction, const access::Caller& caller,
                                                      const v1::CompleteFollowUpRequest& request, absl::Time now);
// An answer for each. INVALID_ARGUMENT with field "items", ITEMS_OUT_OF_RANGE, ITEM_REPEATED, refuses the whole.
absl::StatusOr<v1::CompleteFollowUpsResponse> CompleteAll(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::CompleteFollowUpsRequest& request, absl::Time now);

}  // namespace snowfield::followup
