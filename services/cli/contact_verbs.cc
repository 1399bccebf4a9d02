#include "services/cli/contact_verbs.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/cli/verb.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = followup::v1;
using pb::FollowUpService;

struct ContactOrder {
  std::string person;
  std::string household;
  std::string quiet;
  int64_t cut_id = 0;
  int64_t member_id = 0;
  int days = 0;
};

// "3/14": at most 3 within 14 days.
absl::StatusOr<std::pair<int, int>> ReadLimit(const std::string& text, const char* flag) {
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  std::pair<int, int> limit;
  if (parts.size() == 2 && absl::SimpleAtoi(parts[0], &limit.first) && absl::SimpleAtoi(parts[1], &limit.second)) {
    return limit;
  }
  return base::InvalidField(flag, "LIMIT_INVALID", "say how often within how many days, as in 3/14");
}

// "21:00" in minutes of the day.
bool ReadClock(const std::string& text, int* minutes) {
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int hour = 0, minute = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &hour) || !absl::SimpleAtoi(parts[1], &minute)) return false;
  *minutes = hour * 60 + minute;
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

std::string Clock(int minutes) { return absl::StrFormat("%02d:%02d", minutes / 60, minutes % 60); }

absl::Status Change(const ContactOrder& order, pb::ContactLimits& limits) {
  if (!order.person.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto limit, ReadLimit(order.person, "--person"));
    limits.set_person_max(limit.first);
    limits.set_person_days(limit.second);
  }
  if (!order.household.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto limit, ReadLimit(order.household, "--household"));
    limits.set_household_max(limit.first);
    limits.set_household_days(limit.second);
  }
  if (order.quiet.empty()) return absl::OkStatus();
  int from = 0, until = 0;
  if (order.quiet != "none") {
    const std::vector<std::string> parts = absl::StrSplit(order.quiet, '-');
    if (parts.size() != 2 || !ReadClock(parts[0], &from) || !ReadClock(parts[1], &until)) {
      return base::InvalidField("--quiet", "QUIET_HOURS_INVALID",
                                "say from when until when, as in 21:00-09:00, or none");
    }
  }
  limits.set_quiet_from(from);
  limits.set_quiet_until(until);
  return absl::OkStatus();
}

absl::Status Limits(const Session& session, const ContactOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const pb::GetContactLimitsResponse before,
      CallOnce(session, pb::GetContactLimitsRequest(), &FollowUpService::Stub::GetContactLimits));
  pb::ContactLimits limits = before.limits();
  if (!order.person.empty() || !order.household.empty() || !order.quiet.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(Change(order, limits));
    pb::SetContactLimitsRequest request;
    *request.mutable_limits() = limits;
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::SetContactLimitsResponse after,
                               CallOnce(session, request, &FollowUpService::Stub::SetContactLimits));
    limits = after.limits();
  }
  if (session.json) {
    PrintJson(limits);
    return absl::OkStatus();
  }
  std::printf("a person     at most %d times within %d days\na household  at most %d times within %d days\n",
              limits.person_max(), limits.person_days(), limits.household_max(), limits.household_days());
  std::printf("quiet hours  %s\n", limits.quiet_from() == limits.quiet_until()
                                       ? "none"
                                       : absl::StrCat(Clock(limits.quiet_from()), " to ", Clock(limits.quiet_until()),
                                                      ", by the campaign's clock")
                                             .c_str());
  return absl::OkStatus();
}

absl::Status HeldDoors(const Session& session, const ContactOrder& order) {
  turf::v1::ListHeldDoorsRequest request;
  request.set_cut_id(order.cut_id);
  Table table({"door", "address", "contacts", "until"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::ListHeldDoorsResponse response,
                               CallOnce(session, request, &turf::v1::TurfService::Stub::ListHeldDoors));
    if (session.json) PrintJson(response);
    for (const turf::v1::HeldDoor& door : response.doors()) {
      table.AddRow({absl::StrCat(door.door_id()), AddressLine(door.house_number(), door.street(), door.unit()),
                    absl::StrCat(door.contacts()), DayAndTime(door.until_time())});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

absl::Status HeldBack(const Session& session, const ContactOrder& order) {
  if (order.cut_id != 0) return HeldDoors(session, order);
  pb::ListHeldBackRequest request;
  Table table({"follow-up", "queue", "owner", "door", "person", "due", "until", "why"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListHeldBackResponse response,
                               CallOnce(session, request, &FollowUpService::Stub::ListHeldBack));
    if (session.json) PrintJson(response);
    for (const pb::HeldBack& one : response.held_back()) {
      table.AddRow({absl::StrCat(one.follow_up_id()), one.queue(), absl::StrCat(one.owner_id()),
                    absl::StrCat(one.door_id()), one.person_id() == 0 ? "" : absl::StrCat(one.person_id()),
                    DayAndTime(one.due_time()), DayAndTime(one.until_time()), one.reason()});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

absl::Status Balance(const Session& session, const ContactOrder& order) {
  pb::GetAskBalanceRequest request;
  request.set_member_id(order.member_id);
  request.set_days(order.days);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::GetAskBalanceResponse response,
                             CallOnce(session, request, &FollowUpService::Stub::GetAskBalance));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"member", "name", "asks", "second talks", "calls", "came to meetings", "trainings", "bonds %"});
  for (const pb::AskBalance& branch : response.branches()) {
    table.AddRow({absl::StrCat(branch.member_id()), branch.display_name(), WithCommas(branch.asks()),
                  WithCommas(branch.second_conversations()), WithCommas(branch.calls()),
                  WithCommas(branch.came_to_meetings()), WithCommas(branch.trainings()),
                  Fixed(100 * branch.bond_share(), 0)});
  }
  table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddContactVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<ContactOrder>();
  CLI::App* contact = app.add_subcommand("contact", "Keep people from being worn out")->require_subcommand(1);
  const auto add = [&](const char* name, const char* help, absl::Status (*work)(const Session&, const ContactOrder&)) {
    return AddVerb(*contact, session, order, name, help, work);
  };
  CLI::App* limits = add("limits", "Show or change how often people are met, called and invited", Limits);
  limits->footer(
      "Examples:\n"
      "  snowfield contact limits\n"
      "  snowfield contact limits --person 2/14 --household 3/14 --quiet 21:00-09:00");
  limits->add_option("--person", order->person, "At most so often within so many days: 3/14");
  limits->add_option("--household", order->household, "The same of all behind one door: 4/14");
  limits->add_option("--quiet", order->quiet, "When nobody is called: 21:00-09:00, or none");
  CLI::App* held =
      add("held-back", "Whom the limits hold back: follow-ups, or with --cut the doors of a cut", HeldBack);
  held->footer("Example:\n  snowfield contact held-back --cut 3");
  held->add_option("--cut", order->cut_id, "Doors that this cut left out");
  CLI::App* balance = add("balance", "How asks stand to bonds, by branch", Balance);
  balance->footer("Example:\n  snowfield contact balance --member 2 --days 14");
  balance->add_option("--member", order->member_id, "Whose branch (yours)");
  balance->add_option("--days", order->days, "Back from now (28)");
}

}  // namespace snowfield::cli
