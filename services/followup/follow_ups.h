// Follow-ups: whose work a caller may see. What is done to them: queue.h, complete.h.
//
// A member sees their own and those of everyone below them in the snowflake; an owner or director sees all.
// Thread safety: as the transaction's.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/follow_up_store.h"
#include "services/access/caller.h"
#include "snowfield/followup/v1/followup.pb.h"

namespace snowfield::followup {

inline constexpr int kQueueBytesMax = 100;

// INVALID_ARGUMENT for a bad page, owner, state or queue; PERMISSION_DENIED, reason NOT_YOUR_BRANCH, for the work of
// someone who is not below the caller.
absl::StatusOr<v1::ListFollowUpsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                               const v1::ListFollowUpsRequest& request);

// INVALID_ARGUMENT QUEUE_INVALID.
absl::Status CheckQueue(const std::string& queue);
// Names and numbers of people went out: of whom is in the audit log, under `action`.
absl::Status TellWhoWasRead(db::Transaction& transaction, const access::Caller& caller, std::string_view action,
                            const std::vector<db::FollowUpRow>& rows);

}  // namespace snowfield::followup
