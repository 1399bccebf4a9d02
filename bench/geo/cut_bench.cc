// cut_bench: our cut beside what else one could use, on the same doors, judged by one measure (judge.h).
//   cut_bench [--data=NAME,...] [--doors=N] [--seed=N] [--target=N] [--threads=N] [--precincts] [--once] [--centre]
//             [--tiny] [--postgis | --no-postgis]
//   cut_bench --scale [--doors=N] [--seed=N] [--target=N] [--threads=N]
// NAME: generated (of --doors and --seed), washington, addison, franklin, grand_isle, lamoille, vermont (all four),
// lauf, or all. Real ones that are not there are passed over. --precincts: ours keeps the boundaries. --once leaves out
// the second cut, on one thread, that shows that the answer does not depend on the number of threads. PostGIS and
// pgRouting run in a cluster of their own; --tiny leaves them out unless asked for. --scale: see scaling.h.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/baselines.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/judge.h"
#include "bench/geo/our_cut.h"
#include "bench/geo/postgis_rows.h"
#include "bench/geo/real_maps.h"
#include "bench/geo/scaling.h"
#include "bench/geo/verdict_table.h"

namespace snowfield::bench {
namespace {

struct Settings {
  std::vector<std::string> data = {"generated"};
  int doors = 20'000;
  uint64_t seed = 1;
  int target = geo::kTargetDoorsDefault;
  int threads = 2;
  bool precincts = false;
  bool once = false;
  bool centre = false;
  bool postgis = true;
  bool scale = false;
  int scale_step = 0;
};

constexpr int kPolygonSample = 3'000;

geo::CutOptions OptionsOf(const Settings& settings) {
  geo::CutOptions options;
  options.target_doors = settings.target;
  options.threads = settings.threads;
  return options;
}

std::optional<Settings> ParseSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::pair<std::string, std::string> option = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    const auto& [name, value] = option;
    if (name == "--tiny") {
      settings.doors = 1'500;
      settings.postgis = false;
    } else if (name == "--data") {
      settings.data = absl::StrSplit(value, ',', absl::SkipEmpty());
    } else if (name == "--doors") {
      settings.doors = std::atoi(value.c_str());
    } else if (name == "--seed") {
      settings.seed = static_cast<uint64_t>(std::atoll(value.c_str()));
    } else if (name == "--target") {
      settings.target = std::atoi(value.c_str());
    } else if (name == "--threads") {
      settings.threads = std::atoi(value.c_str());
    } else if (name == "--precincts") {
      settings.precincts = true;
    } else if (name == "--once") {
      settings.once = true;
    } else if (name == "--postgis" || name == "--no-postgis") {
      settings.postgis = name == "--postgis";
    } else if (name == "--scale") {
      settings.scale = true;
    } else if (name == "--scale-step") {
      settings.scale_step = std::atoi(value.c_str());
    } else if (name == "--centre") {
      settings.centre = true;
    } else {
      std::fprintf(stderr, "unknown option %s; the head of bench/geo/cut_bench.cc lists them\n", argv[i]);
      return std::nullopt;
    }
  }
  return settings;
}

// The names that `all` and `vermont` stand for.
std::vector<std::string> Expand(const std::vector<std::string>& names) {
  std::vector<std::string> expanded;
  for (const std::string& name : names) {
    const bool all = name == "all";
    if (all) expanded.insert(expanded.end(), {"generated", "washington", "lauf"});
    if (all || name == "vermont") {
      expanded.insert(expanded.end(), std::begin(kVermontCounties), std::end(kVermontCounties));
    }
    if (!all && name != "vermont") expanded.push_back(name);
  }
  return expanded;
}

absl::StatusOr<DataSet> Load(const std::string& name, const Settings& settings) {
  if (name == "generated") return GeneratedCounty(settings.doors, settings.seed);
  const std::optional<std::string> folder = DataFolder();
  if (!folder) return absl::NotFoundError("no maps: set SNOWFIELD_DATA to their folder");
  if (name == "washington") return ReadWashington(*folder);
  if (name == "lauf") return ReadLauf(*folder);
  return ReadVermontCounty(*folder, name);
}

// Doors on each stop, as the baselines see them.
struct Places {
  std::vector<geo::PointM> places;
  std::vector<int> doors;
};

Places PlacesOf(const Judge& judge) {
  Places places;
  for (const geo::GroundStop& stop : judge.ground().stops) {
    places.places.push_back(stop.walk.position);
    places.doors.push_back(static_cast<int>(stop.doors.size()));
  }
  return places;
}

std::string StageJson(const OurCut& cut) {
  std::string json = ",\"stages\":{";
  for (size_t i = 0; i < cut.stage_seconds.size(); ++i) {
    absl::StrAppend(&json, i > 0 ? "," : "", "\"", cut.stage_seconds[i].first, "\":", cut.stage_seconds[i].second);
  }
  return absl::StrCat(json, "},\"partition_seconds\":", cut.partition_seconds,
                      ",\"excused\":", cut.result.totals.turfs_excused);
}

