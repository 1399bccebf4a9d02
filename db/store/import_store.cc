#include "db/store/import_store.h"

#include "base/status.h"
#include "db/queries/import_queries.h"

namespace snowfield::db {

absl::StatusOr<StageCopy> StageCopy::Start(Transaction& transaction, std::initializer_list<const Query*> tables,
                                           const Query& copy) {
  StageCopy stage(transaction);
  for (const Query* table : tables) SNOWFIELD_RETURN_IF_ERROR(stage.Do(*table));
  SNOWFIELD_ASSIGN_OR_RETURN(CopyWriter writer, transaction.CopyIn(copy));
  stage.writer_.emplace(std::move(writer));
  return stage;
}

absl::Status StageCopy::Finish(const Query& analyze) {
  SNOWFIELD_RETURN_IF_ERROR(writer_->Finish().status());
  writer_.reset();
  SNOWFIELD_RETURN_IF_ERROR(PlanForImport(*transaction_));
  return Do(analyze);
}

absl::StatusOr<int64_t> StageCopy::Merge(const Query& query, const std::string& dataset) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction_->Run(query, Params().Id(transaction_->campaign()).Text(dataset)));
  return result.affected_row_count();
}

absl::Status StageCopy::Do(const Query& query) { return transaction_->Run(query).status(); }

absl::StatusOr<int64_t> StageCopy::Report(const Query& query, std::string_view reason, OnFinding on_finding) {
  int64_t count = 0;
  SNOWFIELD_RETURN_IF_ERROR(transaction_->Stream(query, Params(), [&](const Row& row) {
    ++count;
    return on_finding(row.Int64(0), reason.empty() ? row.Text(1) : reason);
  }));
  return count;
}

absl::StatusOr<bool> TryLockImports(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kTryLockImports, Params().Id(transaction.campaign())));
  return result[0].Bool(0);
}

absl::Status PlanForImport(Transaction& transaction) { return transaction.Run(queries::kPlanForImport).status(); }

absl::StatusOr<base::ImportId> InsertImport(Transaction& transaction, const ImportRecord& record) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertImport, Params()
                                                                         .Id(transaction.campaign())
                                                                         .Text(record.kind)
                                                                         .Text(record.dataset)
                                                                         .Int64(record.received)
                                                                         .Int64(record.counts.inserted)
                                                                         .Int64(record.counts.updated)
                                                                         .Int64(record.counts.unchanged)
                                                                         .Int64(record.counts.rejected)
                                                                         .Int64(record.counts.absent)));
  return result[0].Id<base::ImportId>(0);
}

absl::StatusOr<std::vector<ImportRecord>> ListImports(Transaction& transaction, int64_t before, int limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListImports, Params().Id(transaction.campaign()).Int64(before).Int64(limit)));
  std::vector<ImportRecord> records;
  for (const Row row : result) {
    records.push_back({.id = row.Id<base::ImportId>(0),
                       .kind = std::string(row.Text(1)),
                       .dataset = std::string(row.Text(2)),
                       .received = row.Int64(3),
                       .counts = {.inserted = row.Int64(4),
                                  .updated = row.Int64(5),
                                  .unchanged = row.Int64(6),
                                  .rejected = row.Int64(7),
                                  .absent = row.Int64(8)},
                       .create_time = row.Time(9)});
  }
  return records;
}

}  // namespace snowfield::db
