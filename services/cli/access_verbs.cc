#include "services/cli/access_verbs.h"

#include <fstream>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/cli/role_text.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/access/v1/access.grpc.pb.h"

namespace snowfield::cli {
namespace {
using access::v1::AccessService;

absl::StatusOr<std::string> ReadTokenFile(const std::string& path) {
  std::ifstream file(path);
  std::string token;
  if (!file || !std::getline(file, token)) {
    return base::NotNow("TOKEN_MISSING",
                        absl::StrCat("can't read ", path,
                                     ": the server writes operator.token into its data folder; give it "
                                     "with --operator-token-file, as a user who may read it"));
  }
  absl::StripAsciiWhitespace(&token);
  return token;
}

struct CampaignOrder {
  access::v1::CreateCampaignRequest request;
  std::string operator_token_file;
};

absl::Status CreateCampaign(const Session& session, const CampaignOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string operator_token, ReadTokenFile(order.operator_token_file));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client anyone, Client::OpenPublic(session));
  const Client client = anyone.WithToken(operator_token);
  const auto stub = AccessService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::CreateCampaignResponse response;
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->CreateCampaign(&context, order.request, &response)));
  const std::string path = ContextPath(session);
  SNOWFIELD_RETURN_IF_ERROR(WriteContext(path, client.ContextWith(response.token())));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("campaign %lld made; its owner's token is in %s, and the verbs below use it\n",
                static_cast<long long>(response.campaign_id()), path.c_str());
  }
  return absl::OkStatus();
}

absl::Status WhoAmI(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::WhoAmIResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(AccessService::NewStub(client.channel())->WhoAmI(&context, {}, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"campaign", "name", "member", "role", "scope"});
  table.AddRow({absl::StrCat(response.campaign_id()), response.campaign_name(), absl::StrCat(response.member_id()),
                RoleText(response.role()), ScopeText(response.scope())});
  table.Print();
  return absl::OkStatus();
}

struct AccessOrder {
  int64_t member_id = 0;
  std::string role;
  std::string scope;
};

absl::Status SetAccess(const Session& session, const AccessOrder& order) {
  access::v1::SetMemberAccessRequest request;
  request.set_member_id(order.member_id);
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::Role role, RoleOf(order.role));
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::MemberScope scope, ScopeOf(order.scope));
  request.set_role(role);
  request.set_scope(scope);
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::SetMemberAccessResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(AccessService::NewStub(client.channel())->SetMemberAccess(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("member %lld is %s now and sees the %s\n", static_cast<long long>(response.member_id()),
                RoleText(response.role()).c_str(), ScopeText(response.scope()).c_str());
  }
  return absl::OkStatus();
}

absl::Status CreateToken(const Session& session, const access::v1::CreateTokenRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::CreateTokenResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(AccessService::NewStub(client.channel())->CreateToken(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("token %lld, shown this once:\n%s\n", static_cast<long long>(response.token_id()),
                response.token().c_str());
  }
  return absl::OkStatus();
}

absl::Status RevokeToken(const Session& session, int64_t token_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  access::v1::RevokeTokenRequest request;
  request.set_token_id(token_id);
  access::v1::RevokeTokenResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(AccessService::NewStub(client.channel())->RevokeToken(&context, request, &response)));
  if (!session.json) std::printf("token %lld is revoked\n", static_cast<long long>(token_id));
  return absl::OkStatus();
}

std::string Day(const google::protobuf::Timestamp& time) {
  return absl::FormatTime("%Y-%m-%d", absl::FromUnixSeconds(time.seconds()), absl::LocalTimeZone());
}

absl::Status ListTokens(const Session& session, int64_t member_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = AccessService::NewStub(client.channel());
  access::v1::ListTokensRequest request;
  request.set_member_id(member_id);
  request.set_page_size(rpc::kPageSizeMax);
  access::v1::ListTokensResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    access::v1::ListTokensResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListTokens(&context, request, &page)));
    all.mutable_tokens()->MergeFrom(page.tokens());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"token", "member", "phone", "label", "made", "expires", "revoked"});
  for (const access::v1::Token& token : all.tokens()) {
    table.AddRow({absl::StrCat(token.token_id()), absl::StrCat(token.member_id()),
                  token.phone_id() == 0 ? "" : absl::StrCat(token.phone_id()), token.label(), Day(token.create_time()),
                  Day(token.expire_time()), token.has_revoke_time() ? Day(token.revoke_time()) : ""});
  }
  table.Print();
  return absl::OkStatus();
}

