// Growing leaders: the campaign's plan, steps that members have reached, trainings.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/tally_store.h"

namespace snowfield::db {

// Makes the default plan of a campaign that has none.
absl::Status EnsureGrowthPlan(Transaction& transaction);

struct GrowthRule {
  int shift_doors_min = 0;
  int ready_steps_min = 0;
  int quiet_days = 0;
  int propose_again_days = 0;
  std::string required_module;  // empty: none
  std::string time_zone;
};
struct LadderStepRow {
  std::string code;
  std::string name;
  std::string kind;  // joined, attended, shift, trained, hosted, leads, by_hand
};
struct ModuleRow {
  std::string code;
  std::string name;
  int valid_days = 0;  // 0: for good
};
struct GrowthPlanRow {
  GrowthRule rule;
  std::vector<LadderStepRow> steps;  // from the first upwards
  std::vector<ModuleRow> modules;    // by code
};
// Where EnsureGrowthPlan was called before.
absl::StatusOr<GrowthPlanRow> ReadGrowthPlan(Transaction& transaction);
// FAILED_PRECONDITION where the required module is none of the modules.
absl::Status WriteGrowthPlan(Transaction& transaction, const GrowthPlanRow& plan);
absl::StatusOr<bool> IsTimeZone(Transaction& transaction, std::string_view name);

// The shifts among these days, which AddDays has stored.
absl::Status RecordShiftSteps(Transaction& transaction, const std::vector<DayDelta>& days);
// That these members joined, and that they lead a team where they do.
absl::Status RecordPlaceSteps(Transaction& transaction, const std::vector<base::MemberId>& members);
struct StepRecord {
  std::vector<base::MemberId> members;
  std::string_view kind;
  std::string evidence_json;
  base::MemberId recorded_by;
  absl::Time time;
};
absl::Status RecordSteps(Transaction& transaction, const StepRecord& record);
struct StepByHand {
  base::MemberId member;
  std::string code;
  absl::Time time;
  std::string note;
  base::MemberId recorded_by;
};
// False where the step was reached before.
absl::StatusOr<bool> RecordStepByHand(Transaction& transaction, const StepByHand& step);

struct MemberStepRow {
  std::string code;
  std::string name;
  std::optional<absl::Time> reach_time;
  std::string evidence_json;
  std::string note;
  base::MemberId recorded_by;
};
// The whole ladder.
absl::StatusOr<std::vector<MemberStepRow>> ListMemberSteps(Transaction& transaction, base::MemberId member);

struct TrainingRecord {
  std::vector<base::MemberId> members;
  std::string module;
  absl::Time complete_time;
  base::MemberId recorded_by;
};
absl::Status RecordTraining(Transaction& transaction, const TrainingRecord& record);
absl::StatusOr<bool> ModuleExists(Transaction& transaction, std::string_view code);

struct TrainingRow {
  std::string code;
  std::string name;
  absl::Time complete_time;
  std::optional<absl::Time> expire_time;
};
absl::StatusOr<std::vector<TrainingRow>> ListMemberTrainings(Transaction& transaction, base::MemberId member);

struct Untrained {
  std::vector<base::MemberId> members;
  std::string module;  // what they lack
};
// Who of these lacks the module that turf needs; nobody where none is required.
absl::StatusOr<Untrained> FindUntrained(Transaction& transaction, const std::vector<base::MemberId>& members,
                                        absl::Time now);

// FAILED_PRECONDITION TRAINING_MISSING, naming who of these lacks which module.
absl::Status CheckTrained(Transaction& transaction, const std::vector<base::MemberId>& members, absl::Time now,
                          std::string_view field);

struct ExpiringRow {
  base::MemberId member;
  std::string module;
  absl::Time expire_time;
};
struct ExpiryWindow {
  absl::Time from;
  absl::Time until;
  int count_max = 0;
};
// Of the leader and their team, soonest first.
absl::StatusOr<std::vector<ExpiringRow>> ListExpiringTrainings(Transaction& transaction, base::MemberId leader,
                                                               const ExpiryWindow& window);

// Which of these are members who are here.
absl::StatusOr<std::vector<base::MemberId>> MembersAmong(Transaction& transaction,
                                                         const std::vector<base::MemberId>& members);

}  // namespace snowfield::db
