// ImportRun: one import from its header to its summary, in one transaction.
//
//   SNOWFIELD_ASSIGN_OR_RETURN(auto run, ImportRun::Start(pool, call, header, send));
//   while (read a batch) SNOWFIELD_RETURN_IF_ERROR(run->Take(batch));
//   SNOWFIELD_ASSIGN_OR_RETURN(v1::ImportSummary summary, run->Finish());
//
// Dropped before Finish() has returned OK, it leaves nothing. Imports of one campaign store one after the other; they
// may read at the same time. Memory does not grow with the rows. Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/territory/import_report.h"
#include "services/territory/row_import.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

inline constexpr int kBatchRowsMax = 1'000;
inline constexpr size_t kDatasetBytesMax = 100;
// How often an import looks whether the one before it has ended.
inline constexpr absl::Duration kLockPoll = absl::Milliseconds(200);

class ImportRun {
 public:
  // INVALID_ARGUMENT: IMPORT_KIND_MISSING, DATASET_MISSING, DATASET_INVALID.
  static absl::StatusOr<std::unique_ptr<ImportRun>> Start(db::Pool& pool, const access::Call& call,
                                                          const v1::ImportHeader& header, ImportReport::Send send);

  // INVALID_ARGUMENT: BATCH_TOO_LARGE, ROWS_OF_OTHER_KIND. Rows that can't be taken are told as issues.
  absl::Status Take(const v1::ImportRowsRequest& batch);
  // Stores all and commits, unless it is a dry run. INVALID_ARGUMENT NO_ROWS when none came.
  absl::StatusOr<v1::ImportSummary> Finish();

 private:
  ImportRun(const access::Call& call, const v1::ImportHeader& header, ImportReport::Send send,
            db::Transaction transaction)
      : call_(call), header_(header), report_(header.kind(), std::move(send)), transaction_(std::move(transaction)) {}

  absl::Status WaitForTurn();
  absl::Status FillSummary(const db::MergeCounts& counts, v1::ImportSummary& summary);
  absl::Status Record(const db::MergeCounts& counts, v1::ImportSummary& summary);

  const access::Call& call_;
  const v1::ImportHeader header_;
  ImportReport report_;
  db::Transaction transaction_;
  std::unique_ptr<RowImport> rows_;  // borrows the transaction: goes first
};

// As the database writes it: "addresses"; empty where it is none. And back.
std::string_view KindName(v1::ImportKind kind);
v1::ImportKind KindNamed(std::string_view name);

}  // namespace snowfield::territory
