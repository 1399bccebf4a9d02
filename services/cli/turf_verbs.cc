#include "services/cli/turf_verbs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/call.h"
#include "services/cli/cut_verbs.h"
#include "services/cli/edit_verbs.h"
#include "services/cli/map/figures.h"
#include "services/cli/map/turf_csv.h"
#include "services/cli/map/turf_geojson.h"
#include "services/cli/map/turf_html.h"
#include "services/cli/map/turf_svg.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "services/rpc/limits.h"
#include "snowfield/canvass/v1/report.grpc.pb.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {

using turf::v1::TurfService;

constexpr absl::Duration kExportTime = absl::Minutes(10);
constexpr absl::Duration kAssignTime = absl::Minutes(2);

struct TurfOrder {
  int64_t cut_id = 0;  // 0: the newest published one
  std::vector<int> turfs;
  int64_t leader_id = 0;
  std::vector<int64_t> leaders;
  bool by_nearness = false;
  int max = 0;
  std::string format;
  std::string out;
  bool coverage = false;
};

absl::StatusOr<int64_t> CutOf(const Client& client, int64_t cut_id) {
  if (cut_id != 0) return cut_id;
  return NewestPublishedCut(client);
}

absl::StatusOr<std::vector<turf::v1::Turf>> ReadTurfs(const Client& client, int64_t cut_id) {
  const auto stub = TurfService::NewStub(client.channel());
  turf::v1::ListTurfsRequest request;
  request.set_cut_id(cut_id);
  request.set_page_size(rpc::kPageSizeMax);
  std::vector<turf::v1::Turf> turfs;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    turf::v1::ListTurfsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListTurfs(&context, request, &page)));
    turfs.insert(turfs.end(), page.turfs().begin(), page.turfs().end());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return turfs;
}

absl::Status ListTurfs(const Session& session, const TurfOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t cut_id, CutOf(client, order.cut_id));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<turf::v1::Turf> turfs, ReadTurfs(client, cut_id));
  if (session.json) {
    turf::v1::ListTurfsResponse all;
    for (const turf::v1::Turf& turf : turfs) *all.add_turfs() = turf;
    PrintJson(all);
    return absl::OkStatus();
  }
  Table table({"turf", "region", "doors", "walk m", "m a door", "minutes", "list number", "leader", "note"});
  for (const turf::v1::Turf& turf : turfs) {
    const turf::v1::TurfMetrics& metrics = turf.metrics();
    table.AddRow({absl::StrCat(turf.number()), absl::StrCat(turf.region_number()), absl::StrCat(metrics.doors()),
                  Fixed(metrics.walk_length_m(), 0), Fixed(metrics.walk_per_door_m(), 1), Fixed(metrics.minutes(), 0),
                  SpacedListNumber(turf.list_number()), turf.leader_id() == 0 ? "" : absl::StrCat(turf.leader_id()),
                  metrics.reason()});
  }
  table.Print();
  return absl::OkStatus();
}

void PrintAssignments(const Session& session, const turf::v1::ListAssignmentsResponse& assignments) {
  if (session.json) {
    PrintJson(assignments);
    return;
  }
  Table table({"turf", "region", "list number", "doors", "leader", "name"});
  for (const turf::v1::Assignment& assignment : assignments.assignments()) {
    table.AddRow({absl::StrCat(assignment.turf_number()), absl::StrCat(assignment.region_number()),
                  SpacedListNumber(assignment.list_number()), absl::StrCat(assignment.doors()),
                  absl::StrCat(assignment.leader_id()), assignment.leader_name()});
  }
  table.Print();
}

absl::Status ListLists(const Session& session, const TurfOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  turf::v1::ListAssignmentsRequest request;
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t cut_id, CutOf(client, order.cut_id));
  request.set_cut_id(cut_id);
  request.set_leader_id(order.leader_id);
  request.set_page_size(rpc::kPageSizeMax);
  const auto stub = TurfService::NewStub(client.channel());
  turf::v1::ListAssignmentsResponse all;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    turf::v1::ListAssignmentsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListAssignments(&context, request, &page)));
    all.mutable_assignments()->MergeFrom(page.assignments());
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  PrintAssignments(session, all);
  return absl::OkStatus();
}

// People say turf numbers; the server wants ids.
absl::Status AddTurfIds(const Client& client, int64_t cut_id, const std::vector<int>& numbers,
                        turf::v1::AssignTurfsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<turf::v1::Turf> turfs, ReadTurfs(client, cut_id));
  for (const int number : numbers) {
    const auto found =
        std::find_if(turfs.begin(), turfs.end(), [&](const auto& turf) { return turf.number() == number; });
    if (found == turfs.end()) {
      return base::NoSuch("--turf",
                          absl::StrCat("cut ", cut_id, " has ", turfs.size(), " turfs, and no turf ", number));
    }
    request.add_turf_ids(found->turf_id());
  }
  return absl::OkStatus();
}

