#include "services/cli/cut_verbs.h"

#include <atomic>
#include <csignal>
#include <cstdio>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/cut_report_verbs.h"
#include "services/cli/map/figures.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {

using turf::v1::TurfService;

constexpr absl::Duration kWatchTime = absl::Hours(1);
constexpr absl::Duration kPublishTime = absl::Minutes(10);

volatile std::sig_atomic_t interrupted = 0;
void OnInterrupt(int) { interrupted = 1; }

struct CutOrder {
  turf::v1::StartCutRequest request;
  bool publish = false;
  bool keep_assignments = false;
  bool detach = false;
};

// "running, 45 %"
std::string StateOf(const turf::v1::Cut& cut) {
  if (cut.state() != turf::v1::CUT_STATE_RUNNING) return StateName(cut.state());
  return absl::StrCat(StateName(cut.state()), ", ", Fixed(100 * cut.fraction(), 0), " %");
}

std::string SettingsOf(const turf::v1::Cut& cut) {
  std::string text = absl::StrCat(Fixed(cut.walk_speed_m_per_s(), 1), " m/s and ", Fixed(cut.seconds_per_door(), 0),
                                  " s a door; ", cut.turfs_per_region(), " turfs a region at most");
  if (cut.finish() == turf::v1::WALK_FINISH_START) absl::StrAppend(&text, "; walks end where they start");
  if (!cut.keep_boundary_kind().empty()) absl::StrAppend(&text, "; each turf inside one ", cut.keep_boundary_kind());
  if (cut.keep_live()) {
    absl::StrAppend(&text, "; keeps the turfs of cut ", cut.previous_cut_id());
  } else if (cut.previous_cut_id() != 0) {
    absl::StrAppend(&text, "; carries on the turf numbers of cut ", cut.previous_cut_id());
  }
  return text;
}

void PrintCut(const turf::v1::Cut& cut) {
  std::printf("cut %lld of pass %s: %s; %s\n%s\n", static_cast<long long>(cut.cut_id()), cut.pass_name().c_str(),
              StateOf(cut).c_str(), TargetOf(cut).c_str(), SettingsOf(cut).c_str());
  if (!cut.failure().empty()) std::printf("%s\n", cut.failure().c_str());
  if (!cut.has_report()) return;
  Table table({"quality", "", ""});
  for (const Figure& figure : FiguresOf(cut.report())) table.AddRow({figure.quality, figure.value, figure.detail});
  table.Print();
  for (const std::string& problem : ProblemCounts(cut.report())) std::printf("  %s\n", problem.c_str());
}

// Asks the server to cancel `cut_id` when Ctrl-C is pressed, as long as this lives.
class CancelOnInterrupt {
 public:
  CancelOnInterrupt(const Client& client, int64_t cut_id) : client_(client), cut_id_(cut_id) {
    interrupted = 0;
    before_ = std::signal(SIGINT, OnInterrupt);
    thread_ = std::thread([this] { Watch(); });
  }
  ~CancelOnInterrupt() {
    over_ = true;
    thread_.join();
    std::signal(SIGINT, before_);
  }

 private:
  void Watch() {
    while (!over_ && interrupted == 0) absl::SleepFor(kInterruptPoll);
    if (interrupted == 0) return;
    std::fprintf(stderr, "\nasking the server to stop ...\n");
    grpc::ClientContext context;
    client_.Prepare(context);
    turf::v1::CancelCutRequest request;
    request.set_cut_id(cut_id_);
    turf::v1::CancelCutResponse response;
    // What came of it is what the watched cut ends as.
    TurfService::NewStub(client_.channel())->CancelCut(&context, request, &response);
  }

  const Client& client_;
  const int64_t cut_id_;
  void (*before_)(int) = nullptr;
  std::atomic<bool> over_{false};
  std::thread thread_;
};

