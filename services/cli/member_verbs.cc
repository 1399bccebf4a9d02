#include "services/cli/member_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/output.h"
#include "services/cli/role_text.h"
#include "services/cli/team_verbs.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"

namespace snowfield::cli {
namespace {

using access::v1::Role;
using organizing::v1::Member;
using organizing::v1::OrganizingService;

struct MemberOrder {
  std::string name;
  std::string role;
  int64_t leader_id = 0;
  std::string home;  // "LON,LAT"; empty for none
};

absl::Status ReadHome(const std::string& text, geometry::v1::Point& home) {
  const std::vector<std::string> parts = absl::StrSplit(text, ',');
  double longitude = 0, latitude = 0;
  if (parts.size() != 2 || !absl::SimpleAtod(parts[0], &longitude) || !absl::SimpleAtod(parts[1], &latitude)) {
    return base::InvalidField("--home", "HOME_UNREADABLE", "send LONGITUDE,LATITUDE in degrees: --home -77.03,38.9");
  }
  home.set_longitude(longitude);
  home.set_latitude(latitude);
  return absl::OkStatus();
}

std::string NumberOrBlank(int64_t number) { return number == 0 ? "" : absl::StrCat(number); }

void PrintMember(const Session& session, const Member& member) {
  if (session.json) {
    PrintJson(member);
    return;
  }
  std::printf("member %lld, %s", static_cast<long long>(member.member_id()), RoleText(member.role()).c_str());
  if (member.leader_id() != 0) {
    std::printf(", place %d on the team of member %lld", member.slot(), static_cast<long long>(member.leader_id()));
  }
  std::printf("\n");
}

absl::Status AddMember(const Session& session, const MemberOrder& order) {
  organizing::v1::CreateMemberRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  request.set_display_name(order.name);
  request.set_leader_id(order.leader_id);
  SNOWFIELD_ASSIGN_OR_RETURN(const Role role, RoleOf(order.role));
  request.set_role(role);
  if (!order.home.empty()) SNOWFIELD_RETURN_IF_ERROR(ReadHome(order.home, *request.mutable_home()));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context, absl::Seconds(10));
  organizing::v1::CreateMemberResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(OrganizingService::NewStub(client.channel())->CreateMember(&context, request, &response)));
  PrintMember(session, response.member());
  return absl::OkStatus();
}

absl::Status ListMembers(const Session& session, const MemberOrder& order) {
  organizing::v1::ListMembersRequest request;
  request.set_leader_id(order.leader_id);
  request.set_page_size(rpc::kPageSizeMax);
  if (!order.role.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(const Role role, RoleOf(order.role));
    request.set_role(role);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = OrganizingService::NewStub(client.channel());
  organizing::v1::ListMembersResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    organizing::v1::ListMembersResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListMembers(&context, request, &page)));
    all.mutable_members()->MergeFrom(page.members());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"member", "name", "role", "leader", "place", "level", "team"});
  for (const Member& member : all.members()) {
    table.AddRow({absl::StrCat(member.member_id()), member.display_name(), RoleText(member.role()),
                  NumberOrBlank(member.leader_id()), NumberOrBlank(member.slot()), absl::StrCat(member.depth()),
                  absl::StrCat(member.team_size())});
  }
  table.Print();
  return absl::OkStatus();
}

}  // namespace

void AddMemberVerbs(CLI::App& app, Session& session) {
  CLI::App* member = app.add_subcommand("member", "The people of the snowflake")->require_subcommand(1);

  CLI::App* add = member->add_subcommand("add", "Add a member to a leader's team");
  add->footer("Example:\n  snowfield member add --name \"Ada King\" --role leader --home -77.03,38.9");
  const auto added = std::make_shared<MemberOrder>();
  add->add_option("--name", added->name, "What they are called")->required();
  add->add_option("--role", added->role, kRoleHelp)->required();
  add->add_option("--leader", added->leader_id, "Whose team (the owner's)");
  add->add_option("--home", added->home, "LONGITUDE,LATITUDE: turf near it is given to them first");
  add->callback([&session, added] { session.run = [&session, added] { return AddMember(session, *added); }; });

  CLI::App* list = member->add_subcommand("list", "Members, with their teams");
  list->footer("Example:\n  snowfield member list --role leader");
  const auto listed = std::make_shared<MemberOrder>();
  list->add_option("--leader", listed->leader_id, "Only the team of this member");
  list->add_option("--role", listed->role, "Only this role");
  list->callback([&session, listed] { session.run = [&session, listed] { return ListMembers(session, *listed); }; });

  AddTeamVerbs(*member, app, session);
}

}  // namespace snowfield::cli
