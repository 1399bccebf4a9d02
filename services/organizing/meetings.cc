#include "services/organizing/meetings.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "db/store/contact_store.h"
#include "db/store/growth_store.h"
#include "db/store/meeting_store.h"
#include "db/store/member_store.h"
#include "services/access/scope.h"
#include "services/organizing/branch_rights.h"
#include "services/organizing/calendar.h"
#include "services/rpc/names.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::organizing {
namespace {

using db::Transaction;

constexpr char kGuests[] = "guests";
constexpr char kMeetings[] = "meetings";

constexpr std::array<std::pair<v1::MeetingKind, std::string_view>, 3> kKinds = {
    {{v1::MEETING_KIND_HOUSE_MEETING, "house_meeting"},
     {v1::MEETING_KIND_TRAINING, "training"},
     {v1::MEETING_KIND_EVENT, "event"}}};
constexpr std::array<std::pair<v1::MeetingState, std::string_view>, 3> kStates = {
    {{v1::MEETING_STATE_PLANNED, "planned"},
     {v1::MEETING_STATE_HELD, "held"},
     {v1::MEETING_STATE_CANCELLED, "cancelled"}}};
constexpr std::array<std::pair<v1::InvitationAnswer, std::string_view>, 4> kAnswers = {
    {{v1::INVITATION_ANSWER_INVITED, "invited"},
     {v1::INVITATION_ANSWER_YES, "yes"},
     {v1::INVITATION_ANSWER_MAYBE, "maybe"},
     {v1::INVITATION_ANSWER_NO, "no"}}};

void ToMessage(const db::MeetingRow& row, v1::Meeting& meeting) {
  meeting.set_meeting_id(row.meeting.value);
  meeting.set_kind(rpc::ValueIn(kKinds, row.kind));
  meeting.set_title(row.title);
  meeting.set_host_id(row.host.value);
  meeting.set_place(row.place);
  *meeting.mutable_start_time() = rpc::ToTimestamp(row.start_time);
  *meeting.mutable_end_time() = rpc::ToTimestamp(row.end_time);
  meeting.set_time_zone(row.time_zone);
  meeting.set_capacity(row.capacity);
  meeting.set_module(row.module);
  meeting.set_state(rpc::ValueIn(kStates, row.state));
  meeting.set_coming(static_cast<int32_t>(row.coming));
  meeting.set_waiting(static_cast<int32_t>(row.waiting));
}

absl::Status CheckText(const std::string& text, int min, int max, std::string_view field, std::string_view reason) {
  const int64_t characters = base::CharacterCount(text);
  if (characters >= min && characters <= max && text.find('\0') == std::string::npos) return absl::OkStatus();
  return base::InvalidField(field, reason, absl::StrCat("send ", min, " to ", max, " characters"));
}

absl::Status ReadTimes(const v1::Meeting& meeting, db::MeetingRow& row) {
  if (!meeting.has_start_time() || !meeting.has_end_time()) {
    return base::InvalidField(meeting.has_start_time() ? "meeting.end_time" : "meeting.start_time", "TIME_MISSING",
                              "say when it begins and when it ends");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(row.start_time, rpc::FromTimestamp(meeting.start_time(), "meeting.start_time"));
  SNOWFIELD_ASSIGN_OR_RETURN(row.end_time, rpc::FromTimestamp(meeting.end_time(), "meeting.end_time"));
  if (row.start_time < row.end_time && row.end_time <= row.start_time + kMeetingTimeMax) return absl::OkStatus();
  return base::InvalidField("meeting.end_time", "TIME_OUT_OF_RANGE", "it ends after it begins, and within 7 days");
}

// What stands in the request alone.
absl::StatusOr<db::MeetingRow> ReadMeeting(const v1::Meeting& meeting, absl::Time now) {
  db::MeetingRow row;
  row.meeting = db::MeetingId(meeting.meeting_id());
  row.kind = std::string(rpc::NameIn(kKinds, meeting.kind()));
  if (row.kind.empty()) {
    return base::InvalidField("meeting.kind", "KIND_UNKNOWN",
                              "say whether it is a house meeting, a training or an event");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckText(meeting.title(), 1, kMeetingTitleCharactersMax, "meeting.title", "NAME_LENGTH"));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(meeting.place(), 0, kMeetingPlaceCharactersMax, "meeting.place", "TOO_LONG"));
  SNOWFIELD_RETURN_IF_ERROR(ReadTimes(meeting, row));
  if (meeting.capacity() < 0 || meeting.capacity() > kMeetingCapacityMax) {
    return base::InvalidField("meeting.capacity", "CAPACITY_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kMeetingCapacityMax, ", or 0 for ", kMeetingCapacityDefault));
  }
  if (!meeting.module().empty() && meeting.kind() != v1::MEETING_KIND_TRAINING) {
    return base::InvalidField("meeting.module", "MODULE_UNKNOWN", "only a training completes a module");
  }
  row.title = meeting.title();
  row.host = base::MemberId(meeting.host_id());
  row.place = meeting.place();
  row.time_zone = meeting.time_zone();
  row.capacity = meeting.capacity() == 0 ? kMeetingCapacityDefault : meeting.capacity();
  row.module = meeting.module();
  row.update_time = now;
  return row;
}

// What the database knows: host, time zone, module.
absl::Status CheckWithin(Transaction& transaction, const access::Caller& caller, db::MeetingRow& row) {
  if (!row.host) row.host = caller.member;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow host, db::FindMember(transaction, row.host, "meeting.host_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, row.host, "meeting.host_id"));
  if (host.leave_time.has_value()) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_LEFT", "meeting.host_id",
                         "this member has left the campaign: name someone who is here");
  }
  if (row.time_zone.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::GrowthPlanRow plan, db::ReadGrowthPlan(transaction));
    row.time_zone = plan.rule.time_zone;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const bool zone_known, db::IsTimeZone(transaction, row.time_zone));
  if (!zone_known) {
    return base::InvalidField("meeting.time_zone", "TIME_ZONE_UNKNOWN",
                              "send an IANA name, such as America/New_York, or nothing for the campaign's");
  }
  if (row.module.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool module_known, db::ModuleExists(transaction, row.module));
  if (module_known) return absl::OkStatus();
  return base::InvalidField("meeting.module", "MODULE_UNKNOWN", "name a training module of the campaign's plan");
}

