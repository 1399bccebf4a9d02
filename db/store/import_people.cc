#include "db/store/import_people.h"

#include "base/status.h"
#include "db/queries/import_person_queries.h"

namespace snowfield::db {
namespace {
Params Campaign(const Transaction& transaction) {
  Params params;
  params.Id(transaction.campaign());
  return params;
}

absl::Status SearchDoors(Transaction& transaction) {
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kAnalyzeSeeker).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kFindDoors, Campaign(transaction)).status());
  return transaction.Run(queries::kAnalyzeFinding).status();
}
}  // namespace

absl::StatusOr<PersonStage> PersonStage::Open(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      StageCopy stage,
      StageCopy::Start(transaction, {&queries::kCreateStagePerson, &queries::kCreateSeeker, &queries::kCreateFinding},
                       queries::kCopyStagePerson));
  return PersonStage(std::move(stage));
}

absl::Status PersonStage::Put(const StagedPerson& person) {
  stage_.writer()
      .Row()
      .Int64(row_count_++)
      .Int64(person.line)
      .Text(person.external_id)
      .Text(person.content_key)
      .Text(person.first_name)
      .Text(person.middle_name)
      .Text(person.last_name)
      .Text(person.suffix)
      .Text(person.address_line)
      .Text(person.street_key)
      .Text(person.number_key)
      .Text(person.unit_key)
      .Text(person.city)
      .Text(person.postal_code)
      .Int32(person.birth_year)
      .Text(person.sex)
      .Text(person.party)
      .Text(person.phone)
      .Text(person.email);
  return stage_.writer().EndRow();
}

absl::Status PersonStage::EndRows() { return stage_.Finish(queries::kAnalyzeStagePerson); }

absl::StatusOr<int64_t> PersonStage::KeepErasedOut(OnFinding on_finding) {
  Transaction& transaction = stage_.transaction();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result any, transaction.Run(queries::kHasErasedPeople, Campaign(transaction)));
  if (!any[0].Bool(0)) return 0;
  if (brings_back_erased_) {
    SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kBringBackErasedPeople, Campaign(transaction)).status());
    return 0;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result out, transaction.Run(queries::kRejectErasedPeople, Campaign(transaction)));
  for (const Row row : out) {
    SNOWFIELD_RETURN_IF_ERROR(on_finding(row.Int64(0), row.Text(1)));
  }
  return int64_t{out.row_count()};
}

absl::StatusOr<MergeCounts> PersonStage::Merge(const std::string& dataset, OnFinding on_finding) {
  MergeCounts counts;
  SNOWFIELD_ASSIGN_OR_RETURN(counts.rejected, stage_.Report(queries::kRejectRepeatedPeople, "", on_finding));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t erased, KeepErasedOut(on_finding));
  counts.rejected += erased;
  SNOWFIELD_RETURN_IF_ERROR(FindDoors(dataset));
  Transaction& transaction = stage_.transaction();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result updated,
                             transaction.Run(queries::kUpdatePeople, Campaign(transaction).Text(dataset)));
  counts.updated = updated[0].Int64(0);
  SNOWFIELD_ASSIGN_OR_RETURN(counts.inserted, stage_.Merge(queries::kInsertPeople, dataset));
  counts.unchanged = row_count_ - counts.inserted - counts.updated - counts.rejected;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result absent,
                             transaction.Run(queries::kCountAbsentPeople, Campaign(transaction).Text(dataset)));
  counts.absent = absent[0].Int64(0);
  SNOWFIELD_RETURN_IF_ERROR(stage_.Report(queries::kListFindings, "", on_finding).status());
  return counts;
}

absl::Status PersonStage::FindDoors(const std::string& dataset) {
  SNOWFIELD_RETURN_IF_ERROR(stage_.Merge(queries::kSeekForStagedPeople, dataset).status());
  return SearchDoors(stage_.transaction());
}

absl::Status FindDoorsOfUnmatched(Transaction& transaction) {
  SNOWFIELD_RETURN_IF_ERROR(PlanForImport(transaction));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kCreateSeeker).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kCreateFinding).status());
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kSeekForUnmatchedPeople, Campaign(transaction)).status());
  SNOWFIELD_RETURN_IF_ERROR(SearchDoors(transaction));
  return transaction.Run(queries::kUpdateUnmatchedPeople, Campaign(transaction)).status();
}

absl::StatusOr<MatchCounts> CountMatchedPeople(Transaction& transaction, const std::string& dataset) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountMatchedPeople, Campaign(transaction).Text(dataset)));
  return MatchCounts{.matched = result[0].Int64(0), .unmatched = result[0].Int64(1)};
}

}  // namespace snowfield::db
