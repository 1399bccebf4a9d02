// Review: people decide about knocks that their evidence speaks against.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/canvass/v1/review.pb.h"

namespace snowfield::canvass {

inline constexpr int kJudgementReasonCharactersMax = 500;
inline constexpr double kEvidenceLimitMax = 1e9;

absl::StatusOr<v1::ListFlaggedKnocksResponse> ListFlagged(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListFlaggedKnocksRequest& request);

// Written to the audit log. INVALID_ARGUMENT KNOCK_ID_INVALID, VERDICT_MISSING, REASON_MISSING, TOO_LONG, TEXT_INVALID;
// NOT_FOUND; PERMISSION_DENIED NOT_YOUR_BRANCH, OWN_KNOCK; FAILED_PRECONDITION ALREADY_JUDGED. Its last statement may
// number changes: commit at once.
absl::StatusOr<v1::JudgeKnockResponse> Judge(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::JudgeKnockRequest& request, absl::Time now);

absl::StatusOr<v1::EvidenceLimits> ReadLimits(db::Transaction& transaction);
// INVALID_ARGUMENT LIMIT_OUT_OF_RANGE. Written to the audit log.
absl::StatusOr<v1::EvidenceLimits> SetLimits(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::EvidenceLimits& limits);

}  // namespace snowfield::canvass
