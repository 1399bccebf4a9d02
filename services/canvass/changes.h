// Changes: what a phone learns since it last asked.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr int kChangePageDefault = 500;

// The next changes on the lists that the phone has not returned, and the token that goes on after them. The transaction
// must see one snapshot. INVALID_ARGUMENT CHANGE_TOKEN_INVALID, PAGE_SIZE_OUT_OF_RANGE; FAILED_PRECONDITION FETCH_AGAIN
// where changes after the token are no longer kept.
absl::StatusOr<v1::ListChangesResponse> ReadChanges(db::Transaction& transaction, base::PhoneId phone,
                                                    const v1::ListChangesRequest& request);

}  // namespace snowfield::canvass
