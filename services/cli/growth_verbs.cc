#include "services/cli/growth_verbs.h"

#include <google/protobuf/util/json_util.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"

namespace snowfield::cli {
namespace {

using organizing::v1::OrganizingService;

// One call; prints its answer as JSON where programs ask, else by `print`.
template <typename Request, typename Response, typename Print>
absl::Status Call(const Session& session, const Request& request,
                  grpc::Status (OrganizingService::Stub::*call)(grpc::ClientContext*, const Request&, Response*),
                  Print print) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Response response, CallOnce(session, request, call));
  if (session.json) {
    PrintJson(response);
  } else {
    print(response);
  }
  return absl::OkStatus();
}

std::string Day(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%F", absl::FromUnixSeconds(time.seconds()), absl::UTCTimeZone());
}

std::string Lower(const std::string& enum_name, const char* prefix) {
  return absl::AsciiStrToLower(absl::StripPrefix(enum_name, prefix));
}

void PrintPlan(const organizing::v1::GrowthPlan& plan) {
  Table steps({"step", "name", "recorded by"});
  for (const auto& step : plan.steps()) {
    steps.AddRow({step.code(), step.name(), Lower(organizing::v1::StepKind_Name(step.kind()), "STEP_KIND_")});
  }
  steps.Print();
  if (!plan.modules().empty()) {
    Table modules({"training", "name", "days"});
    for (const auto& module : plan.modules()) {
      modules.AddRow(
          {module.code(), module.name(), module.valid_days() == 0 ? "for good" : absl::StrCat(module.valid_days())});
    }
    modules.Print();
  }
  std::printf("turf needs the training: %s\n",
              plan.required_module().empty() ? "none" : plan.required_module().c_str());
  std::printf(
      "a shift: %d doors in a day (%s); ready to lead: %d steps; quiet: %d days; proposed again after %d days\n",
      plan.shift_doors_min(), plan.time_zone().c_str(), plan.ready_steps_min(), plan.quiet_days(),
      plan.propose_again_days());
}

absl::Status ShowPlan(const Session& session) {
  return Call(session, organizing::v1::GetGrowthPlanRequest(), &OrganizingService::Stub::GetGrowthPlan,
              [](const organizing::v1::GetGrowthPlanResponse& response) { PrintPlan(response.plan()); });
}

absl::Status SetPlan(const Session& session, const std::string& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  organizing::v1::SetGrowthPlanRequest request;
  if (!stream || !google::protobuf::util::JsonStringToMessage(text.str(), request.mutable_plan()).ok()) {
    return base::InvalidField("--file", "FILE_UNREADABLE",
                              "send a plan as `snowfield growth plan --json` prints it, without the outer \"plan\"");
  }
  return Call(session, request, &OrganizingService::Stub::SetGrowthPlan,
              [](const organizing::v1::SetGrowthPlanResponse& response) { PrintPlan(response.plan()); });
}

absl::Status ShowMember(const Session& session, int64_t member_id) {
  organizing::v1::GetMemberGrowthRequest request;
  request.set_member_id(member_id);
  return Call(session, request, &OrganizingService::Stub::GetMemberGrowth,
              [](const organizing::v1::GetMemberGrowthResponse& response) {
                Table steps({"step", "reached", "evidence", "note", "by"});
                for (const auto& step : response.steps()) {
                  steps.AddRow({step.name(), step.has_reach_time() ? Day(step.reach_time()) : "", step.evidence(),
                                step.note(), step.recorded_by_id() == 0 ? "" : absl::StrCat(step.recorded_by_id())});
                }
                steps.Print();
                if (response.trainings().empty()) return;
                Table trainings({"training", "completed", "runs out"});
                for (const auto& training : response.trainings()) {
                  trainings.AddRow({training.name(), Day(training.complete_time()),
                                    training.has_expire_time() ? Day(training.expire_time()) : "never"});
                }
                trainings.Print();
              });
}

struct StepOrder {
  int64_t member_id = 0;
  std::string code;
  std::string note;
};
absl::Status RecordStep(const Session& session, const StepOrder& order) {
  organizing::v1::RecordStepRequest request;
  request.set_member_id(order.member_id);
  request.set_code(order.code);
  request.set_note(order.note);
  return Call(session, request, &OrganizingService::Stub::RecordStep,
              [](const organizing::v1::RecordStepResponse& response) {
                std::printf("%s\n", response.recorded() ? "recorded" : "reached before");
              });
}

struct TrainingOrder {
  std::vector<int64_t> members;
  std::string module;
};
absl::Status RecordTraining(const Session& session, const TrainingOrder& order) {
  organizing::v1::RecordTrainingRequest request;
  for (const int64_t member : order.members) request.add_member_ids(member);
  request.set_module(order.module);
  return Call(session, request, &OrganizingService::Stub::RecordTraining,
              [&](const organizing::v1::RecordTrainingResponse&) {
                std::printf("recorded for %zu members\n", order.members.size());
              });
}

std::string Proposed(const organizing::v1::Proposal& proposal) {
  switch (proposal.kind()) {
    case organizing::v1::PROPOSAL_KIND_LEAD:
      return "let them lead";
    case organizing::v1::PROPOSAL_KIND_SPLIT:
      return absl::StrCat("split the full team: ", proposal.new_leader_id(), " leads ",
                          absl::StrJoin(proposal.follower_ids(), ", "));
    case organizing::v1::PROPOSAL_KIND_QUIET:
      return "quiet: let them step down";
    default:
      return "";
  }
}

