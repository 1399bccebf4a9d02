// hand_bench: edits by hand on a generated county (P6 of the goals): the lasso beside the same selection in PostGIS,
// and what it takes to plan a move, a merge, a split.
//   hand_bench [--doors=N] [--seed=N] [--edits=N] [--threads=N] [--tiny] [--postgis | --no-postgis]
// Times of a lasso and of an edit are on the wall and of the processor, each of `edits` different ones. `foreign` are
// other turfs' doors inside the hull of a turf that an edit made, over its doors.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <numbers>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/meter.h"
#include "bench/geo/postgis_lasso.h"
#include "bench/geo/stopwatch.h"
#include "geo/geos/geometry.h"
#include "geo/hand/turf_board.h"

namespace snowfield::bench {
namespace {

struct Settings {
  int doors = 100'000;
  uint64_t seed = 1;
  int edits = 200;
  int threads = 2;
  bool postgis = true;
};

struct Times {
  std::vector<double> milliseconds;      // on the wall
  std::vector<double> cpu_milliseconds;  // of the process; none for what another process does
  static double At(std::vector<double> sorted, double quantile) {
    if (sorted.empty()) return 0;
    std::sort(sorted.begin(), sorted.end());
    return sorted[std::min(sorted.size() - 1, static_cast<size_t>(quantile * static_cast<double>(sorted.size())))];
  }
};

double Milliseconds(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

void Clock(const std::function<void()>& work, Times* times) {
  const Stopwatch cpu;
  times->milliseconds.push_back(Milliseconds(work));
  times->cpu_milliseconds.push_back(cpu.Milliseconds());
}

template <typename T>
T Require(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::fprintf(stderr, "%s\n", value.status().ToString().c_str());
  std::exit(1);
}

bool ParseSettings(int argc, char** argv, Settings* settings) {
  for (int i = 1; i < argc; ++i) {
    const std::pair<std::string, std::string> option = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    const auto& [name, value] = option;
    if (name == "--tiny") {
      *settings = {.doors = 2'000, .seed = 1, .edits = 10, .threads = 2, .postgis = false};
    } else if (name == "--doors") {
      settings->doors = std::atoi(value.c_str());
    } else if (name == "--seed") {
      settings->seed = static_cast<uint64_t>(std::atoll(value.c_str()));
    } else if (name == "--edits") {
      settings->edits = std::atoi(value.c_str());
    } else if (name == "--threads") {
      settings->threads = std::atoi(value.c_str());
    } else if (name == "--postgis" || name == "--no-postgis") {
      settings->postgis = name == "--postgis";
    } else {
      std::fprintf(stderr, "unknown option %s; the head of bench/geo/hand_bench.cc lists them\n", argv[i]);
      return false;
    }
  }
  return true;
}

// A line drawn by hand about a place: 60 points, a little jagged.
std::string DrawLasso(const geo::LonLat& middle, double radius_m, std::mt19937_64* random) {
  std::uniform_real_distribution<double> jag(0.8, 1.2);
  const double lat_m = 111'195, lon_m = lat_m * std::cos(middle.lat * std::numbers::pi / 180);
  geo::Ring ring;
  for (int i = 0; i < 60; ++i) {
    const double angle = 2 * std::numbers::pi * i / 60, r = radius_m * jag(*random);
    ring.push_back({middle.lon + r * std::cos(angle) / lon_m, middle.lat + r * std::sin(angle) / lat_m});
  }
  ring.push_back(ring.front());
  geo::Geometry polygon = Require(geo::Geometry::FromPolygons({{ring, {}}}));
  polygon.set_srid(geo::kSridWgs84);
  return Require(polygon.ToEwkb());
}

geo::TurfBoard MakeBoard(const DataSet& set, const Settings& settings) {
  geo::CutOptions options;
  options.threads = settings.threads;
  geo::CutResult cut;
  const double cut_ms = Milliseconds([&] { cut = Require(geo::CutTurf(set.input, options)); });
  std::vector<geo::BoardTurf> turfs;
  for (geo::Turf& turf : cut.turfs) {
    turfs.push_back({.number = static_cast<int>(turfs.size()) + 1, .version = 1, .turf = std::move(turf)});
  }
  const Meter meter;
  std::shared_ptr<const geo::BoardGround> ground = Require(geo::BoardGround::Load(set.input, options));
  geo::TurfBoard board = Require(geo::TurfBoard::Make(std::move(ground), std::move(turfs), {}));
  const Effort effort = meter.Stop();
  std::printf("%zu turfs cut in %.2f s; board made in %.2f s, %.0f MB at most\n", board.numbers().size(), cut_ms / 1e3,
              effort.seconds, effort.peak_mb);
  return board;
}

void Print(const char* name, const Times& times, const std::string& note) {
  const auto& wall = times.milliseconds;
  const auto& cpu = times.cpu_milliseconds;
  std::printf("  %-34s %5zu times: median %8.3f ms, p99 %8.3f ms; processor: median %8.3f ms, p99 %8.3f ms  %s\n", name,
              wall.size(), Times::At(wall, 0.5), Times::At(wall, 0.99), Times::At(cpu, 0.5), Times::At(cpu, 0.99),
              note.c_str());
  std::printf(
      "{\"bench\":\"hand\",\"what\":\"%s\",\"times\":%zu,\"median_ms\":%.4f,\"p99_ms\":%.4f,"
      "\"cpu_median_ms\":%.4f,\"cpu_p99_ms\":%.4f,%s}\n",
      name, wall.size(), Times::At(wall, 0.5), Times::At(wall, 0.99), Times::At(cpu, 0.5), Times::At(cpu, 0.99),
      MachineJson().c_str());
}

void BenchLasso(const geo::TurfBoard& board, const Settings& settings, PostgisLasso* postgis) {
  for (const double radius_m : {100.0, 300.0, 1'000.0, 2'000.0}) {
    std::mt19937_64 random(settings.seed);
    Times ours, theirs;
    int64_t doors = 0, doors_of_theirs = 0;
    for (int i = 0; i < settings.edits; ++i) {
      const auto door = static_cast<int>(random() % static_cast<uint64_t>(board.ground().door_count()));
      const std::string ewkb = DrawLasso(board.ground().position(door), radius_m, &random);
      const geo::Lasso lasso = Require(geo::Lasso::FromEwkb(ewkb, "lasso"));
      geo::Selection selection;
      Clock([&] { selection = board.Select(lasso); }, &ours);
      doors += selection.door_count;
      if (postgis == nullptr) continue;
      const PostgisLasso::Answer answer = Require(postgis->Select(ewkb));
      theirs.milliseconds.push_back(answer.milliseconds);
      doors_of_theirs += answer.doors;
    }
    const std::string name = "lasso of " + std::to_string(static_cast<int>(radius_m)) + " m";
    Print(name.c_str(), ours, "(" + std::to_string(doors / settings.edits) + " doors on average)");
    if (postgis == nullptr) continue;
    Print((name + ", PostGIS").c_str(), theirs,
          doors == doors_of_theirs ? "(the same doors)" : "(OTHER DOORS: " + std::to_string(doors_of_theirs) + ")");
  }
}

// Times of an edit made anew for each try; what can't be planned is passed over.
struct EditCase {
  const char* name;
  std::function<geo::HandEdit(std::mt19937_64*)> make;
};

void BenchEdit(const geo::TurfBoard& board, const EditCase& edit_case, int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  Times times;
  int64_t doors = 0, foreign = 0;
  int connected = 0, turfs = 0;
  for (int i = 0; i < count; ++i) {
    const geo::HandEdit edit = edit_case.make(&random);
    absl::StatusOr<geo::EditPlan> plan = absl::UnknownError("");
    Times time;
    Clock([&] { plan = board.Plan(edit); }, &time);
    if (!plan.ok()) {
      std::printf("  %s refused: %s\n", edit_case.name, base::MessageOf(plan.status()).c_str());
      continue;
    }
    times.milliseconds.push_back(time.milliseconds.front());
    times.cpu_milliseconds.push_back(time.cpu_milliseconds.front());
    for (const geo::TurfEdit& turf : plan->turfs) {
      if (!turf.after.has_value()) continue;
      ++turfs;
      doors += turf.after->metrics.door_count;
      foreign += turf.after->metrics.foreign_doors;
      connected += turf.after->metrics.connected ? 1 : 0;
    }
  }
  const double share = doors == 0 ? 0 : 100.0 * static_cast<double>(foreign) / static_cast<double>(doors);
  char note[200];
  std::snprintf(note, sizeof note, "(%d turfs of %.0f doors, %d connected, foreign %.1f %%)", turfs,
                turfs == 0 ? 0 : static_cast<double>(doors) / turfs, connected, share);
  Print(edit_case.name, times, note);
}

class EditMaker {
 public:
  explicit EditMaker(const geo::TurfBoard& board) : board_(board), numbers_(board.numbers()) {}

  int AnyTurf(std::mt19937_64* random) const { return numbers_[(*random)() % numbers_.size()]; }
  const std::vector<base::DoorId>& DoorsOf(int turf) const { return board_.Find(turf)->turf.doors; }

  // A turf whose doors stand next to the turf's, or the turf itself where it stands alone.
  int Neighbor(int turf) const {
    for (const base::DoorId id : DoorsOf(turf)) {
      const int door = board_.ground().Find(id);
      for (const int near : board_.ground().index().Around(board_.ground().position(door), 60)) {
        if (board_.TurfOf(near) != turf) return board_.TurfOf(near);
      }
    }
    return turf;
  }

  // The last ten doors of a turf's walk go to its neighbour.
  geo::HandEdit Move(std::mt19937_64* random) const {
    const int turf = AnyTurf(random);
    const std::vector<base::DoorId>& doors = DoorsOf(turf);
    const size_t count = std::min<size_t>(10, doors.size());
    const int to = Neighbor(turf);
    return geo::MoveDoors{{doors.end() - static_cast<std::ptrdiff_t>(count), doors.end()}, to == turf ? 0 : to};
  }
  geo::HandEdit Merge(std::mt19937_64* random) const {
    int turf = AnyTurf(random), other = Neighbor(turf);
    while (other == turf) {
      turf = AnyTurf(random);
      other = Neighbor(turf);
    }
    return geo::MergeTurfs{{turf, other}};
  }
  // About `doors` doors around a place, of whatever turfs.
  std::vector<base::DoorId> DoorsAbout(std::mt19937_64* random, size_t doors) const {
    const auto middle = static_cast<int>((*random)() % static_cast<uint64_t>(board_.ground().door_count()));
    std::vector<int> near;
    for (double reach_m = 100; near.size() < doors && reach_m < 100'000; reach_m *= 1.3) {
      near = board_.ground().index().Around(board_.ground().position(middle), reach_m);
    }
    near.resize(std::min(near.size(), doors));
    std::vector<base::DoorId> ids;
    for (const int door : near) ids.push_back(board_.ground().id(door));
    return ids;
  }
  // Whole turfs about a place with about `doors` doors in all.
  std::vector<int> TurfsAbout(std::mt19937_64* random, size_t doors) const {
    std::vector<int> turfs;
    size_t total = 0;
    for (const base::DoorId id : DoorsAbout(random, doors)) {
      const int turf = board_.TurfOf(board_.ground().Find(id));
      if (total >= doors || std::find(turfs.begin(), turfs.end(), turf) != turfs.end()) continue;
      turfs.push_back(turf);
      total += DoorsOf(turf).size();
    }
    return turfs;
  }

 private:
  const geo::TurfBoard& board_;
  const std::vector<int> numbers_;
};

void BenchEdits(geo::TurfBoard* board, const Settings& settings) {
  const EditMaker make(*board);
  const auto split = [&](int parts) {
    return [&make, parts](std::mt19937_64* random) -> geo::HandEdit {
      return geo::SplitTurf{make.AnyTurf(random), parts};
    };
  };
  BenchEdit(*board, {"move 10 doors", [&](auto* random) { return make.Move(random); }}, settings.edits, settings.seed);
  BenchEdit(*board, {"merge 2 turfs", [&](auto* random) { return make.Merge(random); }}, settings.edits, settings.seed);
  BenchEdit(*board, {"split in 2", split(2)}, settings.edits, settings.seed);
  BenchEdit(*board, {"split in 3", split(3)}, settings.edits, settings.seed);
  BenchEdit(*board,
            {"set 5 doors aside",
             [&](std::mt19937_64* random) -> geo::HandEdit {
               const std::vector<base::DoorId>& doors = make.DoorsOf(make.AnyTurf(random));
               const size_t count = std::min<size_t>(5, doors.size());
               return geo::SetAsideDoors{{doors.begin(), doors.begin() + static_cast<std::ptrdiff_t>(count)}, "bench"};
             }},
            settings.edits, settings.seed);
  const size_t many = std::min(5'000, board->ground().door_count() / 2);
  const int few = std::max(2, settings.edits / 20);
  const std::string many_doors = std::to_string(many) + " doors";
  BenchEdit(*board,
            {("move " + many_doors + " to a new turf").c_str(),
             [&](std::mt19937_64* random) -> geo::HandEdit {
               return geo::MoveDoors{make.DoorsAbout(random, many), 0};
             }},
            few, settings.seed);
  BenchEdit(*board,
            {("merge turfs of " + many_doors).c_str(),
             [&](std::mt19937_64* random) -> geo::HandEdit { return geo::MergeTurfs{make.TurfsAbout(random, many)}; }},
            few, settings.seed);
  // One turf of so many doors, split into as many parts as a cut would make of them.
  std::mt19937_64 random(settings.seed);
  const int large = board->last_number() + 1;
  const geo::EditPlan plan = Require(board->Plan(geo::MoveDoors{make.DoorsAbout(&random, many), 0}));
  if (!board->Apply(plan).ok()) return;
  BenchEdit(*board,
            {("split " + many_doors + " into turfs").c_str(),
             [&](auto*) -> geo::HandEdit {
               return geo::SplitTurf{large, std::max(2, static_cast<int>(many) / 45)};
             }},
            few, settings.seed);
}

}  // namespace

int Main(int argc, char** argv) {
  Settings settings;
  if (!ParseSettings(argc, argv, &settings)) return 2;
  std::printf("%s\n", MachineLine().c_str());
  const DataSet set = GeneratedCounty(settings.doors, settings.seed);
  std::printf("generated county, seed %llu: %zu doors\n", static_cast<unsigned long long>(settings.seed),
              set.input.doors.size());
  geo::TurfBoard board = MakeBoard(set, settings);
  std::unique_ptr<PostgisLasso> postgis;
  if (settings.postgis) {
    std::vector<geo::LonLat> places;
    for (const geo::CutDoor& door : set.input.doors) places.push_back(door.position);
    absl::StatusOr<std::unique_ptr<PostgisLasso>> loaded = PostgisLasso::Load(places);
    if (loaded.ok()) {
      postgis = *std::move(loaded);
    } else {
      std::printf("PostGIS left out: %s\n", base::MessageOf(loaded.status()).c_str());
    }
  }
  BenchLasso(board, settings, postgis.get());
  BenchEdits(&board, settings);
  return 0;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
