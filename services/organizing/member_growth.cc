#include "services/organizing/member_growth.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/growth_store.h"
#include "db/store/member_store.h"
#include "services/access/scope.h"
#include "services/organizing/branch_rights.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {
namespace {

// A leader speaks for others of their branch; nobody but staff for themselves.
absl::Status CheckMaySpeakFor(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                              std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, member, field));
  if (row.id == caller.member && access::BranchRoot(caller)) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_FOR_ONESELF", field,
                         "your own steps and trainings are recorded by whoever leads you");
  }
  return CheckMayChange(transaction, caller, row, field);
}

absl::Status CheckNote(const std::string& note) {
  const int64_t characters = base::CharacterCount(note);
  if (characters <= kStepNoteCharactersMax && note.find('\0') == std::string::npos) return absl::OkStatus();
  return base::InvalidField("note", "TOO_LONG", absl::StrCat("at most ", kStepNoteCharactersMax, " characters"));
}

}  // namespace

absl::StatusOr<v1::GetMemberGrowthResponse> GetMemberGrowth(db::Transaction& transaction, const access::Caller& caller,
                                                            const v1::GetMemberGrowthRequest& request) {
  const base::MemberId member = request.member_id() == 0 ? caller.member : base::MemberId(request.member_id());
  SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, member, "member_id").status());
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  v1::GetMemberGrowthResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto steps, db::ListMemberSteps(transaction, member));
  for (const db::MemberStepRow& row : steps) {
    v1::ReachedStep& step = *response.add_steps();
    step.set_code(row.code);
    step.set_name(row.name);
    if (row.reach_time.has_value()) *step.mutable_reach_time() = rpc::ToTimestamp(*row.reach_time);
    step.set_evidence(row.evidence_json);
    step.set_note(row.note);
    step.set_recorded_by_id(row.recorded_by.value);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto trainings, db::ListMemberTrainings(transaction, member));
  for (const db::TrainingRow& row : trainings) {
    v1::CompletedTraining& training = *response.add_trainings();
    training.set_code(row.code);
    training.set_name(row.name);
    *training.mutable_complete_time() = rpc::ToTimestamp(row.complete_time);
    if (row.expire_time.has_value()) *training.mutable_expire_time() = rpc::ToTimestamp(*row.expire_time);
  }
  return response;
}

absl::StatusOr<v1::RecordStepResponse> RecordStep(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::RecordStepRequest& request, absl::Time now) {
  const base::MemberId member(request.member_id());
  SNOWFIELD_RETURN_IF_ERROR(CheckNote(request.note()));
  SNOWFIELD_RETURN_IF_ERROR(CheckMaySpeakFor(transaction, caller, member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::GrowthPlanRow plan, db::ReadGrowthPlan(transaction));
  const auto is_it = [&](const db::LadderStepRow& step) { return step.code == request.code(); };
  if (std::none_of(plan.steps.begin(), plan.steps.end(), is_it)) {
    return base::InvalidField("code", "STEP_UNKNOWN", "name a step of the campaign's ladder by its code");
  }
  v1::RecordStepResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(const bool recorded, db::RecordStepByHand(transaction, {.member = member,
                                                                                     .code = request.code(),
                                                                                     .time = now,
                                                                                     .note = request.note(),
                                                                                     .recorded_by = caller.member}));
  response.set_recorded(recorded);
  if (!recorded) return response;
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = caller.member,
                                   .action = "member.step",
                                   .subject_kind = "member",
                                   .subject_id = member.value,
                                   .detail_json = absl::StrCat("{\"code\":\"", request.code(), "\"}")}));
  return response;
}

absl::Status RecordTraining(db::Transaction& transaction, const access::Caller& caller,
                            const v1::RecordTrainingRequest& request, absl::Time now) {
  if (request.member_ids().empty() || request.member_ids_size() > kTrainedMembersMax) {
    return base::InvalidField("member_ids", "MEMBERS_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kTrainedMembersMax, " members"));
  }
  absl::Time complete_time = now;
  if (request.has_complete_time()) {
    SNOWFIELD_ASSIGN_OR_RETURN(complete_time, rpc::FromTimestamp(request.complete_time(), "complete_time"));
    if (complete_time > now + kCompletionAheadMax) {
      return base::InvalidField("complete_time", "TIME_OUT_OF_RANGE", "a training is completed when it has been held");
    }
  }
  std::vector<base::MemberId> members;
  for (const int64_t id : request.member_ids()) members.emplace_back(id);
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  for (const base::MemberId member : members) {
    SNOWFIELD_RETURN_IF_ERROR(CheckMaySpeakFor(transaction, caller, member, "member_ids"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const bool known, db::ModuleExists(transaction, request.module()));
  if (!known) {
    return base::InvalidField("module", "MODULE_UNKNOWN", "name a training module of the campaign's plan by its code");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::RecordTraining(
      transaction,
      {.members = members, .module = request.module(), .complete_time = complete_time, .recorded_by = caller.member}));
  // A code holds nothing that JSON would have to escape.
  const std::string detail = absl::StrCat("{\"module\":\"", request.module(), "\"}");
  SNOWFIELD_RETURN_IF_ERROR(db::RecordSteps(transaction, {.members = members,
                                                          .kind = "trained",
                                                          .evidence_json = detail,
                                                          .recorded_by = caller.member,
                                                          .time = complete_time}));
  for (const base::MemberId member : members) {
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                           .action = "member.training",
                                                           .subject_kind = "member",
                                                           .subject_id = member.value,
                                                           .detail_json = detail}));
  }
  return absl::OkStatus();
}

}  // namespace snowfield::organizing
