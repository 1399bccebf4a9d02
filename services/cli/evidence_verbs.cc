#include "services/cli/evidence_verbs.h"

#include <algorithm>
#include <cstdio>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

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

struct EvidenceOrder {
  bool all = false;
  std::string knock_id;
  bool accept = false;
  bool voided = false;
  std::string reason;
  // Below 0: not named.
  double distance_m = -1, accuracy_m = -1, speed_m_per_s = -1;
  double clock_ahead_s = -1, clock_behind_s = -1, clock_backwards_s = -1;
};

// One of the limits: its flag, where the order has it, how the wire takes it.
struct Limit {
  const char* flag;
  const char* help;
  double EvidenceOrder::*value;
  void (pb::EvidenceLimits::*set)(double);
};
constexpr Limit kLimits[] = {
    {"--distance-m", "From the door, beyond the accuracy", &EvidenceOrder::distance_m,
     &pb::EvidenceLimits::set_distance_m},
    {"--accuracy-m", "Of a position", &EvidenceOrder::accuracy_m, &pb::EvidenceLimits::set_accuracy_m},
    {"--speed-m-per-s", "Between two doors", &EvidenceOrder::speed_m_per_s, &pb::EvidenceLimits::set_speed_m_per_s},
    {"--clock-ahead-s", "Phone's clock ahead of the server's", &EvidenceOrder::clock_ahead_s,
     &pb::EvidenceLimits::set_clock_ahead_s},
    {"--clock-behind-s", "Phone's clock behind the making of the list", &EvidenceOrder::clock_behind_s,
     &pb::EvidenceLimits::set_clock_behind_s},
    {"--clock-backwards-s", "Phone's clock set back within a boot", &EvidenceOrder::clock_backwards_s,
     &pb::EvidenceLimits::set_clock_backwards_s}};

std::vector<Limit> NamedLimits(const EvidenceOrder& order) {
  std::vector<Limit> named;
  std::copy_if(std::begin(kLimits), std::end(kLimits), std::back_inserter(named),
               [&](const Limit& limit) { return order.*limit.value >= 0; });
  return named;
}

constexpr char kPaperDiffers[] = "PAPER_DIFFERS";

std::string ResultWord(pb::KnockResult result) { return WordOf(pb::KnockResult_Name(result), "KNOCK_RESULT_"); }

std::string InWords(const pb::FlaggedKnock& knock) {
  return absl::StrJoin(knock.evidence(), ", ", [&](std::string* out, const pb::Evidence& evidence) {
    absl::StrAppend(out, evidence.flag());
    if (evidence.flag() == kPaperDiffers) {
      absl::StrAppend(out, ": paper ", ResultWord(knock.result()), ", phone ", ResultWord(knock.other_result()));
    } else {
      absl::StrAppend(out, " ", Fixed(evidence.measured(), 0), " > ", Fixed(evidence.limit(), 0));
    }
  });
}

absl::Status List(const Session& session, const EvidenceOrder& order) {
  pb::ListFlaggedKnocksRequest request;
  request.set_judged_too(order.all);
  Table table({"knock", "member", "phone", "list", "door", "came", "evidence", "verdict"});
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListFlaggedKnocksResponse response,
                               CallOnce(session, request, &ReviewService::Stub::ListFlaggedKnocks));
    if (session.json) PrintJson(response);
    for (const pb::FlaggedKnock& knock : response.knocks()) {
      table.AddRow(
          {knock.knock_id(), absl::StrCat(knock.member_id()), absl::StrCat(knock.phone_id()), knock.list_number(),
           absl::StrCat(knock.door_id()), DayAndTime(knock.receive_time()), InWords(knock),
           knock.verdict() == pb::VERDICT_UNSPECIFIED ? "" : WordOf(pb::Verdict_Name(knock.verdict()), "VERDICT_")});
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
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::JudgeKnockResponse response,
                             CallOnce(session, request, &ReviewService::Stub::JudgeKnock));
  if (session.json) {
    PrintJson(response);
  } else {
    std::printf("%s; %d follow-ups closed\n", order.accept ? "accepted" : "voided", response.follow_ups_closed());
  }
  return absl::OkStatus();
}

absl::Status Limits(const Session& session, const EvidenceOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const pb::GetEvidenceLimitsResponse found,
      CallOnce(session, pb::GetEvidenceLimitsRequest(), &ReviewService::Stub::GetEvidenceLimits));
  pb::EvidenceLimits limits = found.limits();
  const std::vector<Limit> named = NamedLimits(order);
  if (!named.empty()) {
    pb::SetEvidenceLimitsRequest request;
    *request.mutable_limits() = limits;
    for (const Limit& limit : named) (request.mutable_limits()->*limit.set)(order.*limit.value);
    SNOWFIELD_ASSIGN_OR_RETURN(const pb::SetEvidenceLimitsResponse response,
                               CallOnce(session, request, &ReviewService::Stub::SetEvidenceLimits));
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
  limits->footer("Example:\n  snowfield evidence limits --distance-m 150 --clock-ahead-s 300");
  for (const Limit& limit : kLimits) {
    limits->add_option(limit.flag, (*order).*limit.value, limit.help)->check(CLI::NonNegativeNumber);
  }
  limits->callback([&session, order] { session.run = [&session, order] { return Limits(session, *order); }; });
}

}  // namespace snowfield::cli
