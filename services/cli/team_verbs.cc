#include "services/cli/team_verbs.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"

namespace snowfield::cli {
namespace {

using organizing::v1::OrganizingService;
using organizing::v1::TreeChange;

struct ChangeOrder {
  int64_t member_id = 0;
  int64_t leader_id = 0;
  int64_t under_id = 0;
  std::vector<int64_t> followers;
  bool alone = false;
  bool preview = false;
};

void PrintChange(const TreeChange& change, bool preview) {
  Table table({"member", "from", "to"});
  for (const auto& placement : change.placements()) {
    table.AddRow({absl::StrCat(placement.member_id()), absl::StrCat(placement.from_leader_id()),
                  absl::StrCat(placement.to_leader_id())});
  }
  table.Print();
  if (change.has_handover()) {
    std::printf("%d walk lists and %d follow-ups %s member %lld\n", change.handover().walk_lists(),
                change.handover().follow_ups(), preview ? "would go to" : "went to",
                static_cast<long long>(change.handover().to_member_id()));
  }
  for (const int64_t orphan : change.orphan_ids()) {
    std::printf("member %lld would have no leader: no place is free near by\n", static_cast<long long>(orphan));
  }
  if (preview) std::printf("a preview: nothing was changed\n");
}

// Sends one request of the service and prints what it changes.
template <typename Request, typename Response>
absl::Status Send(const Session& session, const Request& request,
                  grpc::Status (OrganizingService::Stub::*call)(grpc::ClientContext*, const Request&, Response*)) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Response response, CallOnce(session, request, call));
  if (session.json) {
    PrintJson(response);
  } else {
    PrintChange(response.change(), request.validate_only());
  }
  return absl::OkStatus();
}

absl::Status Move(const Session& session, const ChangeOrder& order) {
  organizing::v1::MoveMemberRequest request;
  request.set_member_id(order.member_id);
  request.set_new_leader_id(order.leader_id);
  request.set_without_people(order.alone);
  request.set_validate_only(order.preview);
  return Send(session, request, &OrganizingService::Stub::MoveMember);
}

absl::Status StepDown(const Session& session, const ChangeOrder& order) {
  organizing::v1::StepDownRequest request;
  request.set_member_id(order.member_id);
  request.set_successor_id(order.leader_id);
  request.set_validate_only(order.preview);
  return Send(session, request, &OrganizingService::Stub::StepDown);
}

absl::Status Remove(const Session& session, const ChangeOrder& order) {
  organizing::v1::RemoveMemberRequest request;
  request.set_member_id(order.member_id);
  request.set_successor_id(order.leader_id);
  request.set_validate_only(order.preview);
  return Send(session, request, &OrganizingService::Stub::RemoveMember);
}

absl::Status Merge(const Session& session, const ChangeOrder& order) {
  organizing::v1::MergeTeamsRequest request;
  request.set_from_leader_id(order.member_id);
  request.set_into_leader_id(order.leader_id);
  request.set_validate_only(order.preview);
  return Send(session, request, &OrganizingService::Stub::MergeTeams);
}

absl::Status Split(const Session& session, const ChangeOrder& order) {
  organizing::v1::SplitTeamRequest request;
  request.set_leader_id(order.leader_id);
  request.set_new_leader_id(order.member_id);
  for (const int64_t follower : order.followers) request.add_follower_ids(follower);
  request.set_new_leader_under_id(order.under_id);
  request.set_validate_only(order.preview);
  return Send(session, request, &OrganizingService::Stub::SplitTeam);
}

std::vector<std::string> TallyCells(const organizing::v1::BranchTally& row, const organizing::v1::Tally& tally) {
  return {absl::StrCat(row.member_id()),
          row.display_name(),
          WithCommas(tally.members()),
          WithCommas(tally.leaders()),
          WithCommas(tally.doors()),
          WithCommas(tally.contacts()),
          WithCommas(tally.supporters_identified()),
          WithCommas(tally.volunteers_recruited()),
          WithCommas(tally.follow_ups_overdue())};
}

absl::Status RollUp(const Session& session, int64_t member_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  organizing::v1::GetRollUpRequest request;
  request.set_member_id(member_id);
  organizing::v1::GetRollUpResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(OrganizingService::NewStub(client.channel())->GetRollUp(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"branch of", "name", "members", "leaders", "doors", "contacts", "supporters", "volunteers", "overdue"});
  table.AddRow(TallyCells(response.top(), response.top().branch()));
  for (const auto& branch : response.team()) table.AddRow(TallyCells(branch, branch.branch()));
  table.Print();
  if (response.has_as_of_time()) {
    std::printf("as of %s\n",
                absl::FormatTime("%F %T", absl::FromUnixSeconds(response.as_of_time().seconds()), absl::UTCTimeZone())
                    .append(" UTC")
                    .c_str());
  }
  return absl::OkStatus();
}

