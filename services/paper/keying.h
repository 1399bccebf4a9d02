// Keying: pages are scanned into a batch, and their rows keyed, once or by two people who do not see each other's.
//
// What was keyed before stays on record and can be brought back (undo). Nothing counts before the batch is closed, but
// a do-not-contact: that becomes a knock with its row. Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "services/paper/posting.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {

inline constexpr int kFoundDoorsMax = 20;

// Who keys, with what. `store` and the campaign's caller outlive the call.
struct Clerk {
  const access::Caller& caller;
  const StoreKnocks& store;
  absl::Time now;
};

// The methods of PaperService of these names; proto/snowfield/paper/v1/paper.proto says their errors.
absl::StatusOr<v1::ScanPageResponse> ScanPage(db::Transaction& transaction, const Clerk& clerk,
                                              const v1::ScanPageRequest& request);
absl::StatusOr<v1::KeyRowResponse> KeyRow(db::Transaction& transaction, const Clerk& clerk,
                                          const v1::KeyRowRequest& request);
absl::StatusOr<v1::FinishPageResponse> FinishPage(db::Transaction& transaction, const Clerk& clerk,
                                                  const v1::FinishPageRequest& request);
absl::StatusOr<v1::UndoEntryResponse> UndoEntry(db::Transaction& transaction, const Clerk& clerk,
                                                const v1::UndoEntryRequest& request);
absl::StatusOr<v1::MarkPageMissingResponse> MarkPageMissing(db::Transaction& transaction, const Clerk& clerk,
                                                            const v1::MarkPageMissingRequest& request);
absl::StatusOr<v1::FindDoorsResponse> FindDoors(db::Transaction& transaction, const Clerk& clerk,
                                                const v1::FindDoorsRequest& request);
absl::StatusOr<v1::WriteInRowResponse> WriteInRow(db::Transaction& transaction, const Clerk& clerk,
                                                  const v1::WriteInRowRequest& request);
absl::StatusOr<v1::ListDifferencesResponse> ListDifferences(db::Transaction& transaction, const Clerk& clerk,
                                                            const v1::ListDifferencesRequest& request);
absl::StatusOr<v1::JudgeRowResponse> JudgeRow(db::Transaction& transaction, const Clerk& clerk,
                                              const v1::JudgeRowRequest& request);

}  // namespace snowfield::paper
