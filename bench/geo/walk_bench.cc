// walk_bench: how far our walking order is from the best, and what it takes, beside plain 2-opt and pgRouting.
//   walk_bench [--data=NAME,...] [--doors=N] [--seed=N] [--turfs=N] [--large=N] [--long=N] [--tiny] [--json]
//              [--postgis | --no-postgis]
// NAME: random, tsplib, generated (a county of --doors and --seed), washington, lamoille, and where named addison,
// franklin, grand_isle. Those whose files are not there are passed over. --turfs: walks of about 45 stops a set;
// --large: of about 1,000. Best known: the optimum of TSPLIB; else the best of the default's kicks --long times over
// (at most kLongKicksMax), from two seeds, and of all that was measured. Times are the processor's. pgRouting runs in a
// cluster of its own; --tiny leaves it out unless asked for.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/meter.h"
#include "bench/geo/postgis_baselines.h"
#include "bench/geo/real_maps.h"
#include "bench/geo/stopwatch.h"
#include "bench/geo/tour_cases.h"
#include "bench/geo/two_opt.h"
#include "geo/walk/walk_order.h"

namespace snowfield::bench {
namespace {

struct Settings {
  std::vector<std::string> data = {"random", "tsplib", "generated", "washington", "lamoille"};
  int doors = 60'000;
  uint64_t seed = 1;
  int turfs = 100;
  int large = 5;
  int long_times = 500;
  int tsplib_nodes = 3'100;
  int large_nodes = 1'000;
  bool json = false;
  bool postgis = true;
};

constexpr uint64_t kSearchSeed = 1;
constexpr int kTurfDoors = 45;
constexpr int kLongKicksMax = 100'000;
constexpr int kPgRoutingNodesMax = 200;  // it takes minutes for a tour of 1,000

std::optional<Settings> ParseSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::pair<std::string, std::string> option = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    const auto& [name, value] = option;
    const int number = std::atoi(value.c_str());
    if (name == "--tiny") {
      settings.data = {"random", "tsplib", "generated"};
      settings.doors = 1'500;
      settings.turfs = 3;
      settings.large = 1;
      settings.large_nodes = 200;
      settings.long_times = 2;
      settings.tsplib_nodes = 100;
      settings.postgis = false;
    } else if (name == "--data") {
      settings.data = absl::StrSplit(value, ',', absl::SkipEmpty());
    } else if (name == "--doors") {
      settings.doors = number;
    } else if (name == "--seed") {
      settings.seed = static_cast<uint64_t>(number);
    } else if (name == "--turfs") {
      settings.turfs = number;
    } else if (name == "--large") {
      settings.large = number;
    } else if (name == "--long") {
      settings.long_times = number;
    } else if (name == "--postgis" || name == "--no-postgis") {
      settings.postgis = name == "--postgis";
    } else if (name == "--json") {
      settings.json = true;
    } else {
      std::fprintf(stderr, "unknown option %s; the head of bench/geo/walk_bench.cc lists them\n", argv[i]);
      return std::nullopt;
    }
  }
  return settings;
}

struct Method {
  std::string name;
  double times = 1;  // of the kicks of the default; below 0: the baseline
};

const std::vector<Method>& Methods() {
  static const std::vector<Method> methods = {{"nearest + 2-opt", -1}, {"no kicks", 0},  {"kicks / 4", 0.25},
                                              {"default", 1},          {"kicks x 4", 4}, {"kicks x 10", 10}};
  return methods;
}

struct Try {
  double ms = 0;
  int64_t cost = 0;
};

Try Search(const TourCase& tour, int kicks, uint64_t seed) {
  const Stopwatch stopwatch;
  const std::vector<int> found = geo::SearchTour(tour.costs, tour.starts, kicks, seed);
  return {stopwatch.Milliseconds(), geo::TourCost(tour.costs, found)};
}

Try RunMethod(const TourCase& tour, const Method& method) {
  const int kicks = geo::KicksFor(tour.costs.size());
  if (method.times >= 0) return Search(tour, static_cast<int>(method.times * kicks), kSearchSeed);
  const Stopwatch stopwatch;
  const std::vector<int> found = TwoOpt(tour.costs, tour.starts.front());
  return {stopwatch.Milliseconds(), geo::TourCost(tour.costs, found)};
}

// Tries by method, then the cost of the best tour known.
struct Measured {
  std::vector<Try> tries;
  int64_t best = 0;
};

Measured Measure(const TourCase& tour, const Settings& settings) {
  Measured measured;
  for (const Method& method : Methods()) measured.tries.push_back(RunMethod(tour, method));
  measured.best = tour.optimum;
  if (tour.optimum > 0) return measured;
  measured.best = measured.tries.front().cost;
  for (const Try& tried : measured.tries) measured.best = std::min(measured.best, tried.cost);
  const int kicks = std::min(settings.long_times * geo::KicksFor(tour.costs.size()), kLongKicksMax);
  for (const uint64_t seed : {kSearchSeed + 1, kSearchSeed + 2}) {
    measured.best = std::min(measured.best, Search(tour, kicks, seed).cost);
  }
  return measured;
}

double Mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double Quantile(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(std::lround(share * static_cast<double>(values.size() - 1)))];
}

// Of one method over a set.
struct Row {
  std::string method;
  std::vector<double> gaps;  // percent
  std::vector<double> ms;
};

double GapPercent(int64_t cost, int64_t best) {
  return 100.0 * static_cast<double>(cost - best) / static_cast<double>(best);
}

// The orders of pgRouting, by the straight lines and by our costs, with the rows already in its tables. Its ms are the
// server's, by the clock.
absl::StatusOr<std::vector<Row>> RunPgRouting(PostgisBaselines* postgis, const TourSet& set,
                                              const std::vector<Measured>& measured) {
  std::vector<OrderInput> inputs;
  for (const TourCase& tour : set.cases) {
    OrderInput& input = inputs.emplace_back();
    input.places = tour.places;
    const auto nodes = static_cast<int>(tour.places.size());
    for (int a = 0; a < nodes; ++a) {
      input.stops.push_back(a);
      for (int b = 0; b < nodes; ++b) input.costs.push_back(tour.costs(a, b));
    }
  }
  std::vector<Row> rows;
  for (const bool by_costs : {false, true}) {
    SNOWFIELD_ASSIGN_OR_RETURN(const PostgisBaselines::Orders orders,
                               by_costs ? postgis->OrderByNetwork(inputs) : postgis->OrderEuclidean(inputs));
    Row& row = rows.emplace_back();
    row.method = by_costs ? "pgr_TSP" : "pgr_TSPeuclidean";
    for (size_t i = 0; i < set.cases.size(); ++i) {
      std::vector<int> tour = orders.stops[i];
      for (int node = static_cast<int>(tour.size()); node < set.cases[i].costs.size(); ++node) tour.push_back(node);
      row.gaps.push_back(GapPercent(geo::TourCost(set.cases[i].costs, tour), measured[i].best));
      row.ms.push_back(1e3 * orders.effort.seconds / static_cast<double>(set.cases.size()));
    }
  }
  return rows;
}

void PrintRow(const Row& row, const TourSet& set, double table_ms, const Settings& settings) {
  std::printf("  %-18s | %7.3f%% %7.3f%% %7.3f%% %7.3f%% | %8.3f %8.3f\n", row.method.c_str(), Mean(row.gaps),
              Quantile(row.gaps, 0.5), Quantile(row.gaps, 0.95), Quantile(row.gaps, 1), Mean(row.ms),
              Quantile(row.ms, 0.95));
  if (!settings.json) return;
  std::printf(
      "{\"bench\":\"walk\",\"set\":\"%s\",\"tours\":%zu,\"nodes\":%d,\"seed\":%llu,\"method\":\"%s\",\"gap_mean\":"
      "%.5f,\"gap_median\":%.5f,\"gap_p95\":%.5f,\"ms_mean\":%.4f,\"ms_p95\":%.4f,\"table_ms\":%.4f,%s}\n",
      set.name.c_str(), set.cases.size(), set.nodes, static_cast<unsigned long long>(settings.seed), row.method.c_str(),
      Mean(row.gaps) / 100, Quantile(row.gaps, 0.5) / 100, Quantile(row.gaps, 0.95) / 100, Mean(row.ms),
      Quantile(row.ms, 0.95), table_ms, MachineJson().c_str());
}

absl::Status PrintSet(const TourSet& set, const Settings& settings, PostgisBaselines* postgis) {
  if (set.cases.empty()) return absl::OkStatus();
  std::vector<Measured> all;
  std::vector<double> table_ms;
  for (const TourCase& tour : set.cases) {
    all.push_back(Measure(tour, settings));
    table_ms.push_back(tour.table_ms);
  }
  std::vector<Row> rows;
  if (postgis != nullptr && set.nodes <= kPgRoutingNodesMax) {
    SNOWFIELD_ASSIGN_OR_RETURN(rows, RunPgRouting(postgis, set, all));
  }
  for (size_t m = 0; m < Methods().size(); ++m) {
    Row& row = rows.emplace_back();
    row.method = Methods()[m].name;
    for (const Measured& measured : all) {
      row.gaps.push_back(GapPercent(measured.tries[m].cost, measured.best));
      row.ms.push_back(measured.tries[m].ms);
    }
  }
  std::printf("\n%s: %zu tours of about %d nodes; legs, costs and starts %.3f ms (median %.3f, p95 %.3f)\n",
              set.name.c_str(), set.cases.size(), set.nodes, Mean(table_ms), Quantile(table_ms, 0.5),
              Quantile(table_ms, 0.95));
  std::printf("  %-18s | %8s %8s %8s %8s | %8s %8s\n", "", "gap mean", "median", "p95", "most", "ms mean", "p95");
  for (const Row& row : rows) PrintRow(row, set, Mean(table_ms), settings);
  std::fflush(stdout);
  return absl::OkStatus();
}

