#include "services/followup/follow_ups.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/follow_up_store.h"
#include "db/store/meeting_store.h"
#include "services/access/scope.h"
#include "services/followup/rules.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::followup {
namespace {

constexpr char kListName[] = "follow_ups";
constexpr char kRulesName[] = "follow_up_rules";
constexpr int64_t kEveryone = -1;

constexpr std::array<std::pair<v1::FollowUpState, std::string_view>, 3> kStates = {
    {{v1::FOLLOW_UP_STATE_OPEN, "open"}, {v1::FOLLOW_UP_STATE_DONE, "done"}, {v1::FOLLOW_UP_STATE_DROPPED, "dropped"}}};
constexpr std::array<std::pair<v1::FollowUpOutcome, std::string_view>, 6> kOutcomes = {
    {{v1::FOLLOW_UP_OUTCOME_REACHED, "reached"},
     {v1::FOLLOW_UP_OUTCOME_LEFT_MESSAGE, "left_message"},
     {v1::FOLLOW_UP_OUTCOME_SAID_YES, "said_yes"},
     {v1::FOLLOW_UP_OUTCOME_SAID_NO, "said_no"},
     {v1::FOLLOW_UP_OUTCOME_WRONG_NUMBER, "wrong_number"},
     {v1::FOLLOW_UP_OUTCOME_NOT_NEEDED, "not_needed"}}};

// As the database writes it; empty for a value that it does not know.
template <typename Names, typename Value>
std::string_view NameIn(const Names& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "";
}

template <typename Value, typename Names>
Value ValueIn(const Names& names, std::string_view name) {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return Value();
}

void Write(const db::FollowUpRow& row, v1::FollowUp& out) {
  out.set_follow_up_id(row.follow_up.value);
  out.set_queue(row.queue);
  out.set_rule_name(row.rule_name);
  out.set_state(ValueIn<v1::FollowUpState>(kStates, row.state));
  out.set_owner_id(row.owner.value);
  *out.mutable_due_time() = rpc::ToTimestamp(row.due_time);
  out.set_knock_id(row.knock.ToString());
  out.set_door_id(row.door.value);
  out.set_person_id(row.person.value);
  out.set_person_name(row.person_name);
  // Nobody is called any more once it has ended.
  if (row.state == "open") out.set_phone_number(row.phone_number);
  out.set_address(row.address);
  out.set_outcome(ValueIn<v1::FollowUpOutcome>(kOutcomes, row.outcome));
  out.set_drop_reason(row.drop_reason);
}

absl::Status CheckList(const v1::ListFollowUpsRequest& request) {
  if (request.owner_id() < kEveryone) {
    return base::InvalidField("owner_id", "OWNER_INVALID", "send a member, 0 for yourself, or -1 for everyone");
  }
  if (request.state() != v1::FOLLOW_UP_STATE_UNSPECIFIED && NameIn(kStates, request.state()).empty()) {
    return base::InvalidField("state", "STATE_UNKNOWN", "send open, done, dropped, or nothing for open");
  }
  if (request.queue().size() > kQueueBytesMax || request.queue().find('\0') != std::string::npos) {
    return base::InvalidField("queue", "QUEUE_INVALID", "send the name of a queue, such as volunteer");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<db::FollowUpRow>> ReadRows(db::Transaction& transaction, const access::Caller& caller,
                                                      int64_t owner_id, const db::FollowUpQuery& query) {
  if (owner_id == kEveryone) {
    return db::ListFollowUpsBelow(transaction, access::BranchRoot(caller), query);
  }
  const base::MemberId owner = owner_id == 0 ? caller.member : base::MemberId(owner_id);
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, owner, "owner_id"));
  return db::ListFollowUpsOf(transaction, owner, query);
}

// Names and numbers of people went out: of whom is in the audit log.
absl::Status TellWhoWasRead(db::Transaction& transaction, const access::Caller& caller,
                            const v1::ListFollowUpsResponse& response) {
  std::vector<int64_t> people;
  for (const v1::FollowUp& follow_up : response.follow_ups()) {
    if (follow_up.person_id() != 0) people.push_back(follow_up.person_id());
  }
  if (people.empty()) return absl::OkStatus();
  std::sort(people.begin(), people.end());
  people.erase(std::unique(people.begin(), people.end()), people.end());
  return db::WriteAudit(transaction, {.member = caller.member,
                                      .action = "follow_up.list",
                                      .subject_kind = "people",
                                      .detail_json = absl::StrCat("{\"people\":[", absl::StrJoin(people, ","), "]}")});
}

absl::Status NotOpen(const db::FollowUpRow& row) {
  if (row.state == "dropped") {
    return base::NotNow("FOLLOW_UP_DROPPED", "do not get in touch: a do-not-contact or a correction ended this one");
  }
  return base::NotNow("ALREADY_COMPLETED",
                      absl::StrCat("this one was completed with outcome ", row.outcome, " before: list them again"));
}

absl::Status CheckMeeting(const v1::CompleteFollowUpRequest& request, const db::FollowUpRow& row) {
  if (request.meeting_id() == 0) return absl::OkStatus();
  if (request.outcome() != v1::FOLLOW_UP_OUTCOME_SAID_YES) {
    return base::InvalidField("meeting_id", "MEETING_NEEDS_YES", "a meeting goes with the outcome SAID_YES");
  }
  if (row.person) return absl::OkStatus();
  return base::InvalidField("meeting_id", "MEETING_NEEDS_PERSON",
                            "this work is with a household: answer for one of its people at the meeting itself");
}

// The person said yes to a meeting of the caller's branch, or to one that the caller is invited to.
absl::Status BringToMeeting(db::Transaction& transaction, const access::Caller& caller, const db::FollowUpRow& row,
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
  SNOWFIELD_ASSIGN_OR_RETURN(const auto open, db::PeopleToInvite(transaction, {row.person}));
  if (open.empty()) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "DO_NOT_CONTACT", "meeting_id",
                         "this person asked not to be contacted");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::InvitePeople(transaction, id, {row.person}).status());
  return db::AnswerInvitation(transaction, {.meeting = id,
                                            .member = {},
                                            .person = row.person,
                                            .answer = "yes",
                                            .time = now,
                                            .follow_up = row.follow_up})
      .status();
}

}  // namespace

