#include "services/cli/sample_verbs.h"

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/command_line.h"
#include "services/cli/output.h"
#include "services/cli/phone/simulated_phone.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/access/v1/access.grpc.pb.h"
#include "snowfield/canvass/v1/canvass.grpc.pb.h"
#include "snowfield/followup/v1/followup.grpc.pb.h"
#include "snowfield/organizing/v1/organizing.grpc.pb.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"
#include "snowfield/turf/v1/turf.grpc.pb.h"

namespace snowfield::cli {
namespace {

constexpr char kSampleCampaign[] = "Snowfield Hollow (sample)";
constexpr int kDoorsDefault = 2400;
constexpr int kSeedDefault = 7;
// How many walk lists the simulated phones take out.
constexpr int kWalksDefault = 12;
constexpr int kTurfsPerLeader = 8;
constexpr uint8_t kSampleRequest = 0x5f;
constexpr const char* kLeaderNames[] = {"Ada", "Bayard", "Cesar", "Dolores", "Ella", "Fannie", "Grace", "Harvey"};
constexpr const char* kCanvasserNames[] = {"Ida",  "Jo",   "Kai", "Lena", "Mo",  "Nia", "Otis", "Pia",
                                           "Quin", "Rosa", "Sol", "Tess", "Uma", "Vic", "Wren", "Xan"};

struct SampleOrder {
  std::string operator_token_file;
  bool if_empty = false;
  int doors = kDoorsDefault;
  int seed = kSeedDefault;
  int walks = kWalksDefault;
};

struct Team {
  int64_t leader_id = 0;
  int64_t canvasser_id = 0;
};

// The story, step by step; each step shows the command that does the same by hand.
class SampleStory {
 public:
  SampleStory(const Session& session, const SampleOrder& order) : session_(session), order_(order) {
    folder_ = std::filesystem::path(ContextPath(session)).parent_path().string();
    if (folder_.empty()) folder_ = ".";
  }

  // A story that was cut off is taken up again: each step leaves alone what is there.
  absl::Status Play() {
    SNOWFIELD_RETURN_IF_ERROR(KeepAddress());
    SNOWFIELD_ASSIGN_OR_RETURN(const Progress progress, FindProgress());
    if (order_.if_empty && progress == Progress::kPlayed) {
      std::printf("The sample town is here, as it was.\n");
      return Summary();
    }
    if (progress == Progress::kNoCampaign) {
      SNOWFIELD_RETURN_IF_ERROR(
          Run({"campaign", "create", kSampleCampaign, "--operator-token-file", order_.operator_token_file}));
    }
    SNOWFIELD_RETURN_IF_ERROR(ImportTown());
    SNOWFIELD_RETURN_IF_ERROR(Run({"cut", "start", "--target", "45", "--keep", "precinct", "--publish"}));
    SNOWFIELD_RETURN_IF_ERROR(FindCut());
    SNOWFIELD_RETURN_IF_ERROR(MakeTeams());
    SNOWFIELD_RETURN_IF_ERROR(Run(
        {"turf", "assign", "--cut", absl::StrCat(cut_.cut_id()), "--auto", "--max", absl::StrCat(kTurfsPerLeader)}));
    SNOWFIELD_RETURN_IF_ERROR(WalkLists());
    SNOWFIELD_RETURN_IF_ERROR(CompleteOneFollowUp());
    return Summary();
  }

 private:
  absl::Status Run(const std::vector<std::string>& words) const {
    std::vector<std::string> shown;
    for (const std::string& word : words) {
      shown.push_back(word.find_first_of(" ()") == std::string::npos ? word : absl::StrCat("\"", word, "\""));
    }
    std::printf("\n$ snowfield %s\n", absl::StrJoin(shown, " ").c_str());
    std::fflush(stdout);
    absl::Status status = RunVerb(session_, words);
    // Progress goes to standard error: keep the two in order where both go to one file.
    std::fflush(stdout);
    return status;
  }

  absl::StatusOr<Client> Connect() const { return Client::Open(session_); }

