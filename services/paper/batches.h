// Batches: stacks of sheets that are keyed together, opened, looked at, closed when they balance.
//
// What is keyed is kept at once and counts when the batch is closed, all of it or nothing; a do-not-contact holds at
// once (keying.h). Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"
#include "services/access/caller.h"
#include "services/paper/posting.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {

// Pages that are in, or said to be missing, in one batch.
inline constexpr int kBatchPagesMax = 400;
inline constexpr int kBatchPagesShownMax = 2'000;
inline constexpr int kPaperReasonCharactersMax = 500;
// In the audit log.
inline constexpr char kBatchSubject[] = "paper_batch";

// A batch that somebody of the caller's branch opened. NOT_FOUND, PERMISSION_DENIED NOT_YOUR_BRANCH naming "batch_id".
absl::StatusOr<db::PaperBatch> BatchOfBranch(db::Transaction& transaction, const access::Caller& caller,
                                             int64_t batch_id, db::BatchLock lock);
// FAILED_PRECONDITION BATCH_CLOSED.
absl::Status CheckOpen(const db::PaperBatch& batch);
// One that the caller may key in. Errors of both.
absl::StatusOr<db::PaperBatch> BatchToKey(db::Transaction& transaction, const access::Caller& caller, int64_t batch_id);
// Of a batch that is keyed once, without second entries and differences.
absl::StatusOr<v1::Balance> BalanceOf(db::Transaction& transaction, const db::PaperBatch& batch);

// The methods of PaperService of these names; proto/snowfield/paper/v1/paper.proto says their errors.
absl::StatusOr<v1::OpenBatchResponse> OpenBatch(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::OpenBatchRequest& request, absl::Time now);
absl::StatusOr<v1::ListBatchesResponse> ListBatches(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ListBatchesRequest& request);
absl::StatusOr<v1::GetBatchResponse> GetBatch(db::Transaction& transaction, const access::Caller& caller,
                                              const v1::GetBatchRequest& request);
absl::StatusOr<v1::CloseBatchResponse> CloseBatch(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::CloseBatchRequest& request, const StoreKnocks& store,
                                                  absl::Time now);
absl::StatusOr<v1::ReopenBatchResponse> ReopenBatch(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ReopenBatchRequest& request);

}  // namespace snowfield::paper