absl::Status PrintTsplib(const Settings& settings) {
  const std::optional<std::string> folder = DataFolder();
  if (!folder) return absl::NotFoundError("no maps: set SNOWFIELD_DATA to their folder");
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<TourCase> tours, ReadTsplib(*folder + "/tsplib", settings.tsplib_nodes));
  std::printf("\nTSPLIB, gap to the optimum, and ms:\n  %-10s %5s", "", "nodes");
  for (const Method& method : Methods()) std::printf(" | %16s", method.name.c_str());
  std::printf("\n");
  for (const TourCase& tour : tours) {
    const Measured measured = Measure(tour, settings);
    std::printf("  %-10s %5d", tour.name.c_str(), tour.costs.size());
    for (size_t m = 0; m < Methods().size(); ++m) {
      std::printf(" | %6.2f%% %8.2f", GapPercent(measured.tries[m].cost, measured.best), measured.tries[m].ms);
    }
    std::printf("\n");
    for (size_t m = 0; settings.json && m < Methods().size(); ++m) {
      std::printf(
          "{\"bench\":\"walk\",\"set\":\"tsplib\",\"instance\":\"%s\",\"nodes\":%d,\"method\":\"%s\",\"gap\":"
          "%.5f,\"ms\":%.4f,%s}\n",
          tour.name.c_str(), tour.costs.size(), Methods()[m].name.c_str(),
          GapPercent(measured.tries[m].cost, measured.best) / 100, measured.tries[m].ms, MachineJson().c_str());
    }
    std::fflush(stdout);
  }
  return absl::OkStatus();
}

absl::StatusOr<DataSet> Load(const std::string& name, const Settings& settings) {
  if (name == "generated") return GeneratedCounty(settings.doors, settings.seed);
  const std::optional<std::string> folder = DataFolder();
  if (!folder) return absl::NotFoundError("no maps: set SNOWFIELD_DATA to their folder");
  return name == "washington" ? ReadWashington(*folder) : ReadVermontCounty(*folder, name);
}

absl::Status Run(const std::string& name, const Settings& settings, PostgisBaselines* postgis) {
  if (name == "tsplib") return PrintTsplib(settings);
  std::vector<TourSet> sets;
  if (name == "random") {
    for (const bool clustered : {false, true}) {
      sets.push_back(RandomTours(settings.turfs, kTurfDoors, clustered, settings.seed));
      sets.push_back(RandomTours(settings.large, settings.large_nodes, clustered, settings.seed));
    }
  } else {
    SNOWFIELD_ASSIGN_OR_RETURN(const DataSet set, Load(name, settings));
    SNOWFIELD_ASSIGN_OR_RETURN(TourSet turfs, TurfWalks(set, kTurfDoors, settings.turfs));
    SNOWFIELD_ASSIGN_OR_RETURN(TourSet large, TurfWalks(set, settings.large_nodes, settings.large));
    sets = {std::move(turfs), std::move(large)};
  }
  for (const TourSet& set : sets) SNOWFIELD_RETURN_IF_ERROR(PrintSet(set, settings, postgis));
  return absl::OkStatus();
}

// Null, after saying why, on a machine that has none.
std::unique_ptr<PostgisBaselines> StartPostgis() {
  absl::StatusOr<std::unique_ptr<PostgisBaselines>> postgis = PostgisBaselines::Start();
  if (postgis.ok() && (*postgis)->has_routing()) return *std::move(postgis);
  std::printf("pgRouting left out: %s\n", postgis.ok() ? "install it (Debian: postgresql-15-pgrouting)"
                                                       : base::MessageOf(postgis.status()).c_str());
  return nullptr;
}

}  // namespace

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ParseSettings(argc, argv);
  if (!settings) return 2;
  std::printf("%s\n", MachineLine().c_str());
  const std::unique_ptr<PostgisBaselines> postgis = settings->postgis ? StartPostgis() : nullptr;
  bool failed = false;
  for (const std::string& name : settings->data) {
    const absl::Status status = Run(name, *settings, postgis.get());
    if (absl::IsNotFound(status)) {
      std::printf("%s passed over: %s\n", name.c_str(), base::MessageOf(status).c_str());
    } else if (!status.ok()) {
      std::fprintf(stderr, "%s: %s\n", name.c_str(), base::MessageOf(status).c_str());
      failed = true;
    }
  }
  return failed ? 1 : 0;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