  // One unary call as the campaign's owner.
  template <typename Service, typename Method, typename Request, typename Response>
  absl::Status Ask(Method method, const Request& request, Response* response) const {
    SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Connect());
    const auto stub = Service::NewStub(client.channel());
    grpc::ClientContext context;
    client.Prepare(context);
    return rpc::FromGrpcStatus(((*stub).*method)(&context, request, response));
  }

  // The context names the server as it is called now: it may have been started again on another port.
  absl::Status KeepAddress() const {
    absl::StatusOr<Context> context = ReadContext(ContextPath(session_));
    if (!context.ok() || session_.address.empty()) return absl::OkStatus();
    context->address = session_.address;
    return WriteContext(ContextPath(session_), *context);
  }

  enum class Progress { kNoCampaign, kNotPlayed, kPlayed };

  absl::StatusOr<Progress> FindProgress() const {
    if (!std::filesystem::exists(ContextPath(session_))) return Progress::kNoCampaign;
    const absl::StatusOr<canvass::v1::GetResultsResponse> results = Results();
    // The context is of a database that is gone.
    if (absl::IsUnauthenticated(results.status())) return Progress::kNoCampaign;
    SNOWFIELD_RETURN_IF_ERROR(results.status());
    return results->knocks() > 0 ? Progress::kPlayed : Progress::kNotPlayed;
  }

  absl::StatusOr<canvass::v1::GetResultsResponse> Results() const {
    using canvass::v1::CanvassService;
    canvass::v1::GetResultsResponse results;
    SNOWFIELD_RETURN_IF_ERROR(
        Ask<CanvassService>(&CanvassService::Stub::GetResults, canvass::v1::GetResultsRequest(), &results));
    return results;
  }

  absl::Status ReadTerritory() {
    using territory::v1::TerritoryService;
    return Ask<TerritoryService>(&TerritoryService::Stub::GetTerritory, territory::v1::GetTerritoryRequest(),
                                 &territory_);
  }

