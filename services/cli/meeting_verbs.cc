#include "services/cli/meeting_verbs.h"

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "services/rpc/timestamp.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"

namespace snowfield::cli {
namespace {

using organizing::v1::Meeting;
using organizing::v1::OrganizingService;

struct MeetingOrder {
  int64_t meeting_id = 0;
  std::string kind = "house_meeting";
  std::string title, place, start, end, time_zone, module;
  int64_t host_id = 0;
  int capacity = 0;
};

std::string Lower(const std::string& enum_name, const char* prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(enum_name, prefix));
}

// In the meeting's own zone where this machine knows it.
std::string When(const Meeting& meeting) {
  absl::TimeZone zone = absl::UTCTimeZone();
  absl::LoadTimeZone(meeting.time_zone(), &zone);
  return absl::FormatTime("%F %H:%M %Z", absl::FromUnixSeconds(meeting.start_time().seconds()), zone);
}

void PrintMeeting(const Session& session, const Meeting& meeting) {
  if (session.json) {
    PrintJson(meeting);
    return;
  }
  std::printf("meeting %lld, %s: %s, hosted by member %lld; %d of %d places taken, %d waiting (%s)\n",
              static_cast<long long>(meeting.meeting_id()), When(meeting).c_str(), meeting.title().c_str(),
              static_cast<long long>(meeting.host_id()), meeting.coming(), meeting.capacity(), meeting.waiting(),
              Lower(organizing::v1::MeetingState_Name(meeting.state()), "MEETING_STATE_").c_str());
}

absl::Status ReadTime(const std::string& text, const std::string& zone_name, const char* flag,
                      google::protobuf::Timestamp* time) {
  absl::TimeZone zone = absl::UTCTimeZone();
  if (!zone_name.empty() && !absl::LoadTimeZone(zone_name, &zone)) {
    return base::InvalidField("--time-zone", "TIME_ZONE_UNKNOWN", "send an IANA name, such as America/New_York");
  }
  absl::Time parsed;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M", text, zone, &parsed, &error)) {
    return base::InvalidField(flag, "TIME_UNREADABLE", "send it as \"2026-11-28 18:30\"");
  }
  *time = rpc::ToTimestamp(parsed);
  return absl::OkStatus();
}

absl::Status ReadMeeting(const MeetingOrder& order, Meeting& meeting) {
  organizing::v1::MeetingKind kind = organizing::v1::MEETING_KIND_UNSPECIFIED;
  organizing::v1::MeetingKind_Parse("MEETING_KIND_" + absl::AsciiStrToUpper(order.kind), &kind);
  meeting.set_kind(kind);
  meeting.set_title(order.title);
  meeting.set_host_id(order.host_id);
  meeting.set_place(order.place);
  meeting.set_time_zone(order.time_zone);
  meeting.set_capacity(order.capacity);
  meeting.set_module(order.module);
  SNOWFIELD_RETURN_IF_ERROR(ReadTime(order.start, order.time_zone, "--start", meeting.mutable_start_time()));
  return ReadTime(order.end, order.time_zone, "--end", meeting.mutable_end_time());
}

absl::Status Create(const Session& session, const MeetingOrder& order) {
  organizing::v1::CreateMeetingRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  SNOWFIELD_RETURN_IF_ERROR(ReadMeeting(order, *request.mutable_meeting()));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response, CallOnce(session, request, &OrganizingService::Stub::CreateMeeting));
  PrintMeeting(session, response.meeting());
  return absl::OkStatus();
}

absl::StatusOr<organizing::v1::GetMeetingResponse> Get(const Session& session, int64_t meeting_id) {
  organizing::v1::GetMeetingRequest request;
  request.set_meeting_id(meeting_id);
  request.set_page_size(rpc::kPageSizeMax);
  organizing::v1::GetMeetingResponse all;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto page, CallOnce(session, request, &OrganizingService::Stub::GetMeeting));
    *all.mutable_meeting() = page.meeting();
    all.mutable_guests()->MergeFrom(page.guests());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return all;
}

// What is not said stays as it is.
absl::Status Change(const Session& session, const MeetingOrder& order, bool cancel) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto now, Get(session, order.meeting_id));
  organizing::v1::UpdateMeetingRequest request;
  Meeting& meeting = *request.mutable_meeting();
  meeting = now.meeting();
  request.set_cancel(cancel);
  if (!order.title.empty()) meeting.set_title(order.title);
  if (!order.place.empty()) meeting.set_place(order.place);
  if (order.host_id != 0) meeting.set_host_id(order.host_id);
  if (order.capacity != 0) meeting.set_capacity(order.capacity);
  if (!order.time_zone.empty()) meeting.set_time_zone(order.time_zone);
  if (!order.start.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(ReadTime(order.start, meeting.time_zone(), "--start", meeting.mutable_start_time()));
  }
  if (!order.end.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(ReadTime(order.end, meeting.time_zone(), "--end", meeting.mutable_end_time()));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response, CallOnce(session, request, &OrganizingService::Stub::UpdateMeeting));
  PrintMeeting(session, response.meeting());
  return absl::OkStatus();
}

