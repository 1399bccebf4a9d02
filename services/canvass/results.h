// Results: how the canvass goes, in counts.
// Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

// Of the whole campaign where `cut` is none; a knock that a later one corrects is not counted. NOT_FOUND naming
// "cut_id".
absl::StatusOr<v1::GetResultsResponse> CountResults(db::Transaction& transaction, base::CutId cut);

}  // namespace snowfield::canvass
