#include "services/cli/follow_up_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"
#include "services/cli/follow_up_queue_verbs.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"

namespace snowfield::cli {
namespace {
using canvass::v1::CanvassService;
using followup::v1::FollowUpService;

constexpr int64_t kEveryone = -1;

struct FollowUpOrder {
  int64_t owner_id = 0;
  bool all = false;
  std::string state = "open";
  std::string queue;
  int64_t follow_up_id = 0;
  std::string outcome;
  int64_t meeting_id = 0;
  int64_t fence = 0;
  int64_t cut_id = 0;
};

// One unary call with the session's token.
template <typename Service, typename Method, typename Request, typename Response>
absl::Status Ask(const Session& session, Method method, const Request& request, Response* response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = Service::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  return rpc::FromGrpcStatus(((*stub).*method)(&context, request, response));
}

// "left-message" as LEFT_MESSAGE.
std::string EnumWord(const std::string& typed) {
  return absl::AsciiStrToUpper(absl::StrReplaceAll(typed, {{"-", "_"}}));
}

absl::Status List(const Session& session, const FollowUpOrder& order) {
  followup::v1::ListFollowUpsRequest request;
  request.set_owner_id(order.all ? kEveryone : order.owner_id);
  followup::v1::FollowUpState state;
  if (!followup::v1::FollowUpState_Parse("FOLLOW_UP_STATE_" + EnumWord(order.state), &state)) {
    return base::InvalidField("--state", "STATE_UNKNOWN", "open, done, dropped or dead");
  }
  request.set_state(state);
  request.set_queue(order.queue);
  Table table({"id", "due", "queue", "owner", "whom", "phone", "address", "rule", "dropped for"});
  int64_t count = 0;
  do {
    followup::v1::ListFollowUpsResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask<FollowUpService>(session, &FollowUpService::Stub::ListFollowUps, request, &response));
    if (session.json) PrintJson(response);
    for (const followup::v1::FollowUp& item : response.follow_ups()) {
      table.AddRow({absl::StrCat(item.follow_up_id()), DayAndTime(item.due_time()), item.queue(),
                    absl::StrCat(item.owner_id()), item.person_name().empty() ? "household" : item.person_name(),
                    item.phone_number(), item.address(), item.rule_name(), item.drop_reason()});
    }
    count += response.follow_ups_size();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) return absl::OkStatus();
  table.Print();
  std::printf("%s %s\n", WithCommas(count).c_str(), order.state.c_str());
  return absl::OkStatus();
}

absl::Status Complete(const Session& session, const FollowUpOrder& order) {
  followup::v1::CompleteFollowUpRequest request;
  request.set_follow_up_id(order.follow_up_id);
  followup::v1::FollowUpOutcome outcome;
  if (!followup::v1::FollowUpOutcome_Parse("FOLLOW_UP_OUTCOME_" + EnumWord(order.outcome), &outcome)) {
    return base::InvalidField("--outcome", "OUTCOME_UNKNOWN",
                              "reached, left-message, said-yes, said-no, wrong-number or not-needed");
  }
  request.set_outcome(outcome);
  request.set_meeting_id(order.meeting_id);
  request.set_fence(order.fence);
  followup::v1::CompleteFollowUpResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      Ask<FollowUpService>(session, &FollowUpService::Stub::CompleteFollowUp, request, &response));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("follow-up %lld is done\n", static_cast<long long>(response.follow_up().follow_up_id()));
  }
  return absl::OkStatus();
}

absl::Status Results(const Session& session, const FollowUpOrder& order) {
  canvass::v1::GetResultsRequest request;
  request.set_cut_id(order.cut_id);
  canvass::v1::GetResultsResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask<CanvassService>(session, &CanvassService::Stub::GetResults, request, &response));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"result", "knocks"});
  for (const canvass::v1::ResultCount& count : response.results()) {
    table.AddRow({WordOf(canvass::v1::KnockResult_Name(count.result()), "KNOCK_RESULT_"), WithCommas(count.knocks())});
  }
  table.Print();
  std::printf("%s knocks at %s doors, %s in conflict; %s follow-ups to do, %s done\n",
              WithCommas(response.knocks()).c_str(), WithCommas(response.doors_knocked()).c_str(),
              WithCommas(response.conflicts()).c_str(), WithCommas(response.follow_ups_open()).c_str(),
              WithCommas(response.follow_ups_done()).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddFollowUpVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<FollowUpOrder>();
  CLI::App* follow_up = app.add_subcommand("follow-up", "The work that knocks gave rise to")->require_subcommand(1);
  CLI::App* list = follow_up->add_subcommand("list", "In due order: your own, or someone's below you");
  list->footer("Example:\n  snowfield follow-up list --all --queue volunteer");
  list->add_option("--owner", order->owner_id, "Whose (you)");
  list->add_flag("--all", order->all, "Everyone's whom you may see");
  list->add_option("--state", order->state, "open, done, dropped or dead (open)");
  list->add_option("--queue", order->queue, "Only this queue");
  list->callback([&session, order] { session.run = [&session, order] { return List(session, *order); }; });

  CLI::App* complete = follow_up->add_subcommand("complete", "Say what came of one");
  complete->footer("Example:\n  snowfield follow-up complete --id 41 --outcome said-yes");
  complete->add_option("--id", order->follow_up_id, "Which")->required();
  complete
      ->add_option("--outcome", order->outcome, "reached, left-message, said-yes, said-no, wrong-number, not-needed")
      ->required();
  complete->add_option("--meeting", order->meeting_id, "With said-yes: the meeting that they come to");
  complete->add_option("--fence", order->fence, "Of your lease, where you claimed it");
  complete->callback([&session, order] { session.run = [&session, order] { return Complete(session, *order); }; });

  AddFollowUpQueueVerbs(*follow_up, session);
  CLI::App* results = app.add_subcommand("results", "How the canvass goes, in counts");
  results->footer("Example:\n  snowfield results --cut 3");
  results->add_option("--cut", order->cut_id, "Only this cut (all)");
  results->callback([&session, order] { session.run = [&session, order] { return Results(session, *order); }; });
}

}  // namespace snowfield::cli
