// RowImport: one kind of rows on their way from the wire into the database: checked, put into normal form, staged,
// merged.
//
// Order of calls: TakeRows() for each batch, EndRows(), Merge(), all in one transaction, which the import only borrows.
// Thread safety: one thread at a time.
#pragma once

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/import_store.h"
#include "services/territory/import_report.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

class RowImport {
 public:
  virtual ~RowImport() = default;
  // Rows that can't be taken go to the report; a status is for what ends the import.
  virtual absl::Status TakeRows(const v1::ImportRowsRequest& batch, ImportReport& report) = 0;
  // For people: those who were erased come back where the file has them.
  virtual void BringBackErased() {}
  virtual absl::Status EndRows() = 0;
  virtual absl::StatusOr<db::MergeCounts> Merge(const std::string& dataset, ImportReport& report) = 0;
};

// An import over a store's stage. `Kind` has:
//   using Stage, Row;
//   static const auto& RowsOf(const v1::ImportRowsRequest&);
//   absl::Status Check(const Row&);                              why the row can't be taken
//   absl::Status Put(const Row&, Stage&, ImportReport&);         a checked row
template <typename Kind>
class StagedRowImport : public RowImport {
 public:
  static absl::StatusOr<std::unique_ptr<RowImport>> Open(db::Transaction& transaction) {
    auto stage = Kind::Stage::Open(transaction);
    if (!stage.ok()) return stage.status();
    return std::unique_ptr<RowImport>(new StagedRowImport(*std::move(stage)));
  }

  absl::Status TakeRows(const v1::ImportRowsRequest& batch, ImportReport& report) override {
    for (const auto& row : Kind::RowsOf(batch)) {
      absl::Status status = report.CountRow();
      if (!status.ok()) return status;
      const absl::Status problem = kind_.Check(row);
      status = problem.ok() ? kind_.Put(row, stage_, report) : report.Reject(row.line(), problem);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }
  void BringBackErased() override {
    if constexpr (requires(typename Kind::Stage & stage) { stage.BringBackErased(); }) stage_.BringBackErased();
  }
  absl::Status EndRows() override { return stage_.EndRows(); }
  absl::StatusOr<db::MergeCounts> Merge(const std::string& dataset, ImportReport& report) override {
    return stage_.Merge(dataset, [&](int64_t line, std::string_view reason) { return report.Finding(line, reason); });
  }

 private:
  explicit StagedRowImport(typename Kind::Stage stage) : stage_(std::move(stage)) {}
  Kind kind_;
  typename Kind::Stage stage_;
};

// Each opens its stage in the transaction, which must not be used until EndRows().
absl::StatusOr<std::unique_ptr<RowImport>> OpenAddressImport(db::Transaction& transaction);
absl::StatusOr<std::unique_ptr<RowImport>> OpenStreetImport(db::Transaction& transaction);
absl::StatusOr<std::unique_ptr<RowImport>> OpenBarrierImport(db::Transaction& transaction);
absl::StatusOr<std::unique_ptr<RowImport>> OpenBoundaryImport(db::Transaction& transaction);
absl::StatusOr<std::unique_ptr<RowImport>> OpenPersonImport(db::Transaction& transaction);

}  // namespace snowfield::territory