absl::Status AssignByHand(const Session& session, const Client& client, int64_t cut_id, const TurfOrder& order) {
  turf::v1::AssignTurfsRequest request;
  request.set_leader_id(order.leader_id);
  SNOWFIELD_RETURN_IF_ERROR(AddTurfIds(client, cut_id, order.turfs, request));
  grpc::ClientContext context;
  client.Prepare(context, kAssignTime);
  turf::v1::AssignTurfsResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->AssignTurfs(&context, request, &response)));
  turf::v1::ListAssignmentsResponse assignments;
  assignments.mutable_assignments()->MergeFrom(response.assignments());
  PrintAssignments(session, assignments);
  return absl::OkStatus();
}

absl::Status AssignByNearness(const Session& session, const Client& client, int64_t cut_id, const TurfOrder& order) {
  turf::v1::AssignByNearnessRequest request;
  request.set_cut_id(cut_id);
  request.set_turfs_per_leader_max(order.max);
  for (const int64_t leader : order.leaders) request.add_leader_ids(leader);
  grpc::ClientContext context;
  client.Prepare(context, kAssignTime);
  turf::v1::AssignByNearnessResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TurfService::NewStub(client.channel())->AssignByNearness(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  std::printf("%s turfs assigned\n", WithCommas(response.assigned()).c_str());
  if (response.unassigned() > 0) {
    std::printf("%s turfs found no leader with room: add leaders, or raise --max\n",
                WithCommas(response.unassigned()).c_str());
  }
  return absl::OkStatus();
}

absl::Status AssignTurfs(const Session& session, const TurfOrder& order) {
  if (!order.by_nearness && (order.turfs.empty() || order.leader_id == 0)) {
    return base::InvalidField("--turf", "ASSIGNMENT_UNCLEAR", "say --turf N (one or more) and --leader ID, or --auto");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t cut_id, CutOf(client, order.cut_id));
  return order.by_nearness ? AssignByNearness(session, client, cut_id, order)
                           : AssignByHand(session, client, cut_id, order);
}

absl::StatusOr<TurfMap> ReadMap(const Client& client, int64_t cut_id) {
  const auto stub = TurfService::NewStub(client.channel());
  grpc::ClientContext cut_context;
  client.Prepare(cut_context);
  turf::v1::GetCutRequest cut_request;
  cut_request.set_cut_id(cut_id);
  turf::v1::GetCutResponse cut_response;
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->GetCut(&cut_context, cut_request, &cut_response)));
  TurfMap map{.cut = cut_response.cut(), .turfs = {}};
  grpc::ClientContext context;
  client.Prepare(context, kExportTime);
  turf::v1::ExportTurfsRequest request;
  request.set_cut_id(cut_id);
  const auto reader = stub->ExportTurfs(&context, request);
  turf::v1::ExportTurfsResponse turf;
  while (reader->Read(&turf)) map.turfs.push_back(std::move(turf));
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(reader->Finish()));
  return map;
}