absl::Status WriteMeetingAudit(Transaction& transaction, const access::Caller& caller, std::string_view action,
                               db::MeetingId meeting) {
  return db::WriteAudit(
      transaction, {.member = caller.member, .action = action, .subject_kind = "meeting", .subject_id = meeting.value});
}

// A meeting that the caller may act on.
absl::StatusOr<db::MeetingRow> FindMine(Transaction& transaction, const access::Caller& caller, db::MeetingId meeting) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::MeetingRow row, db::FindMeeting(transaction, meeting));
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, row.host, "meeting_id"));
  return row;
}

absl::Status CheckNotCancelled(const db::MeetingRow& row) {
  if (row.state != "cancelled") return absl::OkStatus();
  return base::NotNow("MEETING_CANCELLED", "this meeting was cancelled: make another");
}

struct Seen {
  db::MeetingRow row;
  bool whole = false;  // the guests too; else only oneself
};
// A meeting that the caller may see: of their branch, or as a guest.
absl::StatusOr<Seen> FindSeen(Transaction& transaction, const access::Caller& caller, db::MeetingId meeting) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::MeetingRow row, db::FindMeeting(transaction, meeting));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, access::IsInScope(transaction, caller, row.host));
  if (inside) return Seen{.row = std::move(row), .whole = true};
  SNOWFIELD_ASSIGN_OR_RETURN(const bool is_guest, db::IsGuest(transaction, meeting, caller.member));
  if (is_guest) return Seen{.row = std::move(row), .whole = false};
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_BRANCH", "meeting_id",
                       "this meeting's host is not on your team or below it, and you are not invited");
}

