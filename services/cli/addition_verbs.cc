#include "services/cli/addition_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = canvass::v1;
using pb::ReviewService;

struct AdditionOrder {
  bool all = false;
  std::string addition_id;
  bool accept = false;
  bool decline = false;
  std::string reason;
};

std::string AddressOf(const pb::FoundDoor& door) {
  return absl::StrCat(door.house_number(), " ", door.street(), door.unit().empty() ? "" : " ", door.unit());
}

std::string PeopleOf(const pb::ReviewedAddition& addition) {
  return absl::StrJoin(addition.people(), ", ", [](std::string* out, const pb::AddedPerson& added) {
    absl::StrAppend(out, added.person().first_name(), " ", added.person().last_name());
    if (added.known_person_id() != 0) absl::StrAppend(out, " (known: ", added.known_person_id(), ")");
  });
}

absl::Status List(const Session& session, const AdditionOrder& order) {
  pb::ListAdditionsRequest request;
  request.set_judged_too(order.all);
  Table table({"addition", "member", "list", "door", "address", "metres", "people", "note", "came", "verdict"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListAdditionsResponse response,
                               CallOnce(session, request, &ReviewService::Stub::ListAdditions));
    if (session.json) PrintJson(response);
    for (const pb::ReviewedAddition& addition : response.additions()) {
      table.AddRow({addition.addition_id(), absl::StrCat(addition.member_id()), addition.list_number(),
                    addition.is_new_door() ? "new" : absl::StrCat(addition.door_id()), AddressOf(addition.door()),
                    addition.is_new_door() ? Fixed(addition.distance_m(), 0) : "", PeopleOf(addition), addition.note(),
                    DayAndTime(addition.receive_time()),
                    addition.verdict() == pb::VERDICT_UNSPECIFIED
                        ? ""
                        : WordOf(pb::Verdict_Name(addition.verdict()), "VERDICT_")});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

void Print(const pb::JudgeAdditionResponse& response) {
  if (response.door_id() == 0) {
    std::printf("declined\n");
    return;
  }
  std::printf("accepted: door %lld, %d people\n", static_cast<long long>(response.door_id()),
              response.person_ids_size());
  if (response.turf_number() == 0) return;
  if (response.set_aside_reason().empty()) {
    std::printf("the door is in turf %d of cut %lld\n", response.turf_number(),
                static_cast<long long>(response.cut_id()));
  } else {
    std::printf("the door is set aside in cut %lld (%s): try again with `snowfield turf put-back`\n",
                static_cast<long long>(response.cut_id()), response.set_aside_reason().c_str());
  }
}

absl::Status Judge(const Session& session, const AdditionOrder& order) {
  if (order.accept == order.decline) {
    return base::InvalidField("--accept", "VERDICT_MISSING", "say either --accept or --decline");
  }
  pb::JudgeAdditionRequest request;
  request.set_addition_id(order.addition_id);
  request.set_verdict(order.accept ? pb::VERDICT_ACCEPTED : pb::VERDICT_DECLINED);
  request.set_reason(order.reason);
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::JudgeAdditionResponse response,
                             CallOnce(session, request, &ReviewService::Stub::JudgeAddition));
  if (session.json) {
    PrintJson(response);
  } else {
    Print(response);
  }
  return absl::OkStatus();
}

}  // namespace

void AddAdditionVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<AdditionOrder>();
  CLI::App* addition =
      app.add_subcommand("addition", "Doors and people that canvassers found in the field")->require_subcommand(1);
  CLI::App* list = addition->add_subcommand("list", "Those of your branch that nobody has judged");
  list->footer("Example:\n  snowfield addition list --all");
  list->add_flag("--all", order->all, "Also those that were judged");
  list->callback([&session, order] { session.run = [&session, order] { return List(session, *order); }; });

  CLI::App* judge = addition->add_subcommand("judge", "Accept or decline one");
  judge->footer(
      "Examples:\n  snowfield addition judge --addition 4f0c... --accept\n"
      "  snowfield addition judge --addition 4f0c... --decline --reason \"a shed\"");
  judge->add_option("--addition", order->addition_id, "Which")->required();
  judge->add_flag("--accept", order->accept, "The people are behind their door; a new door is in its turf");
  judge->add_flag("--decline", order->decline, "It stays on record and comes on no list");
  judge->add_option("--reason", order->reason, "Why; needed to decline");
  judge->callback([&session, order] { session.run = [&session, order] { return Judge(session, *order); }; });
}

}  // namespace snowfield::cli
