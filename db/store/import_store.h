// Imports: what all kinds share. Rows are staged by COPY in temporary tables of the import's transaction (row-level
// security refuses COPY into the campaign's own tables) and merged from there by a few set-based statements.
//
// Nothing is visible to others before the transaction commits, and nothing is left when it does not. Memory of the
// server does not grow with the rows. No lock is held that a phone waits for, but on the rows that change. Thread
// safety: as the transaction's.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// What merging finds about a row of the file, by the line it gave. `reason` is one of:
//   EXTERNAL_ID_REPEATED  taken out: an earlier row bears the id with other content
//   REPEATED_ROW          says what an earlier row says; addresses, streets and barriers are kept, others taken out
//   CODE_REPEATED         taken out: an earlier row has the boundary's kind and code
//   CODE_TAKEN            taken out: another data set has a boundary of this kind and code
//   STREET_UNKNOWN, NUMBER_UNKNOWN, UNIT_UNKNOWN, AMBIGUOUS, ADDRESS_UNREADABLE: kept: a person without a door
//   UNIT_NOT_ON_MAP       kept: a person with a unit, at a building that has one door and no units
// A status other than OK ends the merge and is returned.
using OnFinding = absl::FunctionRef<absl::Status(int64_t line, std::string_view reason)>;

// Rows of the file, except `absent`: known ones of the data set that the file does not have (doors for addresses).
struct MergeCounts {
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  int64_t absent = 0;
};

// The temporary tables of one import, and the COPY that fills the first of them.
class StageCopy {
 public:
  // `tables` are `create temporary table` statements. From here to Finish() the transaction must not be used.
  static absl::StatusOr<StageCopy> Start(Transaction& transaction, std::initializer_list<const Query*> tables,
                                         const Query& copy);
  StageCopy(StageCopy&&) = default;

  CopyWriter& writer() { return *writer_; }
  // Ends the copy and has the table analyzed, so that the merges are planned for its size.
  absl::Status Finish(const Query& analyze);
  Transaction& transaction() { return *transaction_; }

  // Runs a statement of the merge with the campaign and the data set, or without parameters. The rows it touched.
  absl::StatusOr<int64_t> Merge(const Query& query, const std::string& dataset);
  absl::Status Do(const Query& query);
  // Runs a statement that takes out or marks rows, and hands on what it found: lines in column 0 and, where `reason` is
  // empty, reasons in column 1. Returns how many.
  absl::StatusOr<int64_t> Report(const Query& query, std::string_view reason, OnFinding on_finding);

 private:
  explicit StageCopy(Transaction& transaction) : transaction_(&transaction) {}
  Transaction* transaction_;
  std::optional<CopyWriter> writer_;
};

// True when the transaction has become the one import of its campaign that stores; false while another does.
absl::StatusOr<bool> TryLockImports(Transaction& transaction);
// Memory and planning for many rows, for this transaction.
absl::Status PlanForImport(Transaction& transaction);

struct ImportRecord {
  base::ImportId id;
  std::string kind;  // addresses, streets, barriers, boundaries, people
  std::string dataset;
  int64_t received = 0;
  MergeCounts counts;
  absl::Time create_time;
};
// The record's id and time are the database's.
absl::StatusOr<base::ImportId> InsertImport(Transaction& transaction, const ImportRecord& record);
// The newest first; at most `limit` with an id below `before`, 0 for the newest of all.
absl::StatusOr<std::vector<ImportRecord>> ListImports(Transaction& transaction, int64_t before, int limit);

}  // namespace snowfield::db