// Enough was asked of them, or of their household, lately.
absl::Status CheckNotHeldBack(Transaction& transaction, db::MeetingId meeting,
                              const std::vector<base::PersonId>& people, absl::Time now) {
  if (people.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::HeldPerson> held,
                             db::FindHeldPeople(transaction, meeting, people, now));
  if (held.empty()) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kFailedPrecondition, "HELD_BACK", "person_ids",
                       absl::StrCat("enough was asked of person ", held.front().person.value, " until ",
                                    absl::FormatTime("%Y-%m-%d", held.front().until, absl::UTCTimeZone()),
                                    held.size() > 1 ? absl::StrCat(", and of ", held.size() - 1, " more") : "",
                                    ": leave them out until then"));
}

absl::Status Invite(Transaction& transaction, const access::Caller& caller, db::MeetingId meeting,
                    const std::vector<base::MemberId>& members, const std::vector<base::PersonId>& people,
                    int* invited) {
  for (const base::MemberId member : members) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, member, "member_ids"));
    SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member, "member_ids"));
    if (!row.leave_time.has_value()) continue;
    return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_LEFT", "member_ids",
                         "this member has left the campaign: name someone who is here");
  }
  if (!people.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto open, db::PeopleToInvite(transaction, people));
    if (open.size() < people.size()) {
      return base::Problem(absl::StatusCode::kFailedPrecondition, "DO_NOT_CONTACT", "person_ids",
                           "someone of these is not there, or asked not to be contacted: leave them out");
    }
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const int new_members, db::InviteMembers(transaction, meeting, members));
  SNOWFIELD_ASSIGN_OR_RETURN(const int new_people, db::InvitePeople(transaction, meeting, people));
  *invited = new_members + new_people;
  return absl::OkStatus();
}

template <typename IdType>
std::vector<IdType> Distinct(const google::protobuf::RepeatedField<int64_t>& ids) {
  std::vector<IdType> distinct;
  for (const int64_t id : ids) distinct.emplace_back(id);
  std::sort(distinct.begin(), distinct.end());
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  return distinct;
}

// Who came has attended, the host has hosted, and who came to a training has done it.
absl::Status MoveUp(Transaction& transaction, const access::Caller& caller, const db::MeetingRow& row) {
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto came, db::MembersWhoCame(transaction, row.meeting));
  db::StepRecord record{.members = came,
                        .kind = "attended",
                        .evidence_json = absl::StrCat("{\"meeting_id\":", row.meeting.value, "}"),
                        .recorded_by = caller.member,
                        .time = row.start_time};
  SNOWFIELD_RETURN_IF_ERROR(db::RecordSteps(transaction, record));
  if (!row.module.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(db::RecordTraining(
        transaction,
        {.members = came, .module = row.module, .complete_time = row.end_time, .recorded_by = caller.member}));
    record.kind = "trained";
    SNOWFIELD_RETURN_IF_ERROR(db::RecordSteps(transaction, record));
  }
  record.kind = "hosted";
  record.members = {row.host};
  return db::RecordSteps(transaction, record);
}

}  // namespace

absl::StatusOr<v1::CreateMeetingResponse> CreateMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::CreateMeetingRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::Uuid id, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow asked, ReadMeeting(request.meeting(), now));
  using Made = absl::StatusOr<v1::CreateMeetingResponse>;
  const auto make = [&](Transaction& transaction) -> Made {
    v1::CreateMeetingResponse response;
    SNOWFIELD_ASSIGN_OR_RETURN(const auto earlier, db::FindMeetingByRequest(transaction, id));
    if (earlier.has_value()) {
      SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow made, FindMine(transaction, call.caller, *earlier));
      ToMessage(made, *response.mutable_meeting());
      return response;
    }
    db::MeetingRow row = asked;
    SNOWFIELD_RETURN_IF_ERROR(CheckWithin(transaction, call.caller, row));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingId meeting, db::InsertMeeting(transaction, row, id));
    SNOWFIELD_RETURN_IF_ERROR(WriteMeetingAudit(transaction, call.caller, "meeting.create", meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(row, db::FindMeeting(transaction, meeting));
    ToMessage(row, *response.mutable_meeting());
    return response;
  };
  Made made = db::RunInTransaction(pool, call.Scope(), make);
  // The same request came twice at once: the other one made it.
  if (db::ConstraintOf(made.status()) == "meeting_request_uk") return db::RunInTransaction(pool, call.Scope(), make);
  return made;
}

