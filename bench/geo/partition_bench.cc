// partition_bench: the parts of our cutter on the partition instances of the literature, as a reference from outside.
//   partition_bench [--data=districts,routing] [--places=N] [--seed=N] [--tiny] [--json]
// districts: FirstSplit, ShiftAtoms and Repair on maps of counties and tracts, every pair of neighbours as dear to part
// as any other; beside METIS k-way and the proven optimum. A district may be 0.5 % off the mean, where a turf may be
// 10 %. routing: the whole search on customers and vehicles, in the plane and without streets; the search knows no
// depot, so the walks without the depot are compared, and the tours with it. Beside Hilbert chunks, METIS and the best
// known answer, whose routes are put in order by the same solver. Without SNOWFIELD_DATA, and with --tiny: generated
// instances, whose best is not known. Times are the processor's.
#include <metis.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/baselines.h"
#include "bench/geo/meter.h"
#include "bench/geo/partition_cases.h"
#include "bench/geo/real_maps.h"
#include "bench/geo/stopwatch.h"
#include "geo/cut/first_split.h"
#include "geo/cut/improve.h"
#include "geo/cut/keep_turfs.h"
#include "geo/cut/near_table.h"
#include "geo/cut/repair.h"
#include "geo/walk/tour_search.h"
#include "geo/walk/walk_order.h"

namespace snowfield::bench {
namespace {

using Groups = std::vector<std::vector<int>>;

struct Settings {
  std::vector<std::string> data = {"districts", "routing"};
  int places = 1'000;
  uint64_t seed = 1;
  bool tiny = false;
  bool json = false;
};

std::optional<Settings> ParseSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::pair<std::string, std::string> option = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    const auto& [name, value] = option;
    if (name == "--tiny") {
      settings.tiny = true;
    } else if (name == "--data") {
      settings.data = absl::StrSplit(value, ',', absl::SkipEmpty());
    } else if (name == "--places") {
      settings.places = std::atoi(value.c_str());
    } else if (name == "--seed") {
      settings.seed = static_cast<uint64_t>(std::atoll(value.c_str()));
    } else if (name == "--json") {
      settings.json = true;
    } else {
      std::fprintf(stderr, "unknown option %s; the head of bench/geo/partition_bench.cc lists them\n", argv[i]);
      return std::nullopt;
    }
  }
  return settings;
}

struct Answer {
  std::string method;
  Groups groups;
  double ms = 0;
};

bool NeverStopped() { return false; }

// ---- districts

geo::LoadRule RuleOf(const DistrictCase& districts) {
  const int all = std::accumulate(districts.population.begin(), districts.population.end(), 0);
  return {
      .min = districts.population_min, .target = all / districts.parts, .max = districts.population_max, .per_door = 1};
}

geo::AtomGraph GraphOf(const DistrictCase& districts) {
  geo::AtomGraph graph;
  std::vector<std::vector<int>> near(districts.population.size());
  for (const auto& [a, b] : districts.neighbours) {
    near[a].push_back(b);
    near[b].push_back(a);
  }
  graph.edge_start = {0};
  for (size_t unit = 0; unit < near.size(); ++unit) {
    geo::Atom& atom = graph.atoms.emplace_back();
    atom.door_count = atom.load = districts.population[unit];
    atom.centre = districts.places[unit];
    std::sort(near[unit].begin(), near[unit].end());
    for (const int other : near[unit]) graph.edges.push_back({other, 1});
    graph.edge_start.push_back(static_cast<int>(graph.edges.size()));
  }
  graph.cell.assign(near.size(), 0);
  graph.cell_count = 1;
  return graph;
}

Answer OurDistricts(const DistrictCase& districts, uint64_t seed) {
  const geo::AtomGraph graph = GraphOf(districts);
  const geo::LoadRule rule = RuleOf(districts);
  const Stopwatch stopwatch;
  Groups groups = geo::FirstSplit(graph, rule, geo::CellsOf(graph), seed, NeverStopped);
  geo::ShiftAtoms(graph, rule, &groups);
  geo::Repair(graph, rule, NeverStopped, &groups);
  return {"ours", std::move(groups), stopwatch.Milliseconds()};
}

