#include "db/store/growth_store.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/queries/growth_queries.h"

namespace snowfield::db {
namespace {

// How many a refusal names.
constexpr size_t kUntrainedNamedMax = 20;

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

template <typename Item>
std::vector<std::string> Texts(const std::vector<Item>& items, std::string Item::*text) {
  std::vector<std::string> texts;
  for (const Item& item : items) texts.push_back(item.*text);
  return texts;
}

absl::StatusOr<GrowthRule> ReadRule(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kReadGrowthRule, Campaign(transaction)));
  if (result.empty()) return absl::InternalError("the campaign has no growth plan");
  const Row row = result[0];
  return GrowthRule{.shift_doors_min = row.Int32(0),
                    .ready_steps_min = row.Int32(1),
                    .quiet_days = row.Int32(2),
                    .propose_again_days = row.Int32(3),
                    .required_module = std::string(row.Text(4)),
                    .time_zone = std::string(row.Text(5))};
}

}  // namespace

absl::Status EnsureGrowthPlan(Transaction& transaction) {
  return transaction.Run(queries::kEnsureGrowthPlan, Campaign(transaction)).status();
}

absl::StatusOr<GrowthPlanRow> ReadGrowthPlan(Transaction& transaction) {
  GrowthPlanRow plan;
  SNOWFIELD_ASSIGN_OR_RETURN(plan.rule, ReadRule(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const Result steps, transaction.Run(queries::kListLadder, Campaign(transaction)));
  for (const Row& row : steps) {
    plan.steps.push_back(
        {.code = std::string(row.Text(0)), .name = std::string(row.Text(1)), .kind = std::string(row.Text(2))});
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result modules, transaction.Run(queries::kListModules, Campaign(transaction)));
  for (const Row& row : modules) {
    plan.modules.push_back(
        {.code = std::string(row.Text(0)), .name = std::string(row.Text(1)), .valid_days = row.Int32(2)});
  }
  return plan;
}

absl::Status WriteGrowthPlan(Transaction& transaction, const GrowthPlanRow& plan) {
  std::vector<int32_t> valid_days;
  for (const ModuleRow& module : plan.modules) valid_days.push_back(module.valid_days);
  SNOWFIELD_RETURN_IF_ERROR(transaction
                                .Run(queries::kWriteModules, Campaign(transaction)
                                                                 .Texts(Texts(plan.modules, &ModuleRow::code))
                                                                 .Texts(Texts(plan.modules, &ModuleRow::name))
                                                                 .Int32s(valid_days))
                                .status());
  SNOWFIELD_RETURN_IF_ERROR(transaction
                                .Run(queries::kWriteLadder, Campaign(transaction)
                                                                .Texts(Texts(plan.steps, &LadderStepRow::code))
                                                                .Texts(Texts(plan.steps, &LadderStepRow::name))
                                                                .Texts(Texts(plan.steps, &LadderStepRow::kind)))
                                .status());
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kWriteTimeZone, Campaign(transaction).Text(plan.rule.time_zone)).status());
  return transaction
      .Run(queries::kWriteGrowthRule, Campaign(transaction)
                                          .Int32(plan.rule.shift_doors_min)
                                          .Int32(plan.rule.ready_steps_min)
                                          .Int32(plan.rule.quiet_days)
                                          .Int32(plan.rule.propose_again_days)
                                          .Text(plan.rule.required_module))
      .status();
}

absl::StatusOr<bool> IsTimeZone(Transaction& transaction, std::string_view name) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kIsTimeZone, Params().Text(name)));
  return result[0].Bool(0);
}

absl::Status RecordShiftSteps(Transaction& transaction, const std::vector<DayDelta>& days) {
  if (days.empty()) return absl::OkStatus();
  std::vector<base::MemberId> members;
  for (const DayDelta& day : days) members.push_back(day.member);
  return transaction
      .Run(queries::kRecordShiftSteps, Campaign(transaction).Ids(members).Texts(Texts(days, &DayDelta::day)))
      .status();
}

absl::Status RecordPlaceSteps(Transaction& transaction, const std::vector<base::MemberId>& members) {
  if (members.empty()) return absl::OkStatus();
  return transaction.Run(queries::kRecordPlaceSteps, Campaign(transaction).Ids(members)).status();
}