struct ListOrder {
  int64_t leader_id = 0;
  bool everybody = false;
  bool refresh = false;
};
absl::Status ListProposals(const Session& session, const ListOrder& order) {
  organizing::v1::ListProposalsRequest request;
  request.set_leader_id(order.everybody ? -1 : order.leader_id);
  request.set_refresh(order.refresh);
  request.set_page_size(rpc::kPageSizeMax);
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = OrganizingService::NewStub(client.channel());
  organizing::v1::ListProposalsResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    organizing::v1::ListProposalsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListProposals(&context, request, &page)));
    all.mutable_proposals()->MergeFrom(page.proposals());
    request.set_page_token(page.next_page_token());
    request.set_refresh(false);
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"proposal", "member", "name", "proposed", "because"});
  for (const auto& proposal : all.proposals()) {
    table.AddRow({absl::StrCat(proposal.proposal_id()), absl::StrCat(proposal.subject_id()), proposal.subject_name(),
                  Proposed(proposal), proposal.evidence()});
  }
  table.Print();
  return absl::OkStatus();
}

struct Decision {
  int64_t proposal_id = 0;
  int64_t successor_id = 0;
  std::string reason;
};
absl::Status Decide(const Session& session, const Decision& decision, bool accept) {
  organizing::v1::DecideProposalRequest request;
  request.set_proposal_id(decision.proposal_id);
  request.set_accept(accept);
  request.set_reason(decision.reason);
  request.set_successor_id(decision.successor_id);
  return Call(session, request, &OrganizingService::Stub::DecideProposal,
              [](const organizing::v1::DecideProposalResponse& response) {
                std::printf(
                    "proposal %lld: %s\n", static_cast<long long>(response.proposal().proposal_id()),
                    Lower(organizing::v1::ProposalState_Name(response.proposal().state()), "PROPOSAL_STATE_").c_str());
                for (const auto& placement : response.change().placements()) {
                  std::printf("member %lld is with member %lld now\n", static_cast<long long>(placement.member_id()),
                              static_cast<long long>(placement.to_leader_id()));
                }
              });
}

void AddPlanVerbs(CLI::App& growth, Session& session) {
  CLI::App* plan = growth.add_subcommand("plan", "The ladder, training modules and rules; or settle them anew");
  plan->footer("Examples:\n  snowfield growth plan\n  snowfield growth plan --set plan.json");
  const auto file = std::make_shared<std::string>();
  plan->add_option("--set", *file, "A file with the whole plan as JSON");
  plan->callback([&session, file] {
    session.run = [&session, file] { return file->empty() ? ShowPlan(session) : SetPlan(session, *file); };
  });

  CLI::App* show = growth.add_subcommand("show", "How far up the ladder a member is, and their trainings");
  show->footer("Example:\n  snowfield growth show 12");
  const auto member = std::make_shared<int64_t>(0);
  show->add_option("member", *member, "Who (you)");
  show->callback([&session, member] { session.run = [&session, member] { return ShowMember(session, *member); }; });

  CLI::App* step = growth.add_subcommand("step", "Record a step of the ladder by hand");
  step->footer("Example:\n  snowfield growth step 12 hosted --note \"at the library\"");
  const auto recorded = std::make_shared<StepOrder>();
  step->add_option("member", recorded->member_id, "Who")->required();
  step->add_option("code", recorded->code, "Which step")->required();
  step->add_option("--note", recorded->note, "What shows it");
  step->callback(
      [&session, recorded] { session.run = [&session, recorded] { return RecordStep(session, *recorded); }; });

  CLI::App* train = growth.add_subcommand("train", "Record a completed training module");
  train->footer("Example:\n  snowfield growth train turf --members 12,13,14");
  const auto trained = std::make_shared<TrainingOrder>();
  train->add_option("module", trained->module, "Which module, by its code")->required();
  train->add_option("--members", trained->members, "Who completed it")->required()->delimiter(',');
  train->callback(
      [&session, trained] { session.run = [&session, trained] { return RecordTraining(session, *trained); }; });
}

}  // namespace

void AddGrowthVerbs(CLI::App& app, Session& session) {
  CLI::App* growth =
      app.add_subcommand("growth", "Growing leaders: steps, trainings, proposals")->require_subcommand(1);
  AddPlanVerbs(*growth, session);

  CLI::App* list = growth->add_subcommand("proposals", "Who is ready to lead, what to split, who has gone quiet");
  list->footer("Example:\n  snowfield growth proposals --refresh");
  const auto listed = std::make_shared<ListOrder>();
  list->add_option("--leader", listed->leader_id, "About whose team (yours)");
  list->add_flag("--all", listed->everybody, "About all teams, for staff");
  list->add_flag("--refresh", listed->refresh, "Look for new ones first");
  list->callback([&session, listed] { session.run = [&session, listed] { return ListProposals(session, *listed); }; });

  const auto decision = std::make_shared<Decision>();
  CLI::App* accept = growth->add_subcommand("accept", "Accept a proposal: it is done at once");
  accept->footer("Example:\n  snowfield growth accept 7");
  accept->add_option("proposal", decision->proposal_id, "Which")->required();
  accept->add_option("--reason", decision->reason, "Why");
  accept->add_option("--successor", decision->successor_id, "Who takes over from a quiet leader");
  accept->callback(
      [&session, decision] { session.run = [&session, decision] { return Decide(session, *decision, true); }; });
  CLI::App* decline = growth->add_subcommand("decline", "Decline a proposal");
  decline->footer("Example:\n  snowfield growth decline 7 --reason \"on holiday until May\"");
  decline->add_option("proposal", decision->proposal_id, "Which")->required();
  decline->add_option("--reason", decision->reason, "Why not")->required();
  decline->callback(
      [&session, decision] { session.run = [&session, decision] { return Decide(session, *decision, false); }; });
}

}  // namespace snowfield::cli