absl::StatusOr<v1::UpdateMeetingResponse> UpdateMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::UpdateMeetingRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow asked, ReadMeeting(request.meeting(), now));
  using Updated = absl::StatusOr<v1::UpdateMeetingResponse>;
  Updated updated = db::RunInTransaction(pool, call.Scope(), [&](Transaction& transaction) -> Updated {
    SNOWFIELD_RETURN_IF_ERROR(db::LockMeeting(transaction, asked.meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(db::MeetingRow row, FindMine(transaction, call.caller, asked.meeting));
    v1::UpdateMeetingResponse response;
    if (row.state == "cancelled" && request.cancel()) {
      ToMessage(row, *response.mutable_meeting());
      return response;
    }
    SNOWFIELD_RETURN_IF_ERROR(CheckNotCancelled(row));
    db::MeetingRow wanted = asked;
    SNOWFIELD_RETURN_IF_ERROR(CheckWithin(transaction, call.caller, wanted));
    SNOWFIELD_RETURN_IF_ERROR(db::UpdateMeeting(transaction, wanted, request.cancel()));
    SNOWFIELD_RETURN_IF_ERROR(db::GivePlaces(transaction, wanted.meeting));
    SNOWFIELD_RETURN_IF_ERROR(WriteMeetingAudit(
        transaction, call.caller, request.cancel() ? "meeting.cancel" : "meeting.update", wanted.meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(row, db::FindMeeting(transaction, wanted.meeting));
    ToMessage(row, *response.mutable_meeting());
    return response;
  });
  if (db::ConstraintOf(updated.status()) != "meeting_guest_place_ck") return updated;
  return base::Problem(absl::StatusCode::kFailedPrecondition, "CAPACITY_TAKEN", "meeting.capacity",
                       "more have a place already: ask some of them first");
}

absl::StatusOr<v1::GetMeetingResponse> GetMeeting(db::Pool& pool, const access::Call& call,
                                                  const v1::GetMeetingRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kGuests, request.page_size(), request.page_token()));
  using Got = absl::StatusOr<v1::GetMeetingResponse>;
  return db::RunInTransaction(pool, call.ReadScope(), [&](Transaction& transaction) -> Got {
    const db::MeetingId meeting(request.meeting_id());
    SNOWFIELD_ASSIGN_OR_RETURN(const Seen seen, FindSeen(transaction, call.caller, meeting));
    v1::GetMeetingResponse response;
    ToMessage(seen.row, *response.mutable_meeting());
    SNOWFIELD_ASSIGN_OR_RETURN(const auto guests, db::ListGuests(transaction, meeting, page.after, page.size + 1));
    int read = 0;
    for (const db::GuestRow& row : guests) {
      if (read++ == page.size) {
        response.set_next_page_token(rpc::NextPageToken(kGuests, guests[page.size - 1].guest.value));
        break;
      }
      if (!seen.whole && row.member != call.caller.member) continue;
      v1::Guest& guest = *response.add_guests();
      guest.set_guest_id(row.guest.value);
      guest.set_member_id(row.member.value);
      guest.set_person_id(row.person.value);
      guest.set_display_name(row.display_name);
      guest.set_answer(rpc::ValueIn(kAnswers, row.answer));
      guest.set_has_place(row.place > 0);
      if (row.attended.has_value()) guest.set_came(*row.attended);
    }
    return response;
  });
}

absl::StatusOr<v1::ListMeetingsResponse> ListMeetings(db::Pool& pool, const access::Call& call,
                                                      const v1::ListMeetingsRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kMeetings, request.page_size(), request.page_token()));
  db::MeetingPage wanted{.member = request.member_id() == 0 ? call.caller.member : base::MemberId(request.member_id()),
                         .not_over_at = now,
                         .after = page.after,
                         .count_max = page.size + 1};
  if (page.after != 0) wanted.after_start = absl::FromUnixMicros(page.after_order);
  if (request.has_from_time()) {
    SNOWFIELD_ASSIGN_OR_RETURN(wanted.not_over_at, rpc::FromTimestamp(request.from_time(), "from_time"));
  }
  using Listed = absl::StatusOr<v1::ListMeetingsResponse>;
  return db::RunInTransaction(pool, call.ReadScope(), [&](Transaction& transaction) -> Listed {
    SNOWFIELD_RETURN_IF_ERROR(db::FindMember(transaction, wanted.member, "member_id").status());
    SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, call.caller, wanted.member, "member_id"));
    SNOWFIELD_ASSIGN_OR_RETURN(const auto meetings, db::ListMeetings(transaction, wanted));
    v1::ListMeetingsResponse response;
    for (const db::MeetingRow& row : meetings) {
      if (response.meetings_size() == page.size) {
        const db::MeetingRow& last = meetings[page.size - 1];
        response.set_next_page_token(
            rpc::NextPageToken(kMeetings, last.meeting.value, absl::ToUnixMicros(last.start_time)));
        break;
      }
      ToMessage(row, *response.add_meetings());
    }
    return response;
  });
}