// How much of each turf is done, of those that the report has; the others are not begun.
absl::Status AddCoverage(const Session& session, TurfMap& map) {
  canvass::v1::GetReportRequest request;
  request.set_by(canvass::v1::REPORT_BY_TURF);
  request.set_cut_id(map.cut.cut_id());
  request.set_page_size(1000);
  std::map<int64_t, int64_t> knocked;
  do {
    SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::GetReportResponse response,
                               CallOnce(session, request, &canvass::v1::ReportService::Stub::GetReport));
    for (const canvass::v1::ReportRow& row : response.rows()) knocked[row.turf_id()] = row.doors_knocked();
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  for (const turf::v1::ExportTurfsResponse& turf : map.turfs) {
    const auto doors = static_cast<double>(std::max(1, turf.doors_size()));
    map.knocked.push_back(static_cast<double>(knocked[turf.turf().turf_id()]) / doors);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> Write(const TurfMap& map, const std::string& format) {
  if (format == "csv") return WriteTurfCsv(map);
  if (format == "geojson") return WriteTurfGeoJson(map);
  if (format == "svg") return WriteTurfSvg(map);
  return WriteTurfHtml(map);
}

// The whole file or none of it.
absl::Status WriteFile(const std::string& path, const std::string& text) {
  const std::string part = path + ".part";
  std::ofstream file(part, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (file) std::filesystem::rename(part, path, error);
  if (file && !error) return absl::OkStatus();
  std::filesystem::remove(part, error);
  return base::NotNow("FILE_NOT_WRITTEN", absl::StrCat("can't write ", path, ": choose another with --out FILE"));
}

absl::Status ExportTurfs(const Session& session, const TurfOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t cut_id, CutOf(client, order.cut_id));
  SNOWFIELD_ASSIGN_OR_RETURN(TurfMap map, ReadMap(client, cut_id));
  if (order.coverage) SNOWFIELD_RETURN_IF_ERROR(AddCoverage(session, map));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string text, Write(map, order.format));
  if (order.out == "-") {
    std::fwrite(text.data(), 1, text.size(), stdout);
    return absl::OkStatus();
  }
  SNOWFIELD_RETURN_IF_ERROR(WriteFile(order.out, text));
  std::fprintf(stderr, "%s turfs of cut %lld in %s (%s MB)\n",
               WithCommas(static_cast<int64_t>(map.turfs.size())).c_str(), static_cast<long long>(cut_id),
               order.out.c_str(), Fixed(static_cast<double>(text.size()) / 1e6, 1).c_str());
  return absl::OkStatus();
}

using Run = absl::Status (*)(const Session&, const TurfOrder&);

// A verb of `turf`; --cut is shared by all.
CLI::App* AddVerb(CLI::App& turf, Session& session, const std::string& name, const std::string& help,
                  const std::shared_ptr<TurfOrder>& order, Run run) {
  CLI::App* verb = turf.add_subcommand(name, help);
  verb->add_option("--cut", order->cut_id, "Which cut (the newest published one)");
  verb->callback([&session, order, run] { session.run = [&session, order, run] { return run(session, *order); }; });
  return verb;
}

void AddAssign(CLI::App& turf, Session& session) {
  const auto order = std::make_shared<TurfOrder>();
  CLI::App* assign = AddVerb(turf, session, "assign", "Hand turfs to leaders", order, AssignTurfs);
  assign->footer(
      "Examples:\n  snowfield turf assign --turf 3 --turf 4 --leader 12\n  snowfield turf assign --auto --max 8");
  assign->add_option("--turf", order->turfs, "Number of a turf; may be given several times");
  assign->add_option("--leader", order->leader_id, "The member who gets them");
  CLI::Option* by_nearness =
      assign->add_flag("--auto", order->by_nearness, "Every unassigned turf to the leader it is near to");
  by_nearness->excludes("--turf");
  assign->add_option("--among", order->leaders, "With --auto: only these leaders (all)");
  assign->add_option("--max", order->max, "With --auto: turfs a leader has at most (8)");
}

void AddExport(CLI::App& turf, Session& session) {
  const auto order = std::make_shared<TurfOrder>();
  CLI::App* exporter = AddVerb(turf, session, "export", "Write turfs, walks and doors to a file", order, ExportTurfs);
  exporter->footer(
      "Examples:\n  snowfield turf export --format html --out turf.html   a map to open in a browser\n"
      "  snowfield turf export --format svg --coverage --out coverage.svg   how much of each turf is done\n"
      "  snowfield turf export --format csv --out doors.csv     one line a door, in walking order");
  exporter->add_option("--format", order->format, "geojson, csv, html or svg")
      ->required()
      ->check(CLI::IsMember({"geojson", "csv", "html", "svg"}));
  exporter->add_option("--out", order->out, "The file; - is standard output")->required();
  exporter->add_flag("--coverage", order->coverage, "html and svg: coloured by the share of doors knocked on");
}

}  // namespace

absl::StatusOr<int64_t> NewestPublishedCut(const Client& client) {
  const auto stub = TurfService::NewStub(client.channel());
  turf::v1::ListCutsRequest request;
  do {
    grpc::ClientContext context;
    client.Prepare(context);
    turf::v1::ListCutsResponse page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub->ListCuts(&context, request, &page)));
    for (const turf::v1::Cut& cut : page.cuts()) {
      if (cut.state() == turf::v1::CUT_STATE_PUBLISHED) return cut.cut_id();
    }
    request.set_page_token(page.next_page_token());
  } while (!request.page_token().empty());
  return base::NotNow("NO_PUBLISHED_CUT", "no cut is published yet: `snowfield cut start --publish`, or say --cut N");
}

void AddTurfVerbs(CLI::App& app, Session& session) {
  AddCutVerbs(app, session);
  CLI::App* turf = app.add_subcommand("turf", "Look at turfs, change them by hand, hand them out, export them")
                       ->require_subcommand(1);
  AddVerb(*turf, session, "list", "The turfs of a cut", std::make_shared<TurfOrder>(), ListTurfs);
  const auto lists = std::make_shared<TurfOrder>();
  AddVerb(*turf, session, "lists", "Who has which turf, under which list number", lists, ListLists)
      ->add_option("--leader", lists->leader_id, "Only this leader's");
  AddAssign(*turf, session);
  AddExport(*turf, session);
  AddEditVerbs(*turf, session);
}

}  // namespace snowfield::cli
