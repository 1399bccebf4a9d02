// Scanning: pages read from images into the first entry of a batch; rows that are not sure wait for a clerk.
//
// The image is read outside of any transaction, and is not kept; of a row that waits its part of it is, until the
// batch is closed. Thread safety: from any thread; the second function as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "services/paper/posting.h"
#include "snowfield/paper/v1/scans.pb.h"

namespace snowfield::paper {

inline constexpr size_t kScanBytesMax = 3'500'000;
inline constexpr double kConfidenceDefault = 0.8;

// The methods of PaperService of these names; proto/snowfield/paper/v1/paper.proto says their errors.
absl::StatusOr<v1::ReadPageResponse> ReadPage(db::Pool& pool, const access::Call& call,
                                              const v1::ReadPageRequest& request, const StoreKnocks& store,
                                              absl::Time now);
absl::StatusOr<v1::GetRowImageResponse> GetRowImage(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::GetRowImageRequest& request);

}  // namespace snowfield::paper
