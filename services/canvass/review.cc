#include "services/canvass/review.h"

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/store/audit_store.h"
#include "db/store/change_store.h"
#include "db/store/evidence_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/knock_store.h"
#include "db/store/meeting_store.h"
#include "services/access/scope.h"
#include "services/canvass/knock_check.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
constexpr char kFlaggedKnocks[] = "flagged_knocks";
constexpr char kAccepted[] = "accepted";
constexpr char kVoided[] = "voided";

v1::Verdict VerdictOnWire(std::string_view name) {
  if (name == kAccepted) return v1::VERDICT_ACCEPTED;
  return name == kVoided ? v1::VERDICT_VOIDED : v1::VERDICT_UNSPECIFIED;
}

void Write(const db::FlaggedKnock& knock, v1::FlaggedKnock& out) {
  out.set_knock_id(knock.knock.ToString());
  out.set_member_id(knock.member.value);
  out.set_phone_id(knock.phone.value);
  out.set_door_id(knock.door.value);
  out.set_list_number(knock.list_number);
  out.set_result(static_cast<v1::KnockResult>(knock.result));
  *out.mutable_phone_time() = rpc::ToTimestamp(knock.phone_time);
  *out.mutable_receive_time() = rpc::ToTimestamp(knock.receive_time);
  for (const db::Evidence& evidence : knock.evidence) {
    v1::Evidence* one = out.add_evidence();
    one->set_flag(evidence.flag);
    one->set_measured(evidence.measured);
    one->set_limit(evidence.bound);
  }
  out.set_verdict(VerdictOnWire(knock.verdict));
  out.set_reason(knock.reason);
  out.set_judge_id(knock.judge.value);
  if (knock.judge_time.has_value()) *out.mutable_judge_time() = rpc::ToTimestamp(*knock.judge_time);
  if (!knock.other.has_value()) return;
  out.set_other_knock_id(knock.other->ToString());
  out.set_other_result(static_cast<v1::KnockResult>(knock.other_result));
  if (knock.other_time.has_value()) *out.mutable_other_time() = rpc::ToTimestamp(*knock.other_time);
}

absl::Status CheckJudgement(const v1::JudgeKnockRequest& request) {
  if (request.verdict() != v1::VERDICT_ACCEPTED && request.verdict() != v1::VERDICT_VOIDED) {
    return base::InvalidField("verdict", "VERDICT_MISSING", "say whether the knock is accepted or voided");
  }
  if (request.reason().empty()) {
    return base::InvalidField("reason", "REASON_MISSING", "say why, for those who ask later");
  }
  return CheckText(request.reason(), kJudgementReasonCharactersMax, "reason");
}

// Work ends, yeses to meetings are taken back, and phones learn what the door is without the knock.
absl::StatusOr<int> DrawConsequences(db::Transaction& transaction, const db::Judgement& judgement, base::DoorId door) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int closed, db::DropFollowUpsOfVoided(transaction, judgement));
  SNOWFIELD_RETURN_IF_ERROR(db::ReconsiderFollowUps(transaction, door, judgement.now));
  SNOWFIELD_RETURN_IF_ERROR(db::AnswerAtDoors(transaction, {judgement.knock}));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::NewChange> of_knock,
                             db::ChangesOfKnocks(transaction, {judgement.knock}));
  std::vector<db::NewChange> changes;
  for (const db::NewChange& change : of_knock) {
    if (change.kind != db::ChangeKind::kKnock) continue;
    changes.push_back(change);
    changes.back().kind = db::ChangeKind::kKnockVoided;
  }
  SNOWFIELD_RETURN_IF_ERROR(db::AppendChanges(transaction, changes));
  return closed;
}

}  // namespace

absl::StatusOr<v1::ListFlaggedKnocksResponse> ListFlagged(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListFlaggedKnocksRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kFlaggedKnocks, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::FlaggedKnock> knocks,
                             db::ListFlaggedKnocks(transaction, {.root = access::BranchRoot(caller),
                                                                 .pending_only = !request.judged_too(),
                                                                 .after = page.after,
                                                                 .count_max = page.size + 1}));
  v1::ListFlaggedKnocksResponse response;
  for (const db::FlaggedKnock& knock : knocks) {
    if (response.knocks_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kFlaggedKnocks, knocks[page.size - 1].evidence_id));
      break;
    }
    Write(knock, *response.add_knocks());
  }
  return response;
}