absl::StatusOr<turf::v1::Cut> Watch(const Client& client, int64_t cut_id, bool quiet) {
  grpc::ClientContext context;
  client.Prepare(context, kWatchTime);
  turf::v1::WatchCutRequest request;
  request.set_cut_id(cut_id);
  ProgressBar bar("cutting", quiet);
  const CancelOnInterrupt cancel(client, cut_id);
  const auto reader = TurfService::NewStub(client.channel())->WatchCut(&context, request);
  turf::v1::WatchCutResponse message;
  turf::v1::Cut cut;
  while (reader->Read(&message)) {
    if (message.has_cut()) {
      cut = message.cut();
    } else {
      bar.Update(message.fraction(), message.stage());
    }
  }
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  bar.Finish(StateName(cut.state()));
  return cut;
}

absl::StatusOr<turf::v1::PublishCutResponse> Publish(const Client& client, int64_t cut_id, bool keep_assignments) {
  grpc::ClientContext context;
  client.Prepare(context, kPublishTime);
  turf::v1::PublishCutRequest request;
  request.set_cut_id(cut_id);
  request.set_keep_assignments(keep_assignments);
  turf::v1::PublishCutResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->PublishCut(&context, request, &response)));
  return response;
}

void PrintPublication(const turf::v1::PublishCutResponse& response) {
  std::printf("cut %lld is live\n", static_cast<long long>(response.cut().cut_id()));
  if (response.superseded_cut_id() == 0) return;
  std::printf("it took the place of cut %lld; %d walk lists of that cut go on, %d are revoked\n",
              static_cast<long long>(response.superseded_cut_id()), response.kept_walk_lists(),
              response.revoked_walk_lists());
  if (response.renewed_walk_lists() > 0) {
    std::printf("for %d of these the leader has a list with a new number\n", response.renewed_walk_lists());
  }
}

// OK for a cut that has its turfs.
absl::Status CheckEnd(const turf::v1::Cut& cut) {
  if (cut.state() == turf::v1::CUT_STATE_CANCELLED) return base::NotNow("CUT_CANCELLED", "the cut was cancelled");
  if (cut.state() == turf::v1::CUT_STATE_FAILED) return base::NotNow("CUT_FAILED", cut.failure());
  return absl::OkStatus();
}

absl::Status PublishAndPrint(const Session& session, const Client& client, int64_t cut_id, bool keep_assignments) {
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::PublishCutResponse response, Publish(client, cut_id, keep_assignments));
  if (session.json) {
    PrintJson(response);
  } else {
    PrintPublication(response);
  }
  return absl::OkStatus();
}

absl::Status WatchAndPrint(const Session& session, const Client& client, int64_t cut_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::Cut cut, Watch(client, cut_id, session.json));
  if (session.json) {
    PrintJson(cut);
  } else {
    PrintCut(cut);
  }
  return CheckEnd(cut);
}

absl::Status WatchAndPublish(const Session& session, const Client& client, int64_t cut_id, bool keep_assignments) {
  SNOWFIELD_ASSIGN_OR_RETURN(const turf::v1::Cut cut, Watch(client, cut_id, session.json));
  // JSON is the one document of the publication, which holds the cut.
  if (!session.json) PrintCut(cut);
  SNOWFIELD_RETURN_IF_ERROR(CheckEnd(cut));
  return PublishAndPrint(session, client, cut_id, keep_assignments);
}

absl::Status StartCut(const Session& session, const CutOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context, absl::Minutes(1));
  turf::v1::StartCutRequest request = order.request;
  request.set_request_id(base::Uuid::Random().ToString());
  turf::v1::StartCutResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->StartCut(&context, request, &response)));
  const int64_t cut_id = response.cut().cut_id();
  if (order.publish) return WatchAndPublish(session, client, cut_id, order.keep_assignments);
  if (!order.detach) return WatchAndPrint(session, client, cut_id);
  if (session.json) {
    PrintJson(response.cut());
  } else {
    std::printf("cut %lld runs on the server: snowfield cut watch %lld\n", static_cast<long long>(cut_id),
                static_cast<long long>(cut_id));
  }
  return absl::OkStatus();
}

