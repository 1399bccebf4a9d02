#include "db/store/import_boundaries.h"

#include "base/status.h"
#include "db/queries/import_boundary_queries.h"

namespace snowfield::db {

absl::StatusOr<BoundaryStage> BoundaryStage::Open(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      StageCopy stage, StageCopy::Start(transaction, {&queries::kCreateStageBoundary}, queries::kCopyStageBoundary));
  return BoundaryStage(std::move(stage));
}

absl::Status BoundaryStage::Put(const StagedBoundary& boundary) {
  stage_.writer()
      .Row()
      .Int64(row_count_++)
      .Int64(boundary.line)
      .Text(boundary.row_key)
      .Text(boundary.external_id)
      .Text(boundary.kind)
      .Text(boundary.name)
      .Text(boundary.code)
      .Text(boundary.content_key)
      .Ewkb(boundary.area_ewkb);
  return stage_.writer().EndRow();
}

absl::Status BoundaryStage::EndRows() { return stage_.Finish(queries::kAnalyzeStageBoundary); }

absl::StatusOr<MergeCounts> BoundaryStage::Merge(const std::string& dataset, OnFinding on_finding) {
  Transaction& transaction = stage_.transaction();
  const auto campaign = [&] { return Params().Id(transaction.campaign()); };
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t repeated, stage_.Report(queries::kRejectRepeatedBoundaries, "", on_finding));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kMatchBoundariesByKey, dataset).status());
  SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kMatchBoundariesByCode, dataset).status());
  int64_t taken = 0;
  SNOWFIELD_RETURN_IF_ERROR(transaction.Stream(queries::kRejectTakenCodes, campaign(), [&](const Row& row) {
    ++taken;
    return on_finding(row.Int64(0), "CODE_TAKEN");
  }));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kParkCodes, campaign()).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result updated, transaction.Run(queries::kUpdateBoundaries, campaign()));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t inserted, stage_.Merge(queries::kInsertBoundaries, dataset));
  SNOWFIELD_ASSIGN_OR_RETURN(const Result absent,
                             transaction.Run(queries::kCountAbsentBoundaries, campaign().Text(dataset)));
  MergeCounts counts{.inserted = inserted,
                     .updated = updated.affected_row_count(),
                     .rejected = repeated + taken,
                     .absent = absent[0].Int64(0)};
  counts.unchanged = row_count_ - counts.inserted - counts.updated - counts.rejected;
  return counts;
}

}  // namespace snowfield::db