absl::StatusOr<v1::InviteToMeetingResponse> InviteToMeeting(db::Pool& pool, const access::Call& call,
                                                            const v1::InviteToMeetingRequest& request, absl::Time now) {
  const auto members = Distinct<base::MemberId>(request.member_ids());
  const auto people = Distinct<base::PersonId>(request.person_ids());
  if (members.size() + people.size() < 1 || members.size() + people.size() > kInvitationsMax) {
    return base::InvalidField("member_ids", "INVITATIONS_OUT_OF_RANGE",
                              absl::StrCat("invite 1 to ", kInvitationsMax, " members and people at once"));
  }
  using Invited = absl::StatusOr<v1::InviteToMeetingResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](Transaction& transaction) -> Invited {
    const db::MeetingId meeting(request.meeting_id());
    SNOWFIELD_RETURN_IF_ERROR(db::LockMeeting(transaction, meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow row, FindMine(transaction, call.caller, meeting));
    SNOWFIELD_RETURN_IF_ERROR(CheckNotCancelled(row));
    int invited = 0;
    SNOWFIELD_RETURN_IF_ERROR(CheckNotHeldBack(transaction, meeting, people, now));
    SNOWFIELD_RETURN_IF_ERROR(Invite(transaction, call.caller, meeting, members, people, &invited));
    SNOWFIELD_RETURN_IF_ERROR(WriteMeetingAudit(transaction, call.caller, "meeting.invite", meeting));
    v1::InviteToMeetingResponse response;
    response.set_invited(invited);
    return response;
  });
}

absl::StatusOr<v1::AnswerInvitationResponse> AnswerInvitation(db::Pool& pool, const access::Call& call,
                                                              const v1::AnswerInvitationRequest& request,
                                                              absl::Time now) {
  const std::string_view answer = rpc::NameIn(kAnswers, request.answer());
  if (answer.empty() || answer == "invited") {
    return base::InvalidField("answer", "ANSWER_MISSING", "say yes, maybe or no");
  }
  if (request.member_id() != 0 && request.person_id() != 0) {
    return base::InvalidField("person_id", "GUEST_UNCLEAR", "send a member or a person, not both");
  }
  base::MemberId member(request.member_id());
  const base::PersonId person(request.person_id());
  if (!member && !person) member = call.caller.member;
  using Answered = absl::StatusOr<v1::AnswerInvitationResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](Transaction& transaction) -> Answered {
    const db::MeetingId meeting(request.meeting_id());
    SNOWFIELD_RETURN_IF_ERROR(db::LockMeeting(transaction, meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(const Seen seen, FindSeen(transaction, call.caller, meeting));
    SNOWFIELD_RETURN_IF_ERROR(CheckNotCancelled(seen.row));
    if (!seen.whole && member != call.caller.member) {
      return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_BRANCH", "member_id",
                           "you answer for yourself here: its host answers for others");
    }
    db::InvitationAnswer said{.meeting = meeting, .member = member, .person = person, .answer = answer, .time = now};
    SNOWFIELD_ASSIGN_OR_RETURN(auto guest, db::AnswerInvitation(transaction, said));
    if (!guest.has_value()) {
      int invited = 0;
      SNOWFIELD_RETURN_IF_ERROR(Invite(transaction, call.caller, meeting,
                                       member ? std::vector{member} : std::vector<base::MemberId>(),
                                       person ? std::vector{person} : std::vector<base::PersonId>(), &invited));
      SNOWFIELD_ASSIGN_OR_RETURN(guest, db::AnswerInvitation(transaction, said));
    }
    if (!guest.has_value()) return absl::InternalError("a guest who was invited is none");
    SNOWFIELD_RETURN_IF_ERROR(WriteMeetingAudit(transaction, call.caller, "meeting.answer", meeting));
    v1::AnswerInvitationResponse response;
    SNOWFIELD_ASSIGN_OR_RETURN(const auto stored, db::ListGuests(transaction, meeting, guest->value - 1, 1));
    response.set_has_place(!stored.empty() && stored[0].place > 0);
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MeetingRow row, db::FindMeeting(transaction, meeting));
    ToMessage(row, *response.mutable_meeting());
    return response;
  });
}

