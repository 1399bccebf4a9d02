#include "db/store/import_addresses.h"

#include "base/status.h"
#include "db/queries/import_address_queries.h"

namespace snowfield::db {

absl::StatusOr<AddressStage> AddressStage::Open(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      StageCopy stage,
      StageCopy::Start(transaction,
                       {&queries::kCreateStageAddress, &queries::kCreateStagePoint, &queries::kCreateKnownDoor,
                        &queries::kCreateDoorMatch, &queries::kCreatePointMatch, &queries::kCreateDoorChange,
                        &queries::kCreateRowChange},
                       queries::kCopyStageAddress));
  return AddressStage(std::move(stage));
}

absl::Status AddressStage::Put(const StagedDoor& door) {
  CopyWriter& writer = stage_.writer();
  writer.Row()
      .Int64(door_count_++)
      .Int64(door.row_number)
      .Int64(door.line)
      .Int32(door.unit_index)
      .Text(door.external_id)
      .Text(door.content_key)
      .Text(door.row_key)
      .Text(door.unit_key)
      .Text(door.unit)
      .Int32(door.floor)
      .Text(door.house_number)
      .Text(door.street)
      .Text(door.street_key)
      .Text(door.number_key)
      .Text(door.city)
      .Text(door.postal_code)
      .Ewkb(door.position_ewkb);
  if (door.unit_index <= 1) ++row_count_;
  any_external_id_ = any_external_id_ || !door.external_id.empty();
  return writer.EndRow();
}

absl::Status AddressStage::EndRows() { return stage_.Finish(queries::kAnalyzeStageAddress); }

absl::StatusOr<MergeCounts> AddressStage::Merge(const std::string& dataset, OnFinding on_finding) {
  int64_t rejected = 0;
  // A row that counts its units is one row: its first door speaks for it.
  const auto on_row = [&](const Query& query, std::string_view reason, int64_t* count) {
    return stage_.transaction().Stream(query, Params(), [&](const Row& row) {
      if (row.Int32(1) > 1) return absl::OkStatus();
      ++*count;
      return on_finding(row.Int64(0), reason);
    });
  };
  if (any_external_id_) {
    SNOWFIELD_RETURN_IF_ERROR(on_row(queries::kRejectRepeatedIds, "EXTERNAL_ID_REPEATED", &rejected));
  }
  int64_t repeated = 0;
  SNOWFIELD_RETURN_IF_ERROR(on_row(queries::kNumberRepeatedDoors, "REPEATED_ROW", &repeated));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kFillStagePoint));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kAnalyzeStagePoint));

  row_count_ -= rejected;
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result known,
      stage_.transaction().Run(queries::kDatasetExists, Params().Id(stage_.transaction().campaign()).Text(dataset)));
  MergeCounts counts{.inserted = row_count_};
  if (known[0].Bool(0)) {
    SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kFillKnownDoor, dataset).status());
    SNOWFIELD_RETURN_IF_ERROR(MatchDoors());
    SNOWFIELD_RETURN_IF_ERROR(MatchPoints(dataset));
    SNOWFIELD_RETURN_IF_ERROR(StoreChanges(dataset));
    SNOWFIELD_ASSIGN_OR_RETURN(counts, CountChanges());
  } else {
    SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kInsertAllDoors, dataset).status());
  }
  counts.rejected = rejected;
  return counts;
}

absl::Status AddressStage::MatchDoors() {
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kAnalyzeKnownDoor));
  if (any_external_id_) SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kMatchDoorsById));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kAnalyzeDoorMatch));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kMatchDoorsByPlace));
  return stage_.Do(queries::kAnalyzeDoorMatch);
}

absl::Status AddressStage::MatchPoints(const std::string& dataset) {
  SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kMatchPointsByKey, dataset).status());
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kAnalyzePointMatch));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Do(queries::kMatchMovedPoints));
  return stage_.Do(queries::kAnalyzePointMatch);
}

absl::Status AddressStage::StoreChanges(const std::string& dataset) {
  const auto run = [&](const Query& query) {
    return stage_.transaction().Run(query, Params().Id(stage_.transaction().campaign())).status();
  };
  SNOWFIELD_RETURN_IF_ERROR(run(queries::kUpdatePoints));
  SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kInsertPoints, dataset).status());
  SNOWFIELD_RETURN_IF_ERROR(run(queries::kFillDoorChange));
  SNOWFIELD_RETURN_IF_ERROR(run(queries::kParkDoors));
  SNOWFIELD_RETURN_IF_ERROR(run(queries::kUpdateDoors));
  return run(queries::kInsertDoors);
}

absl::StatusOr<MergeCounts> AddressStage::CountChanges() {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result changes, stage_.transaction().Run(queries::kCountRowChanges));
  SNOWFIELD_ASSIGN_OR_RETURN(const Result absent, stage_.transaction().Run(queries::kCountAbsentDoors));
  MergeCounts counts{.inserted = changes[0].Int64(0), .updated = changes[0].Int64(1)};
  counts.unchanged = row_count_ - counts.inserted - counts.updated;
  counts.absent = absent[0].Int64(0);
  return counts;
}

}  // namespace snowfield::db