absl::StatusOr<v1::ListFollowUpsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                               const v1::ListFollowUpsRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(CheckList(request));
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kListName, request.page_size(), request.page_token()));
  db::FollowUpQuery query{.state = NameIn(kStates, request.state()),
                          .queue = request.queue(),
                          .after = base::FollowUpId(page.after),
                          .count_max = page.size + 1};
  if (query.state.empty()) query.state = "open";
  if (page.after != 0) query.after_due_time = absl::FromUnixMicros(page.after_order);
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::FollowUpRow> rows,
                             ReadRows(transaction, caller, request.owner_id(), query));
  v1::ListFollowUpsResponse response;
  for (const db::FollowUpRow& row : rows) {
    if (response.follow_ups_size() == page.size) {
      const db::FollowUpRow& last = rows[page.size - 1];
      response.set_next_page_token(
          rpc::NextPageToken(kListName, last.follow_up.value, absl::ToUnixMicros(last.due_time)));
      break;
    }
    Write(row, *response.add_follow_ups());
  }
  SNOWFIELD_RETURN_IF_ERROR(TellWhoWasRead(transaction, caller, response));
  return response;
}

absl::StatusOr<v1::CompleteFollowUpResponse> Complete(db::Transaction& transaction, const access::Caller& caller,
                                                      const v1::CompleteFollowUpRequest& request, absl::Time now) {
  const std::string_view outcome = NameIn(kOutcomes, request.outcome());
  if (outcome.empty()) {
    return base::InvalidField("outcome", "OUTCOME_MISSING",
                              "say what came of it: reached, left message, said yes, ...");
  }
  const base::FollowUpId id(request.follow_up_id());
  SNOWFIELD_ASSIGN_OR_RETURN(db::FollowUpRow row, db::FindFollowUp(transaction, id));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool may_see, access::IsInScope(transaction, caller, row.owner));
  if (!may_see) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_FOLLOW_UP", "follow_up_id",
                         "this is the work of someone who is not on your team or below it");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckMeeting(request, row));
  SNOWFIELD_ASSIGN_OR_RETURN(
      const bool completed,
      db::CompleteFollowUp(transaction, {.follow_up = id, .outcome = outcome, .member = caller.member, .now = now}));
  // Read again: it may have ended since.
  SNOWFIELD_ASSIGN_OR_RETURN(row, db::FindFollowUp(transaction, id));
  if (completed) {
    if (const db::MeetingId meeting(request.meeting_id()); meeting) {
      SNOWFIELD_RETURN_IF_ERROR(BringToMeeting(transaction, caller, row, meeting, now));
    }
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = caller.member,
                                                           .action = "follow_up.complete",
                                                           .subject_kind = "follow_up",
                                                           .subject_id = id.value}));
  } else if (row.state != "done" || row.outcome != outcome) {
    return NotOpen(row);
  }
  v1::CompleteFollowUpResponse response;
  Write(row, *response.mutable_follow_up());
  return response;
}

absl::StatusOr<v1::ListRulesResponse> ListRules(db::Transaction& transaction, const v1::ListRulesRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kRulesName, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::FollowUpRule> rules,
                             db::ListRules(transaction, base::RuleId(page.after), page.size + 1));
  v1::ListRulesResponse response;
  for (const db::FollowUpRule& rule : rules) {
    if (response.rules_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kRulesName, rules[page.size - 1].rule.value));
      break;
    }
    v1::Rule* out = response.add_rules();
    out->set_rule_id(rule.rule.value);
    out->set_name(rule.name);
    out->set_queue(rule.queue);
    out->set_when(ConditionsInWords(rule));
    out->mutable_due_after()->set_seconds(absl::ToInt64Seconds(rule.due_after));
    out->set_enabled(rule.enabled);
  }
  return response;
}

}  // namespace snowfield::followup
