// Who has voted: people who are met no more, by the files of the election office. Thread safety: from any thread.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

inline constexpr int kVotedMax = 1'000;

// The method of TerritoryService of this name; proto/snowfield/territory/v1/territory.proto says its errors.
absl::StatusOr<v1::MarkVotedResponse> MarkVoted(db::Pool& pool, const access::Call& call,
                                                const v1::MarkVotedRequest& request, absl::Time now);

}  // namespace snowfield::territory