Answer MetisDistricts(const DistrictCase& districts, uint64_t seed) {
  const geo::AtomGraph graph = GraphOf(districts);
  const Stopwatch stopwatch;
  std::vector<idx_t> starts(graph.edge_start.begin(), graph.edge_start.end());
  std::vector<idx_t> neighbours;
  for (const geo::AtomEdge& edge : graph.edges) neighbours.push_back(edge.to);
  std::vector<idx_t> population(districts.population.begin(), districts.population.end());
  std::vector<idx_t> part(districts.population.size(), 0);
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = static_cast<idx_t>(seed);
  options[METIS_OPTION_CONTIG] = 1;
  options[METIS_OPTION_UFACTOR] = 5;  // thousandths above the mean
  auto count = static_cast<idx_t>(part.size());
  idx_t constraints = 1, cut = 0, parts = districts.parts;
  METIS_PartGraphKway(&count, &constraints, starts.data(), neighbours.data(), population.data(), nullptr, nullptr,
                      &parts, nullptr, nullptr, options, &cut, part.data());
  Groups groups(districts.parts);
  for (size_t unit = 0; unit < part.size(); ++unit) groups[part[unit]].push_back(static_cast<int>(unit));
  return {"metis k-way", std::move(groups), stopwatch.Milliseconds()};
}

void PrintDistricts(const DistrictCase& districts, const Answer& answer, bool json) {
  const geo::AtomGraph graph = GraphOf(districts);
  const geo::LoadRule rule = RuleOf(districts);
  std::vector<int> district_of(districts.population.size(), -1);
  int outside = 0, pieces = 0;
  double most_off = 0;
  for (size_t g = 0; g < answer.groups.size(); ++g) {
    for (const int unit : answer.groups[g]) district_of[unit] = static_cast<int>(g);
    const int64_t load = geo::LoadOf(graph, answer.groups[g]);
    outside += rule.Holds(load) ? 0 : 1;
    most_off = std::max(most_off, std::abs(static_cast<double>(load) / rule.target - 1));
    pieces += answer.groups[g].empty() ? 0 : geo::CountPieces(graph, answer.groups[g]);
  }
  int parted = 0;
  for (const auto& [a, b] : districts.neighbours) parted += district_of[a] != district_of[b] ? 1 : 0;
  const std::string best = districts.optimum > 0 ? absl::StrCat(districts.optimum) : "-";
  std::printf("  %-12s %5zu %3d | %-12s %3zu districts %3d out %6.2f %% %3d pieces | parted %4d, best %4s | %8.2f ms\n",
              districts.name.c_str(), districts.population.size(), districts.parts, answer.method.c_str(),
              answer.groups.size(), outside, 100 * most_off, pieces, parted, best.c_str(), answer.ms);
  if (!json) return;
  std::printf(
      "{\"bench\":\"partition\",\"set\":\"districts\",\"instance\":\"%s\",\"method\":\"%s\",\"parts\":%d,\"groups\":"
      "%zu,\"out\":%d,\"most_off\":%.5f,\"pieces\":%d,\"parted\":%d,\"optimum\":%d,\"ms\":%.3f,%s}\n",
      districts.name.c_str(), answer.method.c_str(), districts.parts, answer.groups.size(), outside, most_off, pieces,
      parted, districts.optimum, answer.ms, MachineJson().c_str());
}

absl::Status RunDistricts(const Settings& settings, const std::optional<std::string>& folder) {
  std::vector<DistrictCase> cases{GridDistricts(settings.tiny ? 8 : 20, 4, settings.seed)};
  if (!settings.tiny && folder) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<DistrictCase> known, ReadDistricting(*folder + "/districting"));
    cases.insert(cases.end(), std::make_move_iterator(known.begin()), std::make_move_iterator(known.end()));
  }
  std::printf("\nDistricts: units, parts | districts made, out of bounds, furthest off, pieces | neighbours parted\n");
  for (const DistrictCase& districts : cases) {
    PrintDistricts(districts, OurDistricts(districts, settings.seed), settings.json);
    PrintDistricts(districts, MetisDistricts(districts, settings.seed), settings.json);
  }
  return absl::OkStatus();
}

