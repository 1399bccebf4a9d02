// Roll-ups: what a branch of the snowflake has done. Reads what services/organizing/fold_tallies.h has counted.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/tally_store.h"
#include "services/access/caller.h"
#include "snowfield/organizing/v1/branch.pb.h"

namespace snowfield::organizing {

void ToMessage(const db::Tally& tally, v1::Tally& message);

// PERMISSION_DENIED NOT_YOUR_BRANCH; NOT_FOUND (member_id).
absl::StatusOr<v1::GetRollUpResponse> GetRollUp(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::GetRollUpRequest& request);

}  // namespace snowfield::organizing
