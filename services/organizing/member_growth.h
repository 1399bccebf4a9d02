// Steps that members have reached and trainings that they have completed: read, and recorded by hand.
//
// What the system knows it records itself: shifts, joining and leading in services/organizing/fold_tallies.h;
// attendance, hosting and trainings held in services/organizing/meetings.h. Thread safety: as the transaction's.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/growth.pb.h"

namespace snowfield::organizing {

inline constexpr int kTrainedMembersMax = 500;
inline constexpr int kStepNoteCharactersMax = 500;
inline constexpr absl::Duration kCompletionAheadMax = absl::Hours(24);

// NOT_FOUND (member_id); PERMISSION_DENIED NOT_YOUR_BRANCH.
absl::StatusOr<v1::GetMemberGrowthResponse> GetMemberGrowth(db::Transaction& transaction, const access::Caller& caller,
                                                            const v1::GetMemberGrowthRequest& request);

// INVALID_ARGUMENT STEP_UNKNOWN, TOO_LONG; PERMISSION_DENIED NOT_YOUR_BRANCH, NOT_FOR_ONESELF, ROLE_ABOVE_YOURS;
// FAILED_PRECONDITION MEMBER_LEFT; NOT_FOUND.
absl::StatusOr<v1::RecordStepResponse> RecordStep(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::RecordStepRequest& request, absl::Time now);
// INVALID_ARGUMENT MEMBERS_OUT_OF_RANGE, MODULE_UNKNOWN, TIME_OUT_OF_RANGE; NOT_FOUND; PERMISSION_DENIED.
absl::Status RecordTraining(db::Transaction& transaction, const access::Caller& caller,
                            const v1::RecordTrainingRequest& request, absl::Time now);

}  // namespace snowfield::organizing
