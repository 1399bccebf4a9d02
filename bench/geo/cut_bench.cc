// cut_bench: our cut beside Hilbert chunks and METIS k-way on the same doors, each walked by the same solver.
//   cut_bench [--tiny] [--town=SIDE] [--threads=N] [--precincts]
// Prints a table, then one JSON object a line. Metres a door: network metres from the first to the last door, per door;
// "centre" with crossings free (the streets' middle lines).
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <map>
#include <string>
#include <vector>

#include "base/status.h"
#include "bench/geo/baselines.h"
#include "bench/geo/city_files.h"
#include "geo/cut/atoms.h"
#include "geo/cut/cut_turf.h"
#include "geo/cut/ground.h"
#include "geo/cut/report.h"

namespace snowfield::bench {
namespace {

using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

struct Row {
  std::string data_set;
  std::string method;
  double seconds = 0;
  double centre_m_per_door = 0;
  geo::CutTotals totals;
};

void Print(const Row& row) {
  const geo::CutTotals& t = row.totals;
  std::printf(
      "%-12s %-8s %7d doors %5d turfs  in bounds %6.2f %% (+%d excused)  %d-%d  m/door %.2f cost %.2f centre %.2f  "
      "connected %6.2f %%  barrier legs %d  compact %.3f %.3f  invalid %d  %.2f s\n",
      row.data_set.c_str(), row.method.c_str(), t.door_count, t.turf_count, 100.0 * t.turfs_in_bounds / t.turf_count,
      t.turfs_excused, t.doors_min, t.doors_max, t.walk_m_per_door, t.walk_cost_m_per_door, row.centre_m_per_door,
      100.0 * t.turfs_connected / t.turf_count, t.turfs_with_barrier_leg, t.polsby_popper, t.area_over_hull,
      t.polygons_invalid, row.seconds);
  std::printf(
      "{\"data\":\"%s\",\"method\":\"%s\",\"doors\":%d,\"turfs\":%d,\"in_bounds\":%d,\"excused\":%d,\"min\":%d,"
      "\"max\":%d,\"stddev\":%.3f,\"connected\":%d,\"barrier_leg_turfs\":%d,\"m_per_door\":%.3f,"
      "\"cost_m_per_door\":%.3f,\"centre_m_per_door\":%.3f,\"polsby_popper\":%.4f,\"area_over_hull\":%.4f,"
      "\"invalid\":%d,\"seconds\":%.3f}\n",
      row.data_set.c_str(), row.method.c_str(), t.door_count, t.turf_count, t.turfs_in_bounds, t.turfs_excused,
      t.doors_min, t.doors_max, t.doors_stddev, t.turfs_connected, t.turfs_with_barrier_leg, t.walk_m_per_door,
      t.walk_cost_m_per_door, row.centre_m_per_door, t.polsby_popper, t.area_over_hull, t.polygons_invalid,
      row.seconds);
}

// The doors' ground with every stop an atom of its own, to judge any split of the doors by one measure.
struct Judge {
  geo::DoorBounds bounds;
  geo::Ground ground;
  geo::AtomGraph graph;
};

absl::StatusOr<Judge> MakeJudge(const geo::CutInput& input, const geo::CutOptions& options) {
  std::vector<geo::LonLat> places;
  for (const geo::CutDoor& door : input.doors) places.push_back(door.position);
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::DoorBounds bounds, geo::ResolveBounds(options));
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Frame frame, geo::Frame::AboutAll(places, "doors"));
  SNOWFIELD_ASSIGN_OR_RETURN(geo::StreetNetwork network, geo::BuildNetwork(input, frame));
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<geo::GroundStop> stops,
                             geo::PlaceStops(input, frame, network, options.threads, nullptr));
  geo::Ground ground{frame, std::move(network), std::move(stops)};
  geo::AtomGraph graph = geo::BuildAtoms(ground, {1'000'000, 1'000'000});
  return Judge{bounds, std::move(ground), std::move(graph)};
}

