#include "services/cli/audit_verbs.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/access/v1/access.grpc.pb.h"

namespace snowfield::cli {
namespace {
using access::v1::AccessService;

constexpr int kEntriesShownDefault = 100;
constexpr absl::Duration kVerifyTime = absl::Hours(1);

struct ListOrder {
  access::v1::ListAuditRequest request;
  int count = kEntriesShownDefault;
};

std::string TimeText(const google::protobuf::Timestamp& timestamp) {
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", absl::FromUnixSeconds(timestamp.seconds()), absl::LocalTimeZone());
}

std::string NumberOrBlank(int64_t number) { return number == 0 ? "" : absl::StrCat(number); }

absl::Status ListAudit(const Session& session, const ListOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = AccessService::NewStub(client.channel());
  access::v1::ListAuditRequest request = order.request;
  access::v1::ListAuditResponse all;
  while (all.entries_size() < order.count) {
    request.set_page_size(std::min(order.count - all.entries_size(), rpc::kPageSizeMax));
    grpc::ClientContext context;
    client.Prepare(context);
    access::v1::ListAuditResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListAudit(&context, request, &page)));
    all.mutable_entries()->MergeFrom(page.entries());
    request.set_page_token(page.next_page_token());
    if (request.page_token().empty()) break;
  }
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"seal", "time", "member", "action", "of", "id", "detail"});
  for (const access::v1::AuditEntry& entry : all.entries()) {
    table.AddRow({NumberOrBlank(entry.seal_number()), TimeText(entry.audit_time()), NumberOrBlank(entry.member_id()),
                  entry.action(), entry.subject_kind(), NumberOrBlank(entry.subject_id()),
                  entry.detail_json() == "{}" ? "" : entry.detail_json()});
  }
  table.Print();
  return absl::OkStatus();
}

// "17:<64 hex digits>", as verify prints it.
absl::Status ReadNoted(const std::string& text, access::v1::VerifyAuditRequest& request) {
  if (text.empty()) return absl::OkStatus();
  const std::vector<std::string> parts = absl::StrSplit(text, ':');
  int64_t number = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &number)) {
    return base::InvalidField("--noted", "NOTED_SEAL_INVALID", "send NUMBER:HASH, as an earlier verify printed it");
  }
  request.set_noted_number(number);
  request.set_noted_hash(parts[1]);
  return absl::OkStatus();
}

std::string BreachText(const access::v1::VerifyAuditResponse& answer) {
  const std::string name = access::v1::AuditBreach_Name(answer.breach());
  std::string text = absl::AsciiStrToLower(absl::StripPrefix(name, "AUDIT_BREACH_"));
  std::replace(text.begin(), text.end(), '_', ' ');
  if (answer.broken_number() != 0) absl::StrAppend(&text, " at seal ", answer.broken_number());
  if (answer.broken_audit_id() != 0) absl::StrAppend(&text, ", entry ", answer.broken_audit_id());
  return text;
}

absl::Status VerifyAudit(const Session& session, const std::string& noted) {
  access::v1::VerifyAuditRequest request;
  SNOWFIELD_RETURN_IF_ERROR(ReadNoted(noted, request));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context, kVerifyTime);
  const auto reader = AccessService::NewStub(client.channel())->VerifyAudit(&context, request);
  ProgressBar bar("Verifying", session.json);
  access::v1::VerifyAuditResponse answer;
  while (reader->Read(&answer)) {
    if (!answer.done()) bar.Update(-1, absl::StrCat(WithCommas(answer.verified()), " entries"));
  }
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  bar.Finish(absl::StrCat(WithCommas(answer.verified()), " entries are as they were sealed"));
  if (session.json) PrintJson(answer);
  if (answer.breach() != access::v1::AUDIT_BREACH_UNSPECIFIED) {
    return base::NotNow("AUDIT_BROKEN", absl::StrCat("the audit log was tampered with: ", BreachText(answer)));
  }
  if (!session.json && answer.last_number() > 0) {
    std::printf("note elsewhere: %lld:%s\n", static_cast<long long>(answer.last_number()), answer.last_hash().c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddAuditVerbs(CLI::App& app, Session& session) {
  CLI::App* audit = app.add_subcommand("audit", "Who did what to whose data")->require_subcommand(1);

  CLI::App* list = audit->add_subcommand("list", "What was done, the newest first");
  list->footer(
      "Examples:\n"
      "  snowfield audit list --action token\n"
      "  snowfield audit list --of person --id 17 --json");
  const auto order = std::make_shared<ListOrder>();
  list->add_option_function<int64_t>(
      "--member", [order](int64_t id) { order->request.set_member_id(id); }, "Only what this member did");
  list->add_option_function<std::string>(
      "--action", [order](const std::string& action) { order->request.set_action(action); },
      "Only this action, or its family: token.create, token");
  list->add_option_function<std::string>(
      "--of", [order](const std::string& kind) { order->request.set_subject_kind(kind); },
      "Only what was done to this");
  list->add_option_function<int64_t>(
      "--id", [order](int64_t id) { order->request.set_subject_id(id); }, "... with this id");
  list->add_option("--count", order->count, "How many at most")->capture_default_str();
  list->callback([&session, order] { session.run = [&session, order] { return ListAudit(session, *order); }; });

  CLI::App* verify = audit->add_subcommand("verify", "Check that no entry was changed, dropped or slipped in");
  verify->footer(
      "Examples:\n"
      "  snowfield audit verify\n"
      "  snowfield audit verify --noted 1204:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08");
  const auto noted = std::make_shared<std::string>();
  verify->add_option("--noted", *noted, "NUMBER:HASH that an earlier verify printed");
  verify->callback([&session, noted] { session.run = [&session, noted] { return VerifyAudit(session, *noted); }; });
}

}  // namespace snowfield::cli