absl::StatusOr<v1::RecordAttendanceResponse> RecordAttendance(db::Pool& pool, const access::Call& call,
                                                              const v1::RecordAttendanceRequest& request,
                                                              absl::Time now) {
  const auto came = Distinct<db::GuestId>(request.guest_ids());
  using Recorded = absl::StatusOr<v1::RecordAttendanceResponse>;
  return db::RunInTransaction(pool, call.Scope(), [&](Transaction& transaction) -> Recorded {
    const db::MeetingId meeting(request.meeting_id());
    SNOWFIELD_RETURN_IF_ERROR(db::LockMeeting(transaction, meeting));
    SNOWFIELD_ASSIGN_OR_RETURN(db::MeetingRow row, FindMine(transaction, call.caller, meeting));
    SNOWFIELD_RETURN_IF_ERROR(CheckNotCancelled(row));
    if (now < row.start_time) return base::NotNow("NOT_BEGUN", "attendance is taken when the meeting has begun");
    SNOWFIELD_ASSIGN_OR_RETURN(const auto guests, db::ListGuests(transaction, meeting, 0, rpc::kPageSizeMax * 10));
    for (const db::GuestId guest : came) {
      const auto is_it = [&](const db::GuestRow& known) { return known.guest == guest; };
      if (std::any_of(guests.begin(), guests.end(), is_it)) continue;
      return base::InvalidField("guest_ids", "GUEST_UNKNOWN", "name guests of this meeting: answer for others first");
    }
    SNOWFIELD_RETURN_IF_ERROR(db::TakeAttendance(transaction, meeting, came));
    if (!came.empty()) SNOWFIELD_RETURN_IF_ERROR(MoveUp(transaction, call.caller, row));
    SNOWFIELD_RETURN_IF_ERROR(WriteMeetingAudit(transaction, call.caller, "meeting.attendance", meeting));
    v1::RecordAttendanceResponse response;
    SNOWFIELD_ASSIGN_OR_RETURN(row, db::FindMeeting(transaction, meeting));
    ToMessage(row, *response.mutable_meeting());
    return response;
  });
}

absl::StatusOr<v1::ExportMeetingResponse> ExportMeeting(db::Pool& pool, const access::Call& call,
                                                        const v1::ExportMeetingRequest& request, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Seen seen,
                             db::RunInTransaction(pool, call.ReadScope(), [&](Transaction& transaction) {
                               return FindSeen(transaction, call.caller, db::MeetingId(request.meeting_id()));
                             }));
  const Calendar calendar = MakeCalendar(call.caller.campaign, seen.row, now);
  v1::ExportMeetingResponse response;
  response.set_content_type(calendar.content_type);
  response.set_calendar(calendar.text);
  return response;
}

}  // namespace snowfield::organizing
