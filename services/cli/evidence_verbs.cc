#include "services/cli/evidence_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/canvass/v1/review.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = canvass::v1;
using pb::ReviewService;

struct EvidenceOrder {
  bool all = false;
  std::string knock_id;
  bool accept = false;
  bool voided = false;
  std::string reason;
  double distance_m = -1, accuracy_m = -1, speed_m_per_s = -1;
};

// One unary call with the session's token.
template <typename Method, typename Request, typename Response>
absl::Status Ask(const Session& session, Method method, const Request& request, Response* response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = ReviewService::NewStub(client.channel());
  grpc::ClientContext context;
  client.Prepare(context);
  return rpc::FromGrpcStatus(((*stub).*method)(&context, request, response));
}

std::string InWords(const pb::FlaggedKnock& knock) {
  return absl::StrJoin(knock.evidence(), ", ", [](std::string* out, const pb::Evidence& evidence) {
    absl::StrAppend(out, evidence.flag(), " ", Fixed(evidence.measured(), 0), " > ", Fixed(evidence.limit(), 0));
  });
}

absl::Status List(const Session& session, const EvidenceOrder& order) {
  pb::ListFlaggedKnocksRequest request;
  request.set_judged_too(order.all);
  Table table({"knock", "member", "phone", "list", "door", "came", "evidence", "verdict"});
  do {
    pb::ListFlaggedKnocksResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask(session, &ReviewService::Stub::ListFlaggedKnocks, request, &response));
    if (session.json) PrintJson(response);
    for (const pb::FlaggedKnock& knock : response.knocks()) {
      const absl::Time came = absl::FromUnixSeconds(knock.receive_time().seconds());
      table.AddRow({knock.knock_id(), absl::StrCat(knock.member_id()), absl::StrCat(knock.phone_id()),
                    knock.list_number(), absl::StrCat(knock.door_id()),
                    absl::FormatTime("%m-%d %H:%M", came, absl::LocalTimeZone()), InWords(knock),
                    knock.verdict() == pb::VERDICT_UNSPECIFIED
                        ? ""
                        : pb::Verdict_Name(knock.verdict()).substr(sizeof("VERDICT_") - 1)});
    }
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  if (!session.json) table.Print();
  return absl::OkStatus();
}

absl::Status Judge(const Session& session, const EvidenceOrder& order) {
  if (order.accept == order.voided) {
    return base::InvalidField("--accept", "VERDICT_MISSING", "say either --accept or --void");
  }
  pb::JudgeKnockRequest request;
  request.set_knock_id(order.knock_id);
  request.set_verdict(order.accept ? pb::VERDICT_ACCEPTED : pb::VERDICT_VOIDED);
  request.set_reason(order.reason);
  pb::JudgeKnockResponse response;
  SNOWFIELD_RETURN_IF_ERROR(Ask(session, &ReviewService::Stub::JudgeKnock, request, &response));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("%s; %d follow-ups closed\n", order.accept ? "accepted" : "voided", response.follow_ups_closed());
  }
  return absl::OkStatus();
}

absl::Status Limits(const Session& session, const EvidenceOrder& order) {
  pb::GetEvidenceLimitsResponse found;
  SNOWFIELD_RETURN_IF_ERROR(
      Ask(session, &ReviewService::Stub::GetEvidenceLimits, pb::GetEvidenceLimitsRequest(), &found));
  pb::EvidenceLimits limits = found.limits();
  if (order.distance_m >= 0 || order.accuracy_m >= 0 || order.speed_m_per_s >= 0) {
    if (order.distance_m >= 0) limits.set_distance_m(order.distance_m);
    if (order.accuracy_m >= 0) limits.set_accuracy_m(order.accuracy_m);
    if (order.speed_m_per_s >= 0) limits.set_speed_m_per_s(order.speed_m_per_s);
    pb::SetEvidenceLimitsRequest request;
    *request.mutable_limits() = limits;
    pb::SetEvidenceLimitsResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask(session, &ReviewService::Stub::SetEvidenceLimits, request, &response));
    limits = response.limits();
  }
  if (session.json) {
    PrintJson(limits);
    return absl::OkStatus();
  }
  std::printf(
      "%.0f m from the door, %.0f m of accuracy, %.1f m/s; clocks %.0f s ahead, %.0f s behind, %.0f s backwards\n",
      limits.distance_m(), limits.accuracy_m(), limits.speed_m_per_s(), limits.clock_ahead_s(), limits.clock_behind_s(),
      limits.clock_backwards_s());
  return absl::OkStatus();
}

}  // namespace

void AddEvidenceVerbs(CLI::App& app, Session& session) {
  const auto order = std::make_shared<EvidenceOrder>();
  CLI::App* evidence =
      app.add_subcommand("evidence", "Knocks that their position or clock speaks against")->require_subcommand(1);
  CLI::App* list = evidence->add_subcommand("list", "Those of your branch that nobody has judged");
  list->footer("Example:\n  snowfield evidence list --all");
  list->add_flag("--all", order->all, "Also those that were judged");
  list->callback([&session, order] { session.run = [&session, order] { return List(session, *order); }; });

  CLI::App* judge = evidence->add_subcommand("judge", "Accept or void a knock");
  judge->footer("Example:\n  snowfield evidence judge --knock 4f0c... --void --reason \"walked from the car\"");
  judge->add_option("--knock", order->knock_id, "Which")->required();
  judge->add_flag("--accept", order->accept, "It counts");
  judge->add_flag("--void", order->voided, "It stays on record and counts no longer");
  judge->add_option("--reason", order->reason, "Why")->required();
  judge->callback([&session, order] { session.run = [&session, order] { return Judge(session, *order); }; });

  CLI::App* limits =
      evidence->add_subcommand("limits", "From where on evidence speaks; shows them, or sets those named");
  limits->footer("Example:\n  snowfield evidence limits --distance-m 150");
  limits->add_option("--distance-m", order->distance_m, "From the door, beyond the accuracy");
  limits->add_option("--accuracy-m", order->accuracy_m, "Of a position");
  limits->add_option("--speed-m-per-s", order->speed_m_per_s, "Between two doors");
  limits->callback([&session, order] { session.run = [&session, order] { return Limits(session, *order); }; });
}

}  // namespace snowfield::cli