absl::StatusOr<v1::JudgeKnockResponse> Judge(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::JudgeKnockRequest& request, absl::Time now) {
  const absl::StatusOr<base::Uuid> knock = base::Uuid::Parse(request.knock_id(), "knock_id");
  if (!knock.ok()) return base::InvalidField("knock_id", "KNOCK_ID_INVALID", "name the knock by its UUID");
  SNOWFIELD_RETURN_IF_ERROR(CheckJudgement(request));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::KnockToJudge found, db::FindKnockToJudge(transaction, *knock));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, found.member, "knock_id"));
  if (found.member == caller.member) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "OWN_KNOCK", "knock_id",
                         "nobody judges their own knock: ask someone above you");
  }
  const bool is_void = request.verdict() == v1::VERDICT_VOIDED;
  const db::Judgement judgement{.knock = *knock,
                                .verdict = is_void ? kVoided : kAccepted,
                                .reason = request.reason(),
                                .judge = caller.member,
                                .now = now};
  SNOWFIELD_ASSIGN_OR_RETURN(const bool is_first, db::InsertJudgement(transaction, judgement));
  v1::JudgeKnockResponse response;
  if (!is_first) {
    // Read again: someone may have been first at this moment.
    SNOWFIELD_ASSIGN_OR_RETURN(const db::KnockToJudge judged, db::FindKnockToJudge(transaction, *knock));
    if (judged.verdict == judgement.verdict) return response;
    return base::NotNow("ALREADY_JUDGED", absl::StrCat("this knock was ", judged.verdict, " before: that stands"));
  }
  const std::string detail = absl::StrCat("{\"knock_id\":\"", knock->ToString(), "\"}");
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                         .action = is_void ? "knock.void" : "knock.accept",
                                                         .subject_kind = "member",
                                                         .subject_id = found.member.value,
                                                         .detail_json = detail}));
  if (!is_void) return response;
  SNOWFIELD_ASSIGN_OR_RETURN(const int closed, DrawConsequences(transaction, judgement, found.door));
  response.set_follow_ups_closed(closed);
  return response;
}

absl::StatusOr<v1::EvidenceLimits> ReadLimits(db::Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::EvidenceLimits found, db::FindEvidenceLimits(transaction));
  v1::EvidenceLimits limits;
  limits.set_distance_m(found.distance_m);
  limits.set_accuracy_m(found.accuracy_m);
  limits.set_speed_m_per_s(found.speed_m_per_s);
  limits.set_clock_ahead_s(found.clock_ahead_s);
  limits.set_clock_behind_s(found.clock_behind_s);
  limits.set_clock_backwards_s(found.clock_backwards_s);
  return limits;
}

absl::StatusOr<v1::EvidenceLimits> SetLimits(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::EvidenceLimits& limits) {
  const std::pair<const char*, double> values[] = {
      {"limits.distance_m", limits.distance_m()},         {"limits.accuracy_m", limits.accuracy_m()},
      {"limits.speed_m_per_s", limits.speed_m_per_s()},   {"limits.clock_ahead_s", limits.clock_ahead_s()},
      {"limits.clock_behind_s", limits.clock_behind_s()}, {"limits.clock_backwards_s", limits.clock_backwards_s()}};
  for (const auto& [field, value] : values) {
    if (std::isfinite(value) && value >= 0 && value <= kEvidenceLimitMax) continue;
    return base::InvalidField(field, "LIMIT_OUT_OF_RANGE", "send 0 to 1,000,000,000");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::SetEvidenceLimits(transaction, {.distance_m = limits.distance_m(),
                                                                .accuracy_m = limits.accuracy_m(),
                                                                .speed_m_per_s = limits.speed_m_per_s(),
                                                                .clock_ahead_s = limits.clock_ahead_s(),
                                                                .clock_behind_s = limits.clock_behind_s(),
                                                                .clock_backwards_s = limits.clock_backwards_s()}));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member, .action = "evidence.set_limits"}));
  return ReadLimits(transaction);
}

}  // namespace snowfield::canvass
