// Follow-ups: whose work a caller may see, and how one ends.
//
// A member sees their own and those of everyone below them in the snowflake; an owner or director sees all.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/followup/v1/followup.pb.h"

namespace snowfield::followup {

inline constexpr int kQueueBytesMax = 100;

// INVALID_ARGUMENT for a bad page, owner, state or queue; PERMISSION_DENIED, reason NOT_YOUR_BRANCH, for the work of
// someone who is not below the caller.
absl::StatusOr<v1::ListFollowUpsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                               const v1::ListFollowUpsRequest& request);

// Repeating it with the same outcome does no harm. FAILED_PRECONDITION: ALREADY_COMPLETED with another outcome,
// FOLLOW_UP_DROPPED. NOT_FOUND naming "follow_up_id"; PERMISSION_DENIED, reason NOT_YOUR_FOLLOW_UP.
absl::StatusOr<v1::CompleteFollowUpResponse> Complete(db::Transaction& transaction, const access::Caller& caller,
                                                      const v1::CompleteFollowUpRequest& request, absl::Time now);

absl::StatusOr<v1::ListRulesResponse> ListRules(db::Transaction& transaction, const v1::ListRulesRequest& request);

}  // namespace snowfield::followup