// Walks and measures a split given as a part number for each stop.
absl::StatusOr<Row> Measure(const geo::CutInput& input, const geo::CutOptions& options, const Judge& judge,
                            const std::vector<int>& part_of_stop) {
  std::map<int, std::vector<int>> groups;
  for (int atom = 0; atom < static_cast<int>(judge.graph.atoms.size()); ++atom) {
    groups[part_of_stop[judge.graph.atoms[atom].stops.front().stop]].push_back(atom);
  }
  std::vector<std::vector<int>> list;
  for (auto& [part, atoms] : groups) list.push_back(std::move(atoms));
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::CutResult result, geo::ReportCut(input, options, judge.bounds, judge.ground,
                                                                         judge.graph, list, {nullptr, nullptr}));
  Row row;
  row.totals = result.totals;
  geo::WalkSolver solver(judge.ground.network);
  geo::WalkOptions centre;
  centre.crossing_cost_scale = 0;
  for (const std::vector<int>& atoms : list) {
    std::vector<geo::WalkStop> stops;
    for (const int atom : atoms) stops.push_back(judge.ground.stops[judge.graph.atoms[atom].stops.front().stop].walk);
    row.centre_m_per_door += solver.Order(stops, centre).cost_m;
  }
  row.centre_m_per_door /= static_cast<double>(input.doors.size());
  return row;
}

std::vector<int> PartsOf(const geo::CutInput& input, const Judge& judge, const geo::CutResult& result) {
  std::map<base::DoorId, int> turf_of;
  for (int turf = 0; turf < static_cast<int>(result.turfs.size()); ++turf) {
    for (const base::DoorId door : result.turfs[turf].doors) turf_of[door] = turf;
  }
  std::vector<int> part;
  for (const geo::GroundStop& stop : judge.ground.stops) part.push_back(turf_of[input.doors[stop.doors.front()].id]);
  return part;
}

absl::Status Compare(const std::string& data_set, const geo::CutInput& input, const geo::CutOptions& options) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Judge judge, MakeJudge(input, options));
  std::vector<geo::PointM> places;
  std::vector<int> doors;
  for (const geo::GroundStop& stop : judge.ground.stops) {
    places.push_back(stop.walk.position);
    doors.push_back(static_cast<int>(stop.doors.size()));
  }
  const auto show = [&](const std::string& method, const std::vector<int>& parts, double seconds) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(Row row, Measure(input, options, judge, parts));
    row.data_set = data_set;
    row.method = method;
    row.seconds = seconds;
    Print(row);
    return absl::OkStatus();
  };
  auto start = Clock::now();
  auto entered = start;
  const std::clock_t cpu_start = std::clock();
  geo::CutStage at = geo::CutStage::kCheck;
  geo::CutControl control;
  std::map<geo::CutStage, double> stage_seconds;
  control.progress = [&](geo::CutStage stage, double, int) {
    if (stage == at) return;
    stage_seconds[at] = SecondsSince(entered);
    entered = Clock::now();
    at = stage;
  };
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::CutResult ours, geo::CutTurf(input, options, control));
  Row row{data_set, "ours", SecondsSince(start), 0, ours.totals};
  Print(row);
  std::printf("  cpu %.2f s ", static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC);
  for (const auto& [stage, seconds] : stage_seconds) {
    std::printf("  %s %.2f s", std::string(geo::CutStageName(stage)).c_str(), seconds);
  }
  std::map<std::string, int> problems;
  for (const geo::CutProblem& problem : ours.problems) ++problems[std::string(geo::CutReasonName(problem.reason))];
  for (const auto& [reason, count] : problems) std::printf("  %s %d", reason.c_str(), count);
  std::printf("\n");
  SNOWFIELD_RETURN_IF_ERROR(show("ours/by", PartsOf(input, judge, ours), row.seconds));
  start = Clock::now();
  const std::vector<int> hilbert = HilbertParts(places, doors, options.target_doors);
  SNOWFIELD_RETURN_IF_ERROR(show("hilbert", hilbert, SecondsSince(start)));
  start = Clock::now();
  const std::vector<int> metis = MetisParts(places, doors, options.target_doors, 1);
  return show("metis", metis, SecondsSince(start));
}

}  // namespace

int Main(int argc, char** argv) {
  geo::CutOptions options;
  options.threads = 2;
  int side = 40;
  bool tiny = false, precincts = false;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--tiny") == 0) tiny = true;
    if (std::strcmp(argv[i], "--precincts") == 0) precincts = true;
    if (std::strncmp(argv[i], "--town=", 7) == 0) side = std::atoi(argv[i] + 7);
    if (std::strncmp(argv[i], "--threads=", 10) == 0) options.threads = std::atoi(argv[i] + 10);
  }
  absl::Status status = absl::OkStatus();
  if (side > 0) status = Compare("grid town", GridTown(tiny ? 8 : side), options);
  const std::optional<std::string> folder = DataFolder();
  if (status.ok() && !tiny && folder) status = Compare("Washington", ReadWashington(*folder, precincts), options);
  if (!status.ok()) std::fprintf(stderr, "%s\n", base::MessageOf(status).c_str());
  return status.ok() ? 0 : 1;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
