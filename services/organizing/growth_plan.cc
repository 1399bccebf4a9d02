#include "services/organizing/growth_plan.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "db/store/audit_store.h"

namespace snowfield::organizing {
namespace {

constexpr int kShiftDoorsDefault = 10, kShiftDoorsMax = 1000;
constexpr int kReadyStepsDefault = 3;
constexpr int kDaysDefault = 14, kDaysMax = 365;
constexpr char kTimeZoneDefault[] = "UTC";

constexpr std::array<std::pair<v1::StepKind, std::string_view>, 7> kKinds = {{{v1::STEP_KIND_JOINED, "joined"},
                                                                              {v1::STEP_KIND_ATTENDED, "attended"},
                                                                              {v1::STEP_KIND_SHIFT, "shift"},
                                                                              {v1::STEP_KIND_TRAINED, "trained"},
                                                                              {v1::STEP_KIND_HOSTED, "hosted"},
                                                                              {v1::STEP_KIND_LEADS, "leads"},
                                                                              {v1::STEP_KIND_BY_HAND, "by_hand"}}};

std::string KindName(v1::StepKind kind) {
  for (const auto& [known, name] : kKinds) {
    if (known == kind) return std::string(name);
  }
  return "";
}

absl::Status CheckCode(const std::string& code, const std::string& field, absl::flat_hash_set<std::string>& seen) {
  const auto fits = [](char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '_'; };
  if (code.empty() || code.size() > kCodeCharactersMax || !absl::ascii_islower(code[0]) ||
      !std::all_of(code.begin(), code.end(), fits)) {
    return base::InvalidField(field, "CODE_INVALID",
                              "a code begins with a lower-case letter, and goes on with these, digits and _");
  }
  if (seen.insert(code).second) return absl::OkStatus();
  return base::InvalidField(field, "CODE_REPEATED", "each code stands once");
}

absl::Status CheckName(const std::string& name, const std::string& field) {
  const int64_t characters = base::CharacterCount(name);
  const bool plain = std::none_of(name.begin(), name.end(), [](unsigned char c) { return c < 0x20; });
  if (plain && characters >= 1 && characters <= kPlanNameCharactersMax) return absl::OkStatus();
  return base::InvalidField(field, "NAME_LENGTH", absl::StrCat("send 1 to ", kPlanNameCharactersMax, " characters"));
}

absl::StatusOr<int> InRange(int value, int fallback, int max, std::string_view field, std::string_view reason) {
  if (value == 0) return fallback;
  if (value >= 1 && value <= max) return value;
  return base::InvalidField(field, reason, absl::StrCat("send 1 to ", max, ", or 0 for ", fallback));
}

absl::Status ReadSteps(const v1::GrowthPlan& plan, db::GrowthPlanRow& row) {
  if (plan.steps().empty() || plan.steps_size() > kLadderStepsMax) {
    return base::InvalidField("plan.steps", "STEPS_OUT_OF_RANGE",
                              absl::StrCat("a ladder has 1 to ", kLadderStepsMax, " steps"));
  }
  absl::flat_hash_set<std::string> codes;
  for (int i = 0; i < plan.steps_size(); ++i) {
    const v1::LadderStep& step = plan.steps(i);
    const std::string field = absl::StrCat("plan.steps[", i, "]");
    SNOWFIELD_RETURN_IF_ERROR(CheckCode(step.code(), field + ".code", codes));
    SNOWFIELD_RETURN_IF_ERROR(CheckName(step.name(), field + ".name"));
    if (KindName(step.kind()).empty()) {
      return base::InvalidField(field + ".kind", "KIND_UNKNOWN", "say what records the step, or that a person does");
    }
    row.steps.push_back({.code = step.code(), .name = step.name(), .kind = KindName(step.kind())});
  }
  return absl::OkStatus();
}

absl::Status ReadModules(const v1::GrowthPlan& plan, db::GrowthPlanRow& row) {
  if (plan.modules_size() > kModulesMax) {
    return base::InvalidField("plan.modules", "MODULES_OUT_OF_RANGE",
                              absl::StrCat("at most ", kModulesMax, " training modules"));
  }
  absl::flat_hash_set<std::string> codes;
  for (int i = 0; i < plan.modules_size(); ++i) {
    const v1::TrainingModule& module = plan.modules(i);
    const std::string field = absl::StrCat("plan.modules[", i, "]");
    SNOWFIELD_RETURN_IF_ERROR(CheckCode(module.code(), field + ".code", codes));
    SNOWFIELD_RETURN_IF_ERROR(CheckName(module.name(), field + ".name"));
    if (module.valid_days() < 0 || module.valid_days() > kValidDaysMax) {
      return base::InvalidField(field + ".valid_days", "DAYS_OUT_OF_RANGE",
                                absl::StrCat("send 1 to ", kValidDaysMax, " days, or 0 for good"));
    }
    row.modules.push_back({.code = module.code(), .name = module.name(), .valid_days = module.valid_days()});
  }
  if (plan.required_module().empty() || codes.contains(plan.required_module())) return absl::OkStatus();
  return base::InvalidField("plan.required_module", "MODULE_UNKNOWN", "name one of the plan's modules, or none");
}

v1::GrowthPlan ToMessage(const db::GrowthPlanRow& row) {
  v1::GrowthPlan plan;
  plan.set_time_zone(row.rule.time_zone);
  plan.set_required_module(row.rule.required_module);
  plan.set_shift_doors_min(row.rule.shift_doors_min);
  plan.set_ready_steps_min(row.rule.ready_steps_min);
  plan.set_quiet_days(row.rule.quiet_days);
  plan.set_propose_again_days(row.rule.propose_again_days);
  for (const db::LadderStepRow& step : row.steps) {
    v1::LadderStep& out = *plan.add_steps();
    out.set_code(step.code);
    out.set_name(step.name);
    for (const auto& [kind, name] : kKinds) {
      if (name == step.kind) out.set_kind(kind);
    }
  }
  for (const db::ModuleRow& module : row.modules) {
    v1::TrainingModule& out = *plan.add_modules();
    out.set_code(module.code);
    out.set_name(module.name);
    out.set_valid_days(module.valid_days);
  }
  return plan;
}

}  // namespace

absl::StatusOr<db::GrowthPlanRow> ReadPlan(const v1::GrowthPlan& plan) {
  db::GrowthPlanRow row;
  SNOWFIELD_RETURN_IF_ERROR(ReadSteps(plan, row));
  SNOWFIELD_RETURN_IF_ERROR(ReadModules(plan, row));
  row.rule.required_module = plan.required_module();
  row.rule.time_zone = plan.time_zone().empty() ? kTimeZoneDefault : plan.time_zone();
  SNOWFIELD_ASSIGN_OR_RETURN(row.rule.shift_doors_min,
                             InRange(plan.shift_doors_min(), kShiftDoorsDefault, kShiftDoorsMax, "plan.shift_doors_min",
                                     "DOORS_OUT_OF_RANGE"));
  SNOWFIELD_ASSIGN_OR_RETURN(row.rule.ready_steps_min,
                             InRange(plan.ready_steps_min(), kReadyStepsDefault, kLadderStepsMax,
                                     "plan.ready_steps_min", "STEPS_OUT_OF_RANGE"));
  SNOWFIELD_ASSIGN_OR_RETURN(
      row.rule.quiet_days, InRange(plan.quiet_days(), kDaysDefault, kDaysMax, "plan.quiet_days", "DAYS_OUT_OF_RANGE"));
  SNOWFIELD_ASSIGN_OR_RETURN(row.rule.propose_again_days, InRange(plan.propose_again_days(), kDaysDefault, kDaysMax,
                                                                  "plan.propose_again_days", "DAYS_OUT_OF_RANGE"));
  return row;
}

absl::StatusOr<v1::GrowthPlan> GetGrowthPlan(db::Transaction& transaction) {
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::GrowthPlanRow row, db::ReadGrowthPlan(transaction));
  return ToMessage(row);
}

absl::StatusOr<v1::GrowthPlan> SetGrowthPlan(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::GrowthPlan& plan) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::GrowthPlanRow row, ReadPlan(plan));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool known, db::IsTimeZone(transaction, row.rule.time_zone));
  if (!known) {
    return base::InvalidField("plan.time_zone", "TIME_ZONE_UNKNOWN", "send an IANA name, such as America/New_York");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteGrowthPlan(transaction, row));
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = caller.member, .action = "growth_plan.set", .subject_kind = "campaign"}));
  return GetGrowthPlan(transaction);
}

}  // namespace snowfield::organizing