absl::Status RecordSteps(Transaction& transaction, const StepRecord& record) {
  if (record.members.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kRecordSteps, Campaign(transaction)
                                      .Ids(record.members)
                                      .Text(record.kind)
                                      .Text(record.evidence_json)
                                      .Id(record.recorded_by)
                                      .Time(record.time))
      .status();
}

absl::StatusOr<bool> RecordStepByHand(Transaction& transaction, const StepByHand& step) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(
          queries::kRecordStepByHand,
          Campaign(transaction).Id(step.member).Text(step.code).Time(step.time).Text(step.note).Id(step.recorded_by)));
  return result.affected_row_count() > 0;
}

absl::StatusOr<std::vector<MemberStepRow>> ListMemberSteps(Transaction& transaction, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListMemberSteps, Campaign(transaction).Id(member)));
  std::vector<MemberStepRow> steps;
  for (const Row& row : result) {
    steps.push_back({.code = std::string(row.Text(0)),
                     .name = std::string(row.Text(1)),
                     .reach_time = row.OptionalTime(2),
                     .evidence_json = std::string(row.Text(3)),
                     .note = std::string(row.Text(4)),
                     .recorded_by = row.Id<base::MemberId>(5)});
  }
  return steps;
}

absl::Status RecordTraining(Transaction& transaction, const TrainingRecord& record) {
  if (record.members.empty()) return absl::OkStatus();
  return transaction
      .Run(queries::kRecordTraining, Campaign(transaction)
                                         .Ids(record.members)
                                         .Text(record.module)
                                         .Time(record.complete_time)
                                         .Id(record.recorded_by))
      .status();
}

absl::StatusOr<bool> ModuleExists(Transaction& transaction, std::string_view code) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kModuleExists, Campaign(transaction).Text(code)));
  return result[0].Bool(0);
}

absl::StatusOr<std::vector<TrainingRow>> ListMemberTrainings(Transaction& transaction, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListMemberTrainings, Campaign(transaction).Id(member)));
  std::vector<TrainingRow> trainings;
  for (const Row& row : result) {
    trainings.push_back({.code = std::string(row.Text(0)),
                         .name = std::string(row.Text(1)),
                         .complete_time = row.Time(2),
                         .expire_time = row.OptionalTime(3)});
  }
  return trainings;
}

absl::StatusOr<Untrained> FindUntrained(Transaction& transaction, const std::vector<base::MemberId>& members,
                                        absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindUntrained, Campaign(transaction).Ids(members).Time(now)));
  Untrained untrained;
  for (const Row& row : result) {
    untrained.members.push_back(row.Id<base::MemberId>(0));
    untrained.module = std::string(row.Text(1));
  }
  return untrained;
}

absl::Status CheckTrained(Transaction& transaction, const std::vector<base::MemberId>& members, absl::Time now,
                          std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Untrained untrained, FindUntrained(transaction, members, now));
  if (untrained.members.empty()) return absl::OkStatus();
  const size_t named = std::min(untrained.members.size(), kUntrainedNamedMax);
  std::string who;
  for (size_t i = 0; i < named; ++i) absl::StrAppend(&who, i == 0 ? "" : ", ", untrained.members[i].value);
  if (named < untrained.members.size()) absl::StrAppend(&who, " and ", untrained.members.size() - named, " more");
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TRAINING_MISSING", field,
                       absl::StrCat("turf is given to those who have completed the training ", untrained.module,
                                    ", and member ", who, " has not"));
}

absl::StatusOr<std::vector<ExpiringRow>> ListExpiringTrainings(Transaction& transaction, base::MemberId leader,
                                                               const ExpiryWindow& window) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListExpiringTrainings,
                      Campaign(transaction).Id(leader).Time(window.from).Time(window.until).Int32(window.count_max)));
  std::vector<ExpiringRow> rows;
  for (const Row& row : result) {
    rows.push_back(
        {.member = row.Id<base::MemberId>(0), .module = std::string(row.Text(1)), .expire_time = row.Time(2)});
  }
  return rows;
}

absl::StatusOr<std::vector<base::MemberId>> MembersAmong(Transaction& transaction,
                                                         const std::vector<base::MemberId>& members) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kMembersOf, Campaign(transaction).Ids(members)));
  std::vector<base::MemberId> here;
  for (const Row& row : result) here.push_back(row.Id<base::MemberId>(0));
  return here;
}

}  // namespace snowfield::db