absl::Status ListCuts(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = TurfService::NewStub(client.channel());
  turf::v1::ListCutsRequest request;
  turf::v1::ListCutsResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    turf::v1::ListCutsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListCuts(&context, request, &page)));
    all.mutable_cuts()->MergeFrom(page.cuts());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  if (session.json) {
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"cut", "pass", "state", "target", "doors", "turfs", "in bounds", "m a door"});
  for (const turf::v1::Cut& cut : all.cuts()) {
    const turf::v1::CutReport& report = cut.report();
    const std::string target = cut.target_minutes() > 0 ? absl::StrCat(Fixed(cut.target_minutes(), 0), " min")
                                                        : absl::StrCat(cut.target_doors());
    table.AddRow({absl::StrCat(cut.cut_id()), cut.pass_name(), StateOf(cut), target, WithCommas(report.doors()),
                  WithCommas(report.turfs()), WithCommas(report.turfs_in_bounds()),
                  Fixed(report.walk_per_door_m(), 1)});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status ShowCut(const Session& session, int64_t cut_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  turf::v1::GetCutRequest request;
  request.set_cut_id(cut_id);
  turf::v1::GetCutResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->GetCut(&context, request, &response)));
  if (session.json) {
    PrintJson(response.cut());
  } else {
    PrintCut(response.cut());
  }
  return absl::OkStatus();
}

absl::Status CancelCut(const Session& session, int64_t cut_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  turf::v1::CancelCutRequest request;
  request.set_cut_id(cut_id);
  turf::v1::CancelCutResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->CancelCut(&context, request, &response)));
  if (session.json) {
    PrintJson(response.cut());
  } else {
    PrintCut(response.cut());
  }
  return absl::OkStatus();
}

// How large turfs are, in doors or in minutes, and how fast they are walked.
void AddSize(CLI::App* start, const std::shared_ptr<CutOrder>& order) {
  start->add_option_function<int>(
      "--target", [order](int n) { order->request.set_target_doors(n); }, "Doors a turf (45)");
  start->add_option_function<int>(
      "--min", [order](int n) { order->request.set_min_doors(n); }, "Fewest doors (target - 10 %)");
  start->add_option_function<int>(
      "--max", [order](int n) { order->request.set_max_doors(n); }, "Most doors (target + 10 %)");
  start->add_option_function<double>(
      "--minutes", [order](double n) { order->request.set_target_minutes(n); },
      "Minutes of work a turf, walk and knocks; in place of --target");
  start->add_option_function<double>(
      "--min-minutes", [order](double n) { order->request.set_min_minutes(n); }, "Shortest turf (minutes - 10 %)");
  start->add_option_function<double>(
      "--max-minutes", [order](double n) { order->request.set_max_minutes(n); }, "Longest turf (minutes + 10 %)");
  start->add_option_function<double>(
      "--walk-speed", [order](double n) { order->request.set_walk_speed_m_per_s(n); }, "Metres a second (1.2)");
  start->add_option_function<double>(
      "--seconds-per-door", [order](double n) { order->request.set_seconds_per_door(n); },
      "A knock with its talk (90)");
  start
      ->add_option_function<std::string>(
          "--finish",
          [order](const std::string& finish) {
            order->request.set_finish(finish == "start" ? turf::v1::WALK_FINISH_START : turf::v1::WALK_FINISH_ANYWHERE);
          },
          "Where walks end: anywhere, or back at the start (anywhere)")
      ->check(CLI::IsMember({"anywhere", "start"}));
}

