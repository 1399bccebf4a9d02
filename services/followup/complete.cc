#include "services/followup/complete.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/follow_up_queue_store.h"
#include "db/store/meeting_store.h"
#include "services/access/scope.h"
#include "services/followup/queue.h"
#include "services/followup/wire.h"

namespace snowfield::followup {
namespace {

using Items = google::protobuf::RepeatedPtrField<v1::CompleteFollowUpRequest>;

absl::Status CheckMeeting(const v1::CompleteFollowUpRequest& request, const db::LockedFollowUp& item) {
  if (request.meeting_id() == 0) return absl::OkStatus();
  if (request.outcome() != v1::FOLLOW_UP_OUTCOME_SAID_YES) {
    return base::InvalidField("meeting_id", "MEETING_NEEDS_YES", "a meeting goes with the outcome SAID_YES");
  }
  if (item.person) return absl::OkStatus();
  return base::InvalidField("meeting_id", "MEETING_NEEDS_PERSON",
                            "this work is with a household: answer for one of its people at the meeting itself");
}

// The person said yes to a meeting of the caller's branch, or to one that the caller is invited to. Writes nothing
// where it fails.
absl::Status BringToMeeting(db::Transaction& transaction, const access::Caller& caller, const db::LockedFollowUp& item,
                            db::MeetingId id, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(db::LockMeeting(transaction, id));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow meeting, db::FindMeeting(transaction, id));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, access::IsInScope(transaction, caller, meeting.host));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool is_guest, db::IsGuest(transaction, id, caller.member));
  if (!inside && !is_guest) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_BRANCH", "meeting_id",
                         "this meeting's host is not on your team or below it, and you are not invited");
  }
  if (meeting.state != "planned") return base::NotNow("MEETING_CANCELLED", "this meeting was held or cancelled");
  SNOWFIELD_ASSIGN_OR_RETURN(const auto open, db::PeopleToInvite(transaction, {item.person}));
  if (open.empty()) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "DO_NOT_CONTACT", "meeting_id",
                         "this person asked not to be contacted");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::InvitePeople(transaction, id, {item.person}).status());
  return db::AnswerInvitation(transaction, {.meeting = id,
                                            .member = {},
                                            .person = item.person,
                                            .answer = "yes",
                                            .time = now,
                                            .follow_up = item.follow_up})
      .status();
}

// Whether the item may be completed so; what goes with it is done. Nothing is left to do where it is done already.
struct Readied {
  absl::Status status;
  bool is_done = false;
};
Readied Ready(db::Transaction& transaction, const access::Caller& caller, const v1::CompleteFollowUpRequest& request,
              const db::LockedFollowUp& item, absl::Time now) {
  const std::string_view outcome = OutcomeName(request.outcome());
  if (outcome.empty()) {
    return {.status = base::InvalidField("outcome", "OUTCOME_MISSING",
                                         "say what came of it: reached, left message, said yes, ...")};
  }
  const absl::Status may_act = CheckMayAct(transaction, caller, item, request.fence(), now);
  if (!may_act.ok()) {
    const bool is_repeat = item.state == "done" && item.outcome == outcome && !absl::IsPermissionDenied(may_act);
    if (is_repeat) return {.status = absl::OkStatus(), .is_done = true};
    return {.status = may_act};
  }
  if (absl::Status meeting = CheckMeeting(request, item); !meeting.ok()) return {.status = meeting};
  if (request.meeting_id() == 0) return {.status = absl::OkStatus()};
  return {.status = BringToMeeting(transaction, caller, item, db::MeetingId(request.meeting_id()), now)};
}

// A status for each item; what may be completed is.
absl::StatusOr<std::vector<absl::Status>> CompleteEach(db::Transaction& transaction, const access::Caller& caller,
                                                       const Items& items, absl::Time now) {
  std::vector<base::FollowUpId> ids;
  for (const v1::CompleteFollowUpRequest& item : items) ids.emplace_back(item.follow_up_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto locked, db::LockFollowUps(transaction, ids));
  absl::flat_hash_map<base::FollowUpId, const db::LockedFollowUp*> by_id;
  for (const db::LockedFollowUp& item : locked) by_id[item.follow_up] = &item;
  std::vector<absl::Status> answers;
  std::vector<db::Outcome> outcomes;
  for (const v1::CompleteFollowUpRequest& request : items) {
    const base::FollowUpId id(request.follow_up_id());
    const auto found = by_id.find(id);
    if (found == by_id.end()) {
      answers.push_back(base::NoSuch("follow_up_id", "no such follow-up: list them again"));
      continue;
    }
    const Readied readied = Ready(transaction, caller, request, *found->second, now);
    // The transaction itself has failed, and with it all items.
    if (absl::IsInternal(readied.status) || absl::IsUnavailable(readied.status)) return readied.status;
    answers.push_back(readied.status);
    if (readied.status.ok() && !readied.is_done) {
      outcomes.push_back({.follow_up = id, .outcome = OutcomeName(request.outcome())});
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(db::CompleteFollowUps(transaction, outcomes, {.member = caller.member, .now = now}));
  if (outcomes.empty()) return answers;
  const std::string done = absl::StrJoin(
      outcomes, ",", [](std::string* out, const db::Outcome& one) { absl::StrAppend(out, one.follow_up.value); });
  SNOWFIELD_RETURN_IF_ERROR(
      db::WriteAudit(transaction, {.member = caller.member,
                                   .action = "follow_up.complete",
                                   .subject_kind = "follow_up",
                                   .subject_id = outcomes.size() == 1 ? outcomes[0].follow_up.value : 0,
                                   .detail_json = absl::StrCat("{\"follow_ups\":[", done, "]}")}));
  return answers;
}

}  // namespace

absl::StatusOr<v1::CompleteFollowUpResponse> Complete(db::Transaction& transaction, const access::Caller& caller,
                                                      const v1::CompleteFollowUpRequest& request, absl::Time now) {
  Items items;
  *items.Add() = request;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto answers, CompleteEach(transaction, caller, items, now));
  SNOWFIELD_RETURN_IF_ERROR(answers[0]);
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRow row,
                             db::FindFollowUp(transaction, base::FollowUpId(request.follow_up_id())));
  v1::CompleteFollowUpResponse response;
  ToMessage(row, *response.mutable_follow_up());
  return response;
}

absl::StatusOr<v1::CompleteFollowUpsResponse> CompleteAll(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::CompleteFollowUpsRequest& request, absl::Time now) {
  if (request.items().empty() || request.items_size() > kCompleteItemsMax) {
    return base::InvalidField("items", "ITEMS_OUT_OF_RANGE", absl::StrCat("send 1 to ", kCompleteItemsMax, " items"));
  }
  std::vector<int64_t> ids;
  for (const v1::CompleteFollowUpRequest& item : request.items()) ids.push_back(item.follow_up_id());
  std::sort(ids.begin(), ids.end());
  if (std::adjacent_find(ids.begin(), ids.end()) != ids.end()) {
    return base::InvalidField("items", "ITEM_REPEATED", "send each follow-up once");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto answers, CompleteEach(transaction, caller, request.items(), now));
  v1::CompleteFollowUpsResponse response;
  for (int i = 0; i < request.items_size(); ++i) {
    v1::CompleteFollowUpsResponse::Answer* answer = response.add_answers();
    answer->set_follow_up_id(request.items(i).follow_up_id());
    if (answers[i].ok()) continue;
    answer->set_reason(base::DetailOf(answers[i]).reason);
    answer->set_message(base::MessageOf(answers[i]));
  }
  return response;
}

}  // namespace snowfield::followup
