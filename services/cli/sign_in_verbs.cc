#include "services/cli/sign_in_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/access/v1/access.grpc.pb.h"

namespace snowfield::cli {
namespace {
using access::v1::AccessService;

struct SignInOrder {
  std::string issuer;
  std::string audience;
  std::string claim;
  std::string subject;
  int64_t member_id = 0;
};

// One unary call; prints the answer as JSON where that is asked for, else `done`.
template <typename Method, typename Request, typename Response>
absl::Status Ask(const Session& session, Method method, const Request& request, Response response,
                 const std::string& done) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = AccessService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(((*stub).*method)(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("%s\n", done.c_str());
  }
  return absl::OkStatus();
}

absl::Status Trust(const Session& session, const SignInOrder& order) {
  access::v1::SetIssuerRequest request;
  request.mutable_issuer()->set_issuer(order.issuer);
  request.mutable_issuer()->set_audience(order.audience);
  request.mutable_issuer()->set_member_claim(order.claim);
  return Ask(session, &AccessService::Stub::SetIssuer, request, access::v1::SetIssuerResponse(),
             "the campaign trusts this issuer; link its subjects to members with `snowfield sign-in link`");
}

absl::Status Distrust(const Session& session, const SignInOrder& order) {
  access::v1::RemoveIssuerRequest request;
  request.set_issuer(order.issuer);
  return Ask(session, &AccessService::Stub::RemoveIssuer, request, access::v1::RemoveIssuerResponse(),
             "the campaign trusts this issuer no longer");
}

absl::Status Link(const Session& session, const SignInOrder& order) {
  access::v1::LinkSubjectRequest request;
  request.mutable_subject()->set_issuer(order.issuer);
  request.mutable_subject()->set_subject(order.subject);
  request.mutable_subject()->set_member_id(order.member_id);
  return Ask(session, &AccessService::Stub::LinkSubject, request, access::v1::LinkSubjectResponse(),
             absl::StrCat("signs in as member ", order.member_id, " now"));
}

absl::Status Unlink(const Session& session, const SignInOrder& order) {
  access::v1::UnlinkSubjectRequest request;
  request.set_issuer(order.issuer);
  request.set_subject(order.subject);
  return Ask(session, &AccessService::Stub::UnlinkSubject, request, access::v1::UnlinkSubjectResponse(),
             "signs in as nobody now");
}

absl::Status List(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = AccessService::NewStub(client.channel());
  access::v1::ListIssuersResponse issuers;
  {
    grpc::ClientContext context;
    client.Prepare(context);
    access::v1::ListIssuersRequest request;
    request.set_page_size(rpc::kPageSizeMax);
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListIssuers(&context, request, &issuers)));
  }
  access::v1::ListSubjectsRequest request;
  request.set_page_size(rpc::kPageSizeMax);
  access::v1::ListSubjectsResponse subjects;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    access::v1::ListSubjectsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListSubjects(&context, request, &page)));
    subjects.mutable_subjects()->MergeFrom(page.subjects());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(issuers);
    PrintJson(subjects);
    return absl::OkStatus();
  }
  Table trusted({"issuer", "audience", "claim"});
  for (const access::v1::Issuer& issuer : issuers.issuers()) {
    trusted.AddRow({issuer.issuer(), issuer.audience(), issuer.member_claim()});
  }
  trusted.Print();
  Table linked({"member", "subject", "issuer"});
  for (const access::v1::Subject& subject : subjects.subjects()) {
    linked.AddRow({absl::StrCat(subject.member_id()), subject.subject(), subject.issuer()});
  }
  linked.Print();
  return absl::OkStatus();
}

}  // namespace

void AddSignInVerbs(CLI::App& app, Session& session) {
  CLI::App* group = app.add_subcommand("sign-in", "OpenID Connect for staff")->require_subcommand(1);
  const auto order = std::make_shared<SignInOrder>();
  const auto verb = [&](const char* name, const char* help, const char* example, auto run) {
    CLI::App* made = group->add_subcommand(name, help);
    made->footer(absl::StrCat("Example:\n  snowfield sign-in ", example));
    made->callback([&session, order, run] { session.run = [&session, order, run] { return run(session, *order); }; });
    return made;
  };
  CLI::App* trust = verb("trust", "Take ID tokens of an issuer",
                         "trust --issuer https://accounts.example.org --audience snowfield --claim email", Trust);
  trust->add_option("--issuer", order->issuer, "Its URL, as its tokens have it in iss")->required();
  trust->add_option("--audience", order->audience, "The client that the campaign has there")->required();
  trust->add_option("--claim", order->claim, "Which claim names the member: sub, or email (sub)");
  CLI::App* distrust = verb("distrust", "Take them no longer; its links go too",
                            "distrust --issuer https://accounts.example.org", Distrust);
  distrust->add_option("--issuer", order->issuer, "Its URL")->required();
  CLI::App* link = verb("link", "Say which member a subject is",
                        "link --issuer https://accounts.example.org --subject ada@example.org --member 3", Link);
  CLI::App* unlink = verb("unlink", "Take that back",
                          "unlink --issuer https://accounts.example.org --subject ada@example.org", Unlink);
  for (CLI::App* each : {link, unlink}) {
    each->add_option("--issuer", order->issuer, "Its URL")->required();
    each->add_option("--subject", order->subject, "What the issuer calls them, in the claim")->required();
  }
  link->add_option("--member", order->member_id, "Who it is here")->required();
  verb("list", "Trusted issuers, and who is who", "list", [](const Session& s, const SignInOrder&) { return List(s); });
}

}  // namespace snowfield::cli
