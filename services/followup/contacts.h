// Contacts: how often people may be turned to, who is held back by that, and how asks stand to bonds.
//
// The limits are checked where work is handed out (db::ClaimFollowUps), where turf is cut (services/turf/cut_work.cc)
// and where people are invited (services/organizing/meetings.cc). Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/followup/v1/contact.pb.h"

namespace snowfield::followup {

inline constexpr int kContactsMax = 100;
inline constexpr int kContactDaysMax = 365;
inline constexpr int kBalanceDaysDefault = 28;

absl::StatusOr<v1::GetContactLimitsResponse> GetLimits(db::Transaction& transaction, absl::Time now);
// INVALID_ARGUMENT LIMITS_MISSING, LIMIT_OUT_OF_RANGE, QUIET_HOURS_OUT_OF_RANGE. Written to the audit log.
absl::StatusOr<v1::SetContactLimitsResponse> SetLimits(db::Transaction& transaction, const access::Caller& caller,
                                                       const v1::SetContactLimitsRequest& request);
// Errors of the page.
absl::StatusOr<v1::ListHeldBackResponse> ListHeld(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::ListHeldBackRequest& request, absl::Time now);
// INVALID_ARGUMENT DAYS_OUT_OF_RANGE; NOT_FOUND, PERMISSION_DENIED NOT_YOUR_BRANCH naming "member_id".
absl::StatusOr<v1::GetAskBalanceResponse> Balance(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::GetAskBalanceRequest& request, absl::Time now);

}  // namespace snowfield::followup