void PrintOurs(const OurCut& cut, const PolygonCheck& polygons) {
  const geo::CutTotals& totals = cut.result.totals;
  std::printf("  ours: partition (atoms, cut, refine) %.2f s of %.2f s; stages", cut.partition_seconds,
              cut.effort.seconds);
  for (const auto& [stage, seconds] : cut.stage_seconds) std::printf("  %s %.2f", stage.c_str(), seconds);
  std::printf(
      "\n  ours: in bounds %.2f %% and %d excused by the map; doubled %d; its own polygons: compactness %.3f, area "
      "over hull %.3f; of %d looked at %d invalid, %d overlapping, %d doors outside\n",
      100.0 * totals.turfs_in_bounds / totals.turf_count, totals.turfs_excused, cut.doors_doubled, totals.polsby_popper,
      totals.area_over_hull, polygons.turfs, polygons.invalid, polygons.overlapping, polygons.doors_outside);
  std::map<std::string, int> problems;
  for (const geo::CutProblem& problem : cut.result.problems) {
    ++problems[std::string(geo::CutReasonName(problem.reason))];
  }
  std::printf("  ours: problems told:");
  for (const auto& [reason, count] : problems) std::printf("  %s %d", reason.c_str(), count);
  std::printf("\n");
}

absl::Status ShowDeterminism(const DataSet& set, geo::CutOptions options, const Settings& settings, const OurCut& cut) {
  options.threads = options.threads == 1 ? 2 : 1;
  SNOWFIELD_ASSIGN_OR_RETURN(const OurCut again, CutOurs(set, options, settings.precincts));
  const bool same = HashOf(again.result) == HashOf(cut.result);
  std::printf("  ours: the same bytes on 1 and %d threads: %s; %.2f s on %d\n", std::max(options.threads, 2),
              same ? "yes" : "NO", again.effort.seconds, options.threads);
  return same ? absl::OkStatus() : absl::InternalError("the cut depends on the number of threads");
}

absl::Status Compare(const DataSet& set, const Settings& settings, PostgisBaselines* postgis) {
  const geo::CutOptions options = OptionsOf(settings);
  const RunInfo run{set.name, set.seed, settings.target, settings.threads, settings.precincts};
  std::vector<Row> rows;
  SNOWFIELD_ASSIGN_OR_RETURN(const OurCut ours, CutOurs(set, options, settings.precincts));
  SNOWFIELD_ASSIGN_OR_RETURN(const Judge judge,
                             Judge::Of(set, {settings.target, settings.threads, true, settings.centre}));
  const Places places = PlacesOf(judge);
  const auto add = [&](const std::string& method, const std::vector<int>& part, const Effort& effort,
                       const std::string& extra) -> absl::Status {
    SNOWFIELD_ASSIGN_OR_RETURN(const Verdict verdict, judge.Measure(part));
    rows.push_back({method, effort, verdict, extra});
    return absl::OkStatus();
  };
  SNOWFIELD_RETURN_IF_ERROR(add("ours", ours.part, ours.effort, StageJson(ours)));
  const auto add_baseline = [&](const std::string& method, const auto& split) -> absl::Status {
    const Meter meter;
    const std::vector<int> part = split();
    const Effort effort = meter.Stop();
    return add(method, judge.PartOfDoors(part), effort, "");
  };
  SNOWFIELD_RETURN_IF_ERROR(
      add_baseline("hilbert chunks", [&] { return HilbertParts(places.places, places.doors, settings.target); }));
  SNOWFIELD_RETURN_IF_ERROR(
      add_baseline("metis k-way", [&] { return MetisParts(places.places, places.doors, settings.target, 1); }));
  std::vector<OrderRow> orders;
  if (postgis != nullptr) {
    SNOWFIELD_RETURN_IF_ERROR(AddKMeans(postgis, judge, settings.target, settings.precincts, &rows, &orders));
  }
  PrintTable(run, rows);
  PrintRatios(rows);
  PrintOrders(rows.front(), orders);
  SNOWFIELD_ASSIGN_OR_RETURN(const PolygonCheck polygons, CheckPolygons(set, ours, kPolygonSample));
  PrintOurs(ours, polygons);
  absl::Status determined = settings.once ? absl::OkStatus() : ShowDeterminism(set, options, settings, ours);
  PrintJson(run, rows);
  PrintOrdersJson(run, rows.front(), orders);
  return determined;
}

// Null, after saying why, on a machine that has none.
std::unique_ptr<PostgisBaselines> StartPostgis() {
  absl::StatusOr<std::unique_ptr<PostgisBaselines>> postgis = PostgisBaselines::Start();
  if (!postgis.ok()) {
    std::printf("k-means and pgr_TSP left out: %s\n", base::MessageOf(postgis.status()).c_str());
    return nullptr;
  }
  if (!(*postgis)->has_routing()) {
    std::printf("pgr_TSP left out: install pgRouting (Debian: postgresql-15-pgrouting)\n");
  }
  return *std::move(postgis);
}

bool Succeeded(const std::string& name, const absl::Status& status) {
  if (!status.ok()) std::fprintf(stderr, "%s: %s\n", name.c_str(), base::MessageOf(status).c_str());
  return status.ok();
}

}  // namespace

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ParseSettings(argc, argv);
  if (!settings) return 2;
  const geo::CutOptions options = OptionsOf(*settings);
  if (settings->scale_step > 0) {
    return Succeeded("scale", RunScaleStep(settings->scale_step, settings->seed, options)) ? 0 : 1;
  }
  std::printf("%s\n", MachineLine().c_str());
  if (settings->scale) return Succeeded("scale", PrintScaling(settings->doors, settings->seed, options)) ? 0 : 1;
  const std::unique_ptr<PostgisBaselines> postgis = settings->postgis ? StartPostgis() : nullptr;
  bool failed = false;
  for (const std::string& name : Expand(settings->data)) {
    const absl::StatusOr<DataSet> set = Load(name, *settings);
    if (!set.ok()) {
      std::printf("%s passed over: %s\n", name.c_str(), base::MessageOf(set.status()).c_str());
      continue;
    }
    failed |= !Succeeded(name, Compare(*set, *settings, postgis.get()));
  }
  return failed ? 1 : 0;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