  absl::Status ImportTown() {
    const std::string town = absl::StrCat(folder_, "/town");
    SNOWFIELD_RETURN_IF_ERROR(Run({"town", "generate", "--seed", absl::StrCat(order_.seed), "--doors",
                                   absl::StrCat(order_.doors), "--out", town}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"import", "streets", absl::StrCat(town, "/streets.geojson")}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"import", "barriers", absl::StrCat(town, "/barriers.geojson")}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"import", "boundaries", absl::StrCat(town, "/boundaries.geojson")}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"import", "addresses", absl::StrCat(town, "/addresses.csv")}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"import", "people", absl::StrCat(town, "/voters.tsv"), "--preset", "nc-voters"}));
    return ReadTerritory();
  }

  absl::Status FindCut() {
    using turf::v1::TurfService;
    turf::v1::ListCutsResponse cuts;
    SNOWFIELD_RETURN_IF_ERROR(Ask<TurfService>(&TurfService::Stub::ListCuts, turf::v1::ListCutsRequest(), &cuts));
    for (const turf::v1::Cut& cut : cuts.cuts()) {
      if (cut.state() == turf::v1::CUT_STATE_PUBLISHED) cut_ = cut;
    }
    if (cut_.cut_id() == 0) return base::NotNow("NO_PUBLISHED_CUT", "the sample has no published cut: play it again");
    return absl::OkStatus();
  }

  absl::StatusOr<int64_t> AddMember(const std::string& name, access::v1::Role role, int64_t leader_id,
                                    const geometry::v1::Point& home) const {
    using organizing::v1::OrganizingService;
    organizing::v1::CreateMemberRequest request;
    // The same request for the same member: a story taken up again adds nobody twice.
    base::Uuid request_id;
    request_id.bytes.front() = kSampleRequest;
    std::copy_n(name.begin(), std::min(name.size(), request_id.bytes.size() - 1), request_id.bytes.begin() + 1);
    request.set_request_id(request_id.ToString());
    request.set_display_name(name);
    request.set_role(role);
    request.set_leader_id(leader_id);
    *request.mutable_home() = home;
    organizing::v1::CreateMemberResponse response;
    SNOWFIELD_RETURN_IF_ERROR(Ask<OrganizingService>(&OrganizingService::Stub::CreateMember, request, &response));
    return response.member().member_id();
  }

  // Leaders spread over the town in two rows, enough for all turfs, each with two canvassers.
  absl::Status MakeTeams() {
    const int turfs = cut_.report().turfs();
    const int wanted = std::min<int>((turfs + kTurfsPerLeader - 1) / kTurfsPerLeader, std::size(kLeaderNames));
    for (int i = 0; i < wanted; ++i) {
      const int column = i / 2;
      const int columns = (wanted + 1) / 2;
      const double across = (column + 0.5) / columns;
      const double up = i % 2 == 0 ? 0.3 : 0.7;
      const auto& south_west = territory_.south_west();
      const auto& north_east = territory_.north_east();
      geometry::v1::Point home;
      home.set_longitude(south_west.longitude() + across * (north_east.longitude() - south_west.longitude()));
      home.set_latitude(south_west.latitude() + up * (north_east.latitude() - south_west.latitude()));
      Team team;
      SNOWFIELD_ASSIGN_OR_RETURN(team.leader_id, AddMember(kLeaderNames[i], access::v1::ROLE_LEADER, 0, home));
      for (int j = 0; j < 2; ++j) {
        SNOWFIELD_ASSIGN_OR_RETURN(
            team.canvasser_id, AddMember(kCanvasserNames[2 * i + j], access::v1::ROLE_CANVASSER, team.leader_id, home));
      }
      teams_.push_back(team);
    }
    std::printf("\n%d leaders joined the snowflake, each with two canvassers:\n", wanted);
    return Run({"member", "list"});
  }

  absl::StatusOr<SimulatedPhone> EnrolPhone(const Client& client, const Team& team) const {
    using access::v1::AccessService;
    access::v1::CreateEnrolmentCodeRequest request;
    request.set_member_id(team.canvasser_id);
    access::v1::CreateEnrolmentCodeResponse code;
    SNOWFIELD_RETURN_IF_ERROR(Ask<AccessService>(&AccessService::Stub::CreateEnrolmentCode, request, &code));
    return SimulatedPhone::Enrol(client, {.code = code.code(), .label = "simulated"});
  }

  // Phones of the leaders' canvassers take out lists in turn, walk them offline, and send what they have.
  absl::Status WalkLists() {
    SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Connect());
    int walked = 0;
    int knocks = 0;
    ProgressBar bar("Phones knocking");
    for (const Team& team : teams_) {
      const int share = (order_.walks + static_cast<int>(teams_.size()) - 1) / static_cast<int>(teams_.size());
      using turf::v1::TurfService;
      turf::v1::ListAssignmentsRequest request;
      request.set_cut_id(cut_.cut_id());
      request.set_leader_id(team.leader_id);
      request.set_page_size(share);
      turf::v1::ListAssignmentsResponse lists;
      SNOWFIELD_RETURN_IF_ERROR(Ask<TurfService>(&TurfService::Stub::ListAssignments, request, &lists));
      if (lists.assignments().empty()) continue;
      SNOWFIELD_ASSIGN_OR_RETURN(SimulatedPhone phone, EnrolPhone(client, team));
      for (const turf::v1::Assignment& list : lists.assignments()) {
        SNOWFIELD_ASSIGN_OR_RETURN(
            const WalkOutcome outcome,
            WalkList(phone, list.list_number(), {.seed = static_cast<uint64_t>(order_.seed + walked)}));
        ++walked;
        knocks += outcome.accepted;
        bar.Update(static_cast<double>(walked) / std::max(1, share * static_cast<int>(teams_.size())),
                   absl::StrCat(knocks, " knocks"));
      }
    }
    bar.Finish(
        absl::StrCat(walked, " walk lists, ", WithCommas(knocks),
                     " knocks acknowledged as durable (one that corrects another takes its place in the results)"));
    return absl::OkStatus();
  }

  absl::Status CompleteOneFollowUp() const {
    using followup::v1::FollowUpService;
    followup::v1::ListFollowUpsRequest request;
    request.set_owner_id(-1);
    request.set_page_size(1);
    followup::v1::ListFollowUpsResponse first;
    SNOWFIELD_RETURN_IF_ERROR(Ask<FollowUpService>(&FollowUpService::Stub::ListFollowUps, request, &first));
    if (first.follow_ups().empty()) return absl::OkStatus();
    return Run(
        {"follow-up", "complete", "--id", absl::StrCat(first.follow_ups(0).follow_up_id()), "--outcome", "said-yes"});
  }

  absl::Status Summary() {
    SNOWFIELD_RETURN_IF_ERROR(ReadTerritory());
    SNOWFIELD_RETURN_IF_ERROR(FindCut());
    const std::string map = absl::StrCat(folder_, "/sample-map.html");
    SNOWFIELD_RETURN_IF_ERROR(Run({"turf", "export", "--format", "html", "--out", map}));
    SNOWFIELD_RETURN_IF_ERROR(Run({"results"}));
    SNOWFIELD_RETURN_IF_ERROR(PrintSummary());
    PrintNext(map);
    return absl::OkStatus();
  }

  absl::Status PrintSummary() const {
    SNOWFIELD_ASSIGN_OR_RETURN(const canvass::v1::GetResultsResponse results, Results());
    const turf::v1::CutReport& report = cut_.report();
    std::printf(
        "\nSnowfield Hollow: %s people behind %s doors, cut into %d turfs of %d to %d doors; %d of %d in bounds, "
        "%s m of walking per door.\n%s knocks came back from phones; leaders have %s follow-ups to do and %s done.\n",
        WithCommas(territory_.people()).c_str(), WithCommas(territory_.doors()).c_str(), report.turfs(),
        report.smallest_turf_doors(), report.largest_turf_doors(), report.turfs_in_bounds(), report.turfs(),
        Fixed(report.walk_per_door_m(), 1).c_str(), WithCommas(results.knocks()).c_str(),
        WithCommas(results.follow_ups_open()).c_str(), WithCommas(results.follow_ups_done()).c_str());
    return absl::OkStatus();
  }

  void PrintNext(const std::string& map) const {
    const std::string address = session_.address.empty() ? kAddressDefault : session_.address;
    const std::string context = ContextPath(session_);
    std::printf(
        "\nConnect an app to   %s  (gRPC, plain text on loopback; reflection and health are on)\n"
        "The map             %s  (open it in a browser)\n"
        "What to type next   export SNOWFIELD_CONTEXT=%s\n"
        "                    build/bin/snowfield turf list\n"
        "                    build/bin/snowfield follow-up list --all\n"
        "                    build/bin/snowfield --help\n",
        address.c_str(), map.c_str(), context.c_str());
  }

  const Session& session_;
  const SampleOrder& order_;
  std::string folder_;
  territory::v1::GetTerritoryResponse territory_;
  turf::v1::Cut cut_;
  std::vector<Team> teams_;
};

}  // namespace

void AddSampleVerbs(CLI::App& app, Session& session) {
  CLI::App* sample = app.add_subcommand("sample", "A sample town to try things on")->require_subcommand(1);
  CLI::App* play = sample->add_subcommand("play", "Make a town, cut it, assign it, knock on its doors, follow up");
  play->footer("Example:\n  snowfield sample play --operator-token-file DATA/operator.token --context sample.json");
  const auto order = std::make_shared<SampleOrder>();
  play->add_option("--operator-token-file", order->operator_token_file, "operator.token in the server's data folder")
      ->required();
  play->add_flag("--if-empty", order->if_empty,
                 "Where the context's campaign has doors already, only show the summary");
  play->add_option("--doors", order->doors, "Size of the town")->check(CLI::Range(200, 20'000))->capture_default_str();
  play->add_option("--seed", order->seed, "Which town")->capture_default_str();
  play->add_option("--walks", order->walks, "Walk lists that simulated phones walk")
      ->check(CLI::Range(0, 400))
      ->capture_default_str();
  play->callback(
      [&session, order] { session.run = [&session, order] { return SampleStory(session, *order).Play(); }; });
}

}  // namespace snowfield::cli