absl::Status Show(const Session& session, int64_t meeting_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response, Get(session, meeting_id));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  PrintMeeting(session, response.meeting());
  Table table({"guest", "member", "person", "name", "answer", "place", "came"});
  for (const auto& guest : response.guests()) {
    table.AddRow({absl::StrCat(guest.guest_id()), guest.member_id() == 0 ? "" : absl::StrCat(guest.member_id()),
                  guest.person_id() == 0 ? "" : absl::StrCat(guest.person_id()), guest.display_name(),
                  Lower(organizing::v1::InvitationAnswer_Name(guest.answer()), "INVITATION_ANSWER_"),
                  guest.has_place() ? "yes" : "", guest.has_came() ? (guest.came() ? "yes" : "no") : ""});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status List(const Session& session, int64_t member_id) {
  organizing::v1::ListMeetingsRequest request;
  request.set_member_id(member_id);
  request.set_page_size(rpc::kPageSizeMax);
  organizing::v1::ListMeetingsResponse all;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto page, CallOnce(session, request, &OrganizingService::Stub::ListMeetings));
    all.mutable_meetings()->MergeFrom(page.meetings());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"meeting", "begins", "title", "host", "places", "coming", "waiting"});
  for (const Meeting& meeting : all.meetings()) {
    table.AddRow({absl::StrCat(meeting.meeting_id()), When(meeting), meeting.title(), absl::StrCat(meeting.host_id()),
                  absl::StrCat(meeting.capacity()), absl::StrCat(meeting.coming()), absl::StrCat(meeting.waiting())});
  }
  table.Print();
  return absl::OkStatus();
}

struct GuestOrder {
  int64_t meeting_id = 0;
  std::vector<int64_t> members, people, guests;
  std::string answer;
};

absl::Status Invite(const Session& session, const GuestOrder& order) {
  organizing::v1::InviteToMeetingRequest request;
  request.set_meeting_id(order.meeting_id);
  for (const int64_t member : order.members) request.add_member_ids(member);
  for (const int64_t person : order.people) request.add_person_ids(person);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response,
                             CallOnce(session, request, &OrganizingService::Stub::InviteToMeeting));
  std::printf("%d invited who were not before\n", response.invited());
  return absl::OkStatus();
}

absl::Status Answer(const Session& session, const GuestOrder& order) {
  organizing::v1::AnswerInvitationRequest request;
  request.set_meeting_id(order.meeting_id);
  if (!order.members.empty()) request.set_member_id(order.members[0]);
  if (!order.people.empty()) request.set_person_id(order.people[0]);
  organizing::v1::InvitationAnswer answer = organizing::v1::INVITATION_ANSWER_UNSPECIFIED;
  organizing::v1::InvitationAnswer_Parse("INVITATION_ANSWER_" + absl::AsciiStrToUpper(order.answer), &answer);
  request.set_answer(answer);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response,
                             CallOnce(session, request, &OrganizingService::Stub::AnswerInvitation));
  if (answer == organizing::v1::INVITATION_ANSWER_YES) {
    std::printf("%s\n", response.has_place() ? "has a place" : "waits for a place");
  }
  PrintMeeting(session, response.meeting());
  return absl::OkStatus();
}

absl::Status Attendance(const Session& session, const GuestOrder& order) {
  organizing::v1::RecordAttendanceRequest request;
  request.set_meeting_id(order.meeting_id);
  for (const int64_t guest : order.guests) request.add_guest_ids(guest);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response,
                             CallOnce(session, request, &OrganizingService::Stub::RecordAttendance));
  PrintMeeting(session, response.meeting());
  return absl::OkStatus();
}

absl::Status Export(const Session& session, int64_t meeting_id, const std::string& file) {
  organizing::v1::ExportMeetingRequest request;
  request.set_meeting_id(meeting_id);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto response, CallOnce(session, request, &OrganizingService::Stub::ExportMeeting));
  if (session.json) {
    PrintJson(response);
  } else if (file.empty()) {
    std::fputs(response.calendar().c_str(), stdout);
  } else {
    std::ofstream stream(file, std::ios::binary);
    stream << response.calendar();
    if (!stream.flush()) return base::NotNow("FILE_NOT_WRITTEN", absl::StrCat("can't write ", file));
    std::printf("%s\n", file.c_str());
  }
  return absl::OkStatus();
}

void AddText(CLI::App* verb, const std::shared_ptr<MeetingOrder>& order, bool required) {
  verb->add_option("--title", order->title, "What it is called")->required(required);
  verb->add_option("--start", order->start, "When it begins: \"2026-11-28 18:30\"")->required(required);
  verb->add_option("--end", order->end, "When it ends")->required(required);
  verb->add_option("--place", order->place, "Where, as those who come need it");
  verb->add_option("--time-zone", order->time_zone, "Of these times and of the place (UTC, and the campaign's)");
  verb->add_option("--host", order->host_id, "Who hosts it (you)");
  verb->add_option("--capacity", order->capacity, "How many places there are (12)");
}

