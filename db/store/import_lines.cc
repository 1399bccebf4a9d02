#include "db/store/import_lines.h"

#include "base/status.h"
#include "db/queries/import_line_queries.h"

namespace snowfield::db {
namespace {
// The statements that differ between the two tables.
struct LineMerge {
  const Query& number_repeated;
  const Query& update;
  const Query& insert;
  const Query& count_absent;
};

absl::StatusOr<MergeCounts> MergeLines(StageCopy& stage, const LineMerge& merge, int64_t row_count,
                                       const std::string& dataset, OnFinding on_finding) {
  SNOWFIELD_RETURN_IF_ERROR(stage.Report(merge.number_repeated, "REPEATED_ROW", on_finding).status());
  MergeCounts counts;
  SNOWFIELD_ASSIGN_OR_RETURN(counts.updated, stage.Merge(merge.update, dataset));
  SNOWFIELD_ASSIGN_OR_RETURN(counts.inserted, stage.Merge(merge.insert, dataset));
  counts.unchanged = row_count - counts.inserted - counts.updated;
  Transaction& transaction = stage.transaction();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result absent,
                             transaction.Run(merge.count_absent, Params().Id(transaction.campaign()).Text(dataset)));
  counts.absent = absent[0].Int64(0);
  return counts;
}
}  // namespace

absl::StatusOr<StreetStage> StreetStage::Open(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(StageCopy stage,
                             StageCopy::Start(transaction, {&queries::kCreateStageStreet}, queries::kCopyStageStreet));
  return StreetStage(std::move(stage));
}

absl::Status StreetStage::Put(const StagedStreet& street) {
  stage_.writer()
      .Row()
      .Int64(row_count_++)
      .Int64(street.line)
      .Text(street.row_key)
      .Text(street.external_id)
      .Text(street.name)
      .Text(street.name_key)
      .Text(street.street_class)
      .Bool(street.walkable)
      .Bool(street.bridge_or_tunnel)
      .Ewkb(street.line_ewkb);
  return stage_.writer().EndRow();
}

absl::Status StreetStage::EndRows() { return stage_.Finish(queries::kAnalyzeStageStreet); }

absl::StatusOr<MergeCounts> StreetStage::Merge(const std::string& dataset, OnFinding on_finding) {
  return MergeLines(stage_,
                    {.number_repeated = queries::kNumberRepeatedStreets,
                     .update = queries::kUpdateStreets,
                     .insert = queries::kInsertStreets,
                     .count_absent = queries::kCountAbsentStreets},
                    row_count_, dataset, on_finding);
}

absl::StatusOr<BarrierStage> BarrierStage::Open(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      StageCopy stage, StageCopy::Start(transaction, {&queries::kCreateStageBarrier}, queries::kCopyStageBarrier));
  return BarrierStage(std::move(stage));
}

absl::Status BarrierStage::Put(const StagedBarrier& barrier) {
  stage_.writer()
      .Row()
      .Int64(row_count_++)
      .Int64(barrier.line)
      .Text(barrier.row_key)
      .Text(barrier.external_id)
      .Text(barrier.kind)
      .Ewkb(barrier.shape_ewkb);
  return stage_.writer().EndRow();
}

absl::Status BarrierStage::EndRows() { return stage_.Finish(queries::kAnalyzeStageBarrier); }

absl::StatusOr<MergeCounts> BarrierStage::Merge(const std::string& dataset, OnFinding on_finding) {
  return MergeLines(stage_,
                    {.number_repeated = queries::kNumberRepeatedBarriers,
                     .update = queries::kUpdateBarriers,
                     .insert = queries::kInsertBarriers,
                     .count_absent = queries::kCountAbsentBarriers},
                    row_count_, dataset, on_finding);
}

}  // namespace snowfield::db
