// LeaderHome: all that a leader needs for their team, in at most kHomeBytesMax bytes.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/home.pb.h"

namespace snowfield::organizing {

inline constexpr int kHomeBytesMax = 10'240;
inline constexpr int kHomeNameCharactersMax = 40;
inline constexpr int kHomeListsMax = 24;
inline constexpr int kHomeNextWorkMax = 10;
inline constexpr int kHomeProposalsMax = 5;
inline constexpr int kHomeTrainingsMax = 10;
inline constexpr absl::Duration kHomeExpiryWindow = absl::Hours(24 * 30);
inline constexpr int kHomeRecentDays = 14;
inline constexpr absl::Duration kHomeDueSoon = absl::Hours(24);

// For a transaction of one snapshot. PERMISSION_DENIED NOT_YOUR_BRANCH; NOT_FOUND (member_id).
absl::StatusOr<v1::GetLeaderHomeResponse> GetLeaderHome(db::Transaction& transaction, const access::Caller& caller,
                                                        const v1::GetLeaderHomeRequest& request, absl::Time now);

}  // namespace snowfield::organizing