void AddStart(CLI::App& cut, Session& session) {
  CLI::App* start = cut.add_subcommand("start", "Cut doors into turfs, and show how good they are");
  start->footer(
      "Examples:\n  snowfield cut start --target 45 --keep precinct --publish\n"
      "  snowfield cut start --minutes 90 --finish start      turfs of one and a half hours\n"
      "  snowfield cut start --keep-live                      the live turfs, mended; then `cut diff`\n"
      "Ctrl-C cancels the cut.");
  const auto order = std::make_shared<CutOrder>();
  AddSize(start, order);
  start->add_option_function<std::string>(
      "--keep", [order](const std::string& kind) { order->request.set_keep_boundary_kind(kind); },
      "Keep each turf inside one boundary of this kind: precinct");
  start->add_option_function<int64_t>(
      "--universe", [order](int64_t id) { order->request.set_universe_id(id); }, "Which doors (all)");
  start->add_option_function<std::string>(
      "--pass", [order](const std::string& name) { order->request.set_pass_name(name); }, "Which round (first)");
  start->add_option_function<int64_t>(
      "--seed", [order](int64_t seed) { order->request.set_seed(seed); }, "Another seed gives other turfs (0)");
  start->add_option_function<int>(
      "--turfs-per-region", [order](int n) { order->request.set_turfs_per_region(n); }, "Turfs of one leader (8)");
  start->add_flag_function(
      "--keep-live", [order](int64_t) { order->request.set_keep_live(true); },
      "Keep the turfs of the live cut where they still fit");
  CLI::Option* publish =
      start->add_flag("--publish", order->publish, "Make it the live cut of its pass when it is done");
  start->add_flag("--keep-assignments", order->keep_assignments, "With --publish: leaders keep their ground")
      ->needs(publish);
  CLI::Option* detach = start->add_flag("--detach", order->detach, "Don't wait for the end");
  detach->excludes("--publish");
  start->callback([&session, order] { session.run = [&session, order] { return StartCut(session, *order); }; });
}

void AddPublish(CLI::App& cut, Session& session) {
  CLI::App* publish = cut.add_subcommand("publish", "Make a finished cut the live one of its pass");
  publish->footer("Example:\n  snowfield cut publish 4 --keep-assignments      `cut diff 4` says before what it does");
  const auto id = std::make_shared<int64_t>(0);
  const auto keep = std::make_shared<bool>(false);
  publish->add_option("cut", *id, "Which cut")->required();
  publish->add_flag("--keep-assignments", *keep,
                    "Leaders keep their ground: lists of turfs that stay as they are go on, others get a new number");
  publish->callback([&session, id, keep] {
    session.run = [&session, id, keep]() -> absl::Status {
      SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
      return PublishAndPrint(session, client, *id, *keep);
    };
  });
}

// A verb with the number of a cut.
void AddVerbOfCut(CLI::App& cut, Session& session, const std::string& name, const std::string& help,
                  absl::Status (*run)(const Session&, int64_t)) {
  CLI::App* verb = cut.add_subcommand(name, help);
  verb->footer(absl::StrCat("Example:\n  snowfield cut ", name, " 3"));
  const auto id = std::make_shared<int64_t>(0);
  verb->add_option("cut", *id, "Which cut")->required();
  verb->callback([&session, id, run] { session.run = [&session, id, run] { return run(session, *id); }; });
}

}  // namespace

void AddCutVerbs(CLI::App& app, Session& session) {
  CLI::App* cut = app.add_subcommand("cut", "Cut doors into turfs")->require_subcommand(1);
  AddStart(*cut, session);
  cut->add_subcommand("list", "All cuts, the newest first")->callback([&session] {
    session.run = [&session] { return ListCuts(session); };
  });
  AddVerbOfCut(*cut, session, "show", "One cut with its report", ShowCut);
  AddVerbOfCut(*cut, session, "watch", "Follow a running cut to its end",
               [](const Session& inner, int64_t cut_id) -> absl::Status {
                 SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(inner));
                 return WatchAndPrint(inner, client, cut_id);
               });
  AddPublish(*cut, session);
  AddCutReportVerbs(*cut, session);
  AddVerbOfCut(*cut, session, "cancel", "Stop a running cut; it leaves no turfs", CancelCut);
}

}  // namespace snowfield::cli