void AddChangeVerbs(CLI::App& meeting, Session& session) {
  CLI::App* create = meeting.add_subcommand("create", "Make a house meeting, a training or an event");
  create->footer(
      "Example:\n  snowfield meeting create --title Coffee --place \"12 Elm Street\" --start \"2026-11-28 18:30\" "
      "--end \"2026-11-28 20:30\" --time-zone America/New_York --capacity 10");
  const auto made = std::make_shared<MeetingOrder>();
  create->add_option("--kind", made->kind, "house_meeting, training or event")->capture_default_str();
  create->add_option("--module", made->module, "The training module that it completes");
  AddText(create, made, true);
  create->callback([&session, made] { session.run = [&session, made] { return Create(session, *made); }; });

  CLI::App* change = meeting.add_subcommand("change", "Change a meeting; what is not said stays");
  change->footer("Example:\n  snowfield meeting change 7 --capacity 14");
  const auto changed = std::make_shared<MeetingOrder>();
  change->add_option("meeting", changed->meeting_id, "Which")->required();
  AddText(change, changed, false);
  change->callback(
      [&session, changed] { session.run = [&session, changed] { return Change(session, *changed, false); }; });

  CLI::App* cancel = meeting.add_subcommand("cancel", "Say that it does not take place");
  cancel->footer("Example:\n  snowfield meeting cancel 7");
  const auto cancelled = std::make_shared<MeetingOrder>();
  cancel->add_option("meeting", cancelled->meeting_id, "Which")->required();
  cancel->callback(
      [&session, cancelled] { session.run = [&session, cancelled] { return Change(session, *cancelled, true); }; });
}

void AddGuestVerbs(CLI::App& meeting, Session& session) {
  const auto order = std::make_shared<GuestOrder>();
  const auto add = [&](const char* name, const char* what, const char* example,
                       absl::Status (*run)(const Session&, const GuestOrder&)) {
    CLI::App* verb = meeting.add_subcommand(name, what);
    verb->footer(absl::StrCat("Example:\n  snowfield meeting ", name, " ", example));
    verb->add_option("meeting", order->meeting_id, "Which")->required();
    verb->callback([&session, order, run] { session.run = [&session, order, run] { return run(session, *order); }; });
    return verb;
  };
  CLI::App* invite = add("invite", "Invite members and people", "7 --members 12,13 --people 4711", Invite);
  invite->add_option("--members", order->members, "Members")->delimiter(',');
  invite->add_option("--people", order->people, "People who are no members")->delimiter(',');
  CLI::App* answer = add("answer", "Say who comes", "7 yes --person 4711", Answer);
  answer->add_option("answer", order->answer, "yes, maybe or no")->required();
  answer->add_option("--member", order->members, "Which member's answer it is (yours)")->expected(1);
  answer->add_option("--person", order->people, "Which person's answer it is")->expected(1);
  CLI::App* attendance = add("attendance", "Say who came", "7 --came 31,32", Attendance);
  attendance->add_option("--came", order->guests, "Guests, by the ids that `meeting show` has")->delimiter(',');
}

}  // namespace

void AddMeetingVerbs(CLI::App& app, Session& session) {
  CLI::App* meeting = app.add_subcommand("meeting", "House meetings and trainings")->require_subcommand(1);
  AddChangeVerbs(*meeting, session);
  AddGuestVerbs(*meeting, session);

  CLI::App* list = meeting->add_subcommand("list", "Meetings to come");
  list->footer("Example:\n  snowfield meeting list --member 12");
  const auto member = std::make_shared<int64_t>(0);
  list->add_option("--member", *member, "That they or their team host, or are invited to (you)");
  list->callback([&session, member] { session.run = [&session, member] { return List(session, *member); }; });

  const auto shown = std::make_shared<int64_t>(0);
  CLI::App* show = meeting->add_subcommand("show", "A meeting and its guests");
  show->footer("Example:\n  snowfield meeting show 7");
  show->add_option("meeting", *shown, "Which")->required();
  show->callback([&session, shown] { session.run = [&session, shown] { return Show(session, *shown); }; });

  const auto file = std::make_shared<std::string>();
  CLI::App* out = meeting->add_subcommand("export", "A meeting as a calendar file (.ics)");
  out->footer("Example:\n  snowfield meeting export 7 --out coffee.ics");
  out->add_option("meeting", *shown, "Which")->required();
  out->add_option("--out", *file, "The file (standard output)");
  out->callback(
      [&session, shown, file] { session.run = [&session, shown, file] { return Export(session, *shown, *file); }; });
}

}  // namespace snowfield::cli