// ---- routing

// All customers off the streets, each an atom of its own.
absl::StatusOr<geo::Ground> GroundOf(const RoutingCase& routing) {
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Frame frame, geo::Frame::About({0, 0}));
  geo::Ground ground{frame, geo::StreetNetwork::Build({}, {}), {}};
  int door = 0;
  for (size_t i = 0; i < routing.places.size(); ++i) {
    geo::GroundStop& stop = ground.stops.emplace_back();
    stop.walk.position = routing.places[i];
    stop.walk.place.face = -1;
    stop.key = static_cast<int>(i);
    stop.doors.resize(routing.demand[i]);
    std::iota(stop.doors.begin(), stop.doors.end(), door);
    door += routing.demand[i];
  }
  return ground;
}

// As few vehicles as can be, none more than full: what one more would hold is too little.
geo::LoadRule RuleOf(const RoutingCase& routing) {
  const int all = std::accumulate(routing.demand.begin(), routing.demand.end(), 0);
  const int vehicles = (all + routing.capacity - 1) / routing.capacity;
  return {.min = all / (vehicles + 1) + 1,
          .target = (all + vehicles - 1) / vehicles,
          .max = routing.capacity,
          .per_door = 1};
}

absl::StatusOr<Answer> OurRoutes(const RoutingCase& routing, double times, uint64_t seed) {
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Ground ground, GroundOf(routing));
  const geo::LoadRule rule = RuleOf(routing);
  const Stopwatch stopwatch;
  const geo::AtomGraph graph = geo::BuildAtoms(ground, rule);
  Groups groups = geo::FirstSplit(graph, rule, geo::CellsOf(graph), seed, NeverStopped);
  const geo::NearTable near = geo::NearTable::Build(ground, graph, 1, NeverStopped);
  geo::ImproveOptions improve;
  improve.steps_per_atom = times * geo::StepsPerAtom(graph.atoms.size());
  improve.seed = seed;
  geo::Improve(graph, near, rule, improve, &groups);
  geo::SearchAboutBad(graph, near, rule, improve, &groups);
  Answer answer{times == 1 ? "ours" : absl::StrCat("ours x ", times), {}, stopwatch.Milliseconds()};
  for (const std::vector<int>& group : groups) {
    std::vector<int>& places = answer.groups.emplace_back();
    for (const int atom : group) places.push_back(graph.atoms[atom].stops.front().stop);
  }
  return answer;
}

template <typename Split>
Answer BaselineRoutes(const std::string& method, const RoutingCase& routing, const Split& split) {
  const Stopwatch stopwatch;
  const std::vector<int> part = split(routing.places, routing.demand, RuleOf(routing).target);
  Answer answer{method, Groups(1 + *std::max_element(part.begin(), part.end())), stopwatch.Milliseconds()};
  for (size_t i = 0; i < part.size(); ++i) answer.groups[part[i]].push_back(static_cast<int>(i));
  return answer;
}

// The shortest order found of some places: from the depot and back, or from any to any. Whole units, as the instances'
// costs are.
int64_t LengthOf(const RoutingCase& routing, const std::vector<int>& places, bool with_depot) {
  const auto count = static_cast<int>(places.size());
  geo::CostTable costs(count + 1);  // the last node is the depot, or costs nothing
  const auto cost = [](const geo::PointM& a, const geo::PointM& b) {
    return static_cast<int32_t>(std::lround(geo::DistanceM(a, b)));
  };
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < i; ++j) costs.Set(i, j, cost(routing.places[places[i]], routing.places[places[j]]));
    if (with_depot) costs.Set(i, count, cost(routing.places[places[i]], routing.depot));
  }
  std::vector<int> start(count + 1);
  std::iota(start.begin(), start.end(), 0);
  return geo::TourCost(costs, geo::SearchTour(costs, {start}, 10 * geo::KicksFor(count), 1));
}

struct RouteLengths {
  int64_t walks = 0;
  int64_t tours = 0;
  int overfull = 0;
};