void AddCampaignVerbs(CLI::App& app, Session& session) {
  CLI::App* campaign = app.add_subcommand("campaign", "Make a campaign")->require_subcommand(1);
  CLI::App* create = campaign->add_subcommand("create", "Make an empty campaign and keep its owner's token");
  create->footer("Example:\n  snowfield campaign create \"Washington DC\" --operator-token-file DATA/operator.token");
  const auto order = std::make_shared<CampaignOrder>();
  create
      ->add_option_function<std::string>(
          "name", [order](const std::string& name) { order->request.set_name(name); }, "What it is called")
      ->required();
  create->add_option("--operator-token-file", order->operator_token_file, "operator.token in the server's data folder")
      ->required();
  create->add_option_function<int>(
      "--span", [order](int span) { order->request.set_span(span); }, "People per leader, 2 to 12 (8)");
  create->add_option_function<std::string>(
      "--owner", [order](const std::string& name) { order->request.set_owner_name(name); }, "The owner's name");
  create->callback([&session, order] { session.run = [&session, order] { return CreateCampaign(session, *order); }; });
}

void AddRoleVerbs(CLI::App& app, Session& session) {
  CLI::App* group = app.add_subcommand("access", "Who may do what")->require_subcommand(1);
  CLI::App* set = group->add_subcommand("set", "Change a member's role and how far they see");
  set->footer(
      "Examples:\n"
      "  snowfield access set --member 7 --role leader\n"
      "  snowfield access set --member 9 --role organizer --scope branch");
  const auto order = std::make_shared<AccessOrder>();
  set->add_option("--member", order->member_id, "Whose")->required();
  set->add_option("--role", order->role, kRoleHelp)->required();
  set->add_option("--scope", order->scope, "campaign, or branch: themselves and those below (as the role has it)");
  set->callback([&session, order] { session.run = [&session, order] { return SetAccess(session, *order); }; });
}

void AddTokenVerbs(CLI::App& app, Session& session) {
  CLI::App* token = app.add_subcommand("token", "Make and revoke tokens")->require_subcommand(1);
  CLI::App* create = token->add_subcommand("create", "Make a token for a member; it is shown once");
  const auto request = std::make_shared<access::v1::CreateTokenRequest>();
  create->footer("Example:\n  snowfield token create --member 3 --label \"Ada's laptop\" --days 30");
  create
      ->add_option_function<int64_t>(
          "--member", [request](int64_t id) { request->set_member_id(id); }, "Whose")
      ->required();
  create->add_option_function<std::string>(
      "--label", [request](const std::string& label) { request->set_label(label); }, "What it is for");
  create->add_option_function<int>(
      "--days", [request](int days) { request->set_days(days); }, "How long it lives (90)");
  create->callback(
      [&session, request] { session.run = [&session, request] { return CreateToken(session, *request); }; });

  CLI::App* list = token->add_subcommand("list", "The tokens that were made");
  const auto member = std::make_shared<int64_t>(0);
  list->footer("Example:\n  snowfield token list --member 3");
  list->add_option("--member", *member, "Only this member's");
  list->callback([&session, member] { session.run = [&session, member] { return ListTokens(session, *member); }; });

  CLI::App* revoke = token->add_subcommand("revoke", "End a token at once");
  const auto id = std::make_shared<int64_t>(0);
  revoke->add_option("token_id", *id, "Which")->required();
  revoke->callback([&session, id] { session.run = [&session, id] { return RevokeToken(session, *id); }; });
}

}  // namespace

void AddAccessVerbs(CLI::App& app, Session& session) {
  AddCampaignVerbs(app, session);
  AddRoleVerbs(app, session);
  AddTokenVerbs(app, session);
  app.add_subcommand("whoami", "What the current token stands for")->callback([&session] {
    session.run = [&session] { return WhoAmI(session); };
  });
}

}  // namespace snowfield::cli