absl::Status Home(const Session& session, int64_t member_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  organizing::v1::GetLeaderHomeRequest request;
  request.set_member_id(member_id);
  organizing::v1::GetLeaderHomeResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(OrganizingService::NewStub(client.channel())->GetLeaderHome(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  const auto& home = response.home();
  Table team({"member", "name", "team", "last shift", "doors", "contacts", "14 days", "contacts"});
  for (const auto& mate : home.team()) {
    team.AddRow({absl::StrCat(mate.member_id()), mate.display_name(), absl::StrCat(mate.team_size()),
                 mate.last_shift().day(), absl::StrCat(mate.last_shift().doors()),
                 absl::StrCat(mate.last_shift().contacts()), absl::StrCat(mate.recent_doors()),
                 absl::StrCat(mate.recent_contacts())});
  }
  team.Print();
  std::printf("%d follow-ups open, %d overdue, %d due within a day\n", home.work().open(), home.work().overdue(),
              home.work().due_soon());
  Table lists({"list", "turf", "doors", "done", "phones out"});
  for (const auto& list : home.lists()) {
    lists.AddRow({list.list_number(), absl::StrCat(list.turf_number()), absl::StrCat(list.doors()),
                  absl::StrCat(list.doors_done()), absl::StrCat(list.phones_out())});
  }
  lists.Print();
  return absl::OkStatus();
}

// A verb with --preview and an example.
CLI::App* AddVerb(CLI::App& parent, Session& session, const std::string& name, const std::string& what,
                  const std::string& example, const std::shared_ptr<ChangeOrder>& order,
                  absl::Status (*run)(const Session&, const ChangeOrder&)) {
  CLI::App* verb = parent.add_subcommand(name, what);
  verb->footer(absl::StrCat("Example:\n  snowfield ", parent.get_name(), " ", name, " ", example));
  verb->add_flag("--preview", order->preview, "Say what it would do, and do nothing");
  verb->callback([&session, order, run] { session.run = [&session, order, run] { return run(session, *order); }; });
  return verb;
}

constexpr char kSuccessorHelp[] =
    "Who takes over: someone of the team, or another leader (the leader above, and those near with room)";

}  // namespace

void AddTeamVerbs(CLI::App& member, CLI::App& app, Session& session) {
  const auto moved = std::make_shared<ChangeOrder>();
  CLI::App* move = AddVerb(member, session, "move", "Put a member, with the people below, on another team",
                           "--member 12 --leader 7", moved, Move);
  move->add_option("--member", moved->member_id, "Who")->required();
  move->add_option("--leader", moved->leader_id, "The new leader")->required();
  move->add_flag("--alone", moved->alone, "Without the people below, who go to the old leader or near by");

  const auto down = std::make_shared<ChangeOrder>();
  CLI::App* step = AddVerb(member, session, "step-down", "Let a leader lead no longer; their people get others",
                           "--member 12 --successor 15 --preview", down, StepDown);
  step->add_option("--member", down->member_id, "Who")->required();
  step->add_option("--successor", down->leader_id, kSuccessorHelp);

  const auto out = std::make_shared<ChangeOrder>();
  CLI::App* remove = AddVerb(member, session, "remove", "Take a member out of the campaign; their access ends",
                             "--member 12", out, Remove);
  remove->add_option("--member", out->member_id, "Who")->required();
  remove->add_option("--successor", out->leader_id, kSuccessorHelp);

  CLI::App* team = app.add_subcommand("team", "Teams of the snowflake")->require_subcommand(1);
  const auto merged = std::make_shared<ChangeOrder>();
  CLI::App* merge =
      AddVerb(*team, session, "merge", "Put two teams under one leader", "--from 12 --into 7", merged, Merge);
  merge->add_option("--from", merged->member_id, "The leader who steps down")->required();
  merge->add_option("--into", merged->leader_id, "Who leads both, and has room for all")->required();

  CLI::App* up = team->add_subcommand("roll-up", "What a branch has done, and each branch right below");
  up->footer("Example:\n  snowfield team roll-up --member 12");
  const auto top = std::make_shared<int64_t>(0);
  up->add_option("--member", *top, "Whose branch (yours)");
  up->callback([&session, top] { session.run = [&session, top] { return RollUp(session, *top); }; });

  CLI::App* home = team->add_subcommand("home", "What a leader needs: the team, work, walk lists");
  home->footer("Example:\n  snowfield team home --member 12");
  const auto whose = std::make_shared<int64_t>(0);
  home->add_option("--member", *whose, "Whose home (yours)");
  home->callback([&session, whose] { session.run = [&session, whose] { return Home(session, *whose); }; });

  const auto split = std::make_shared<ChangeOrder>();
  CLI::App* part = AddVerb(*team, session, "split", "Let a member of a team lead others of it",
                           "--leader 7 --new-leader 12 --followers 13,14,15", split, Split);
  part->add_option("--leader", split->leader_id, "Whose team")->required();
  part->add_option("--new-leader", split->member_id, "Who leads from now on")->required();
  part->add_option("--followers", split->followers, "Who comes to the new leader")->required()->delimiter(',');
  part->add_option("--under", split->under_id, "Whose team the new leader joins (they stay where they are)");
}

}  // namespace snowfield::cli