RouteLengths LengthsOf(const RoutingCase& routing, const Groups& groups) {
  RouteLengths lengths;
  for (const std::vector<int>& group : groups) {
    int demand = 0;
    for (const int place : group) demand += routing.demand[place];
    lengths.overfull += demand > routing.capacity ? 1 : 0;
    lengths.walks += LengthOf(routing, group, false);
    lengths.tours += LengthOf(routing, group, true);
  }
  return lengths;
}

void PrintRoutes(const RoutingCase& routing, const Answer& answer, const RouteLengths& best, bool json) {
  const RouteLengths lengths = LengthsOf(routing, answer.groups);
  const auto over = [](int64_t length, int64_t least) {
    return least > 0 ? 100.0 * static_cast<double>(length - least) / static_cast<double>(least) : 0;
  };
  std::printf(
      "  %-13s %5zu | %-14s %4zu routes %3d overfull | walks %8lld %+7.2f %% | tours %8lld %+7.2f %% | %9.1f ms\n",
      routing.name.c_str(), routing.places.size(), answer.method.c_str(), answer.groups.size(), lengths.overfull,
      static_cast<long long>(lengths.walks), over(lengths.walks, best.walks), static_cast<long long>(lengths.tours),
      over(lengths.tours, best.tours), answer.ms);
  if (!json) return;
  std::printf(
      "{\"bench\":\"partition\",\"set\":\"routing\",\"instance\":\"%s\",\"method\":\"%s\",\"routes\":%zu,\"overfull\":"
      "%d,\"walks\":%lld,\"best_walks\":%lld,\"tours\":%lld,\"best_tours\":%lld,\"ms\":%.3f,%s}\n",
      routing.name.c_str(), answer.method.c_str(), answer.groups.size(), lengths.overfull,
      static_cast<long long>(lengths.walks), static_cast<long long>(best.walks), static_cast<long long>(lengths.tours),
      static_cast<long long>(best.tours), answer.ms, MachineJson().c_str());
}

absl::Status RunRouting(const Settings& settings, const std::optional<std::string>& folder) {
  std::vector<RoutingCase> cases{RandomRouting(settings.tiny ? 60 : 300, 150, settings.seed)};
  if (!settings.tiny && folder) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<RoutingCase> known, ReadRouting(*folder + "/cvrp_x", settings.places));
    cases.insert(cases.end(), std::make_move_iterator(known.begin()), std::make_move_iterator(known.end()));
  }
  std::printf(
      "\nRouting: places | routes, overfull | walks without the depot, tours with it, above the best known's\n");
  for (const RoutingCase& routing : cases) {
    RouteLengths best;
    std::vector<Answer> answers;
    if (!routing.best_routes.empty()) {
      best = LengthsOf(routing, routing.best_routes);
      best.tours = routing.best_cost;
      answers.push_back({"best known", routing.best_routes, 0});
    }
    for (const double times : {1.0, 10.0}) {
      SNOWFIELD_ASSIGN_OR_RETURN(Answer ours, OurRoutes(routing, times, settings.seed));
      answers.push_back(std::move(ours));
    }
    answers.push_back(BaselineRoutes("hilbert chunks", routing, HilbertParts));
    answers.push_back(BaselineRoutes("metis k-way", routing, [](const auto& places, const auto& demand, int target) {
      return MetisParts(places, demand, target, 1);
    }));
    for (const Answer& answer : answers) PrintRoutes(routing, answer, best, settings.json);
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

}  // namespace

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ParseSettings(argc, argv);
  if (!settings) return 2;
  std::printf("%s\n", MachineLine().c_str());
  const std::optional<std::string> folder = DataFolder();
  if (!settings->tiny && !folder) std::printf("generated instances only: SNOWFIELD_DATA names no folder\n");
  for (const std::string& name : settings->data) {
    const absl::Status status = name == "districts" ? RunDistricts(*settings, folder) : RunRouting(*settings, folder);
    if (status.ok()) continue;
    std::fprintf(stderr, "%s: %s\n", name.c_str(), base::MessageOf(status).c_str());
    return 1;
  }
  return 0;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
