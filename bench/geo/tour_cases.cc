#include "bench/geo/tour_cases.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <memory>
#include <numeric>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/judge.h"
#include "bench/geo/our_cut.h"
#include "bench/geo/stopwatch.h"
#include "geo/walk/leg_table.h"
#include "geo/walk/walk_problem.h"

namespace snowfield::bench {
namespace {

// splitmix64: the same numbers on every machine.
class Dice {
 public:
  explicit Dice(uint64_t seed) : state_(seed) {}
  double Unit() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return static_cast<double>((z ^ z >> 31) >> 11) * 0x1p-53;
  }

 private:
  uint64_t state_;
};

std::vector<int> NearestNext(const geo::CostTable& costs) {
  geo::WalkProblem problem;
  problem.stops = costs.size();
  problem.costs = costs;
  return problem.Starts(std::vector<geo::NetworkPlace>(costs.size())).front();
}

// As TSPLIB's description rounds it.
int32_t EuclideanCost(const geo::PointM& a, const geo::PointM& b) {
  return static_cast<int32_t>(std::lround(std::hypot(a.x - b.x, a.y - b.y)));
}

double TsplibRadians(double degrees_minutes) {
  constexpr double kTsplibPi = 3.141592;
  const double degrees = std::trunc(degrees_minutes);
  return kTsplibPi * (degrees + 5 * (degrees_minutes - degrees) / 3) / 180;
}

int32_t GeographicCost(const geo::PointM& a, const geo::PointM& b) {
  constexpr double kTsplibRadius = 6378.388;
  const double lat_a = TsplibRadians(a.x), lon_a = TsplibRadians(a.y);
  const double lat_b = TsplibRadians(b.x), lon_b = TsplibRadians(b.y);
  const double q1 = std::cos(lon_a - lon_b), q2 = std::cos(lat_a - lat_b), q3 = std::cos(lat_a + lat_b);
  return static_cast<int32_t>(kTsplibRadius * std::acos(0.5 * ((1 + q1) * q2 - (1 - q1) * q3)) + 1);
}

template <typename Cost>
geo::CostTable TableOf(const std::vector<geo::PointM>& points, const Cost& cost) {
  geo::CostTable table(static_cast<int>(points.size()));
  for (int a = 0; a < table.size(); ++a) {
    for (int b = 0; b < a; ++b) table.Set(a, b, cost(points[a], points[b]));
  }
  return table;
}

absl::StatusOr<std::vector<geo::PointM>> ReadPoints(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " can't be read"));
  std::vector<geo::PointM> points;
  bool listed = false;
  for (std::string line; std::getline(file, line);) {
    if (listed) {
      std::istringstream fields(line);
      int id = 0;
      geo::PointM point;
      if (!(fields >> id >> point.x >> point.y)) break;
      points.push_back(point);
    }
    if (line.find("NODE_COORD_SECTION") != std::string::npos) listed = true;
  }
  return points;
}

}  // namespace

TourSet RandomTours(int count, int nodes, bool clustered, uint64_t seed) {
  constexpr double kSide = 1e6;
  TourSet set{clustered ? "random, clustered" : "random, uniform", nodes, {}};
  Dice dice(seed);
  for (int i = 0; i < count; ++i) {
    std::vector<geo::PointM> points;
    for (int n = 0; n < nodes; ++n) {
      geo::PointM point{dice.Unit() * kSide, dice.Unit() * kSide};
      if (clustered && n >= 8 && n % 8 != 0) {
        const geo::PointM& near = points[static_cast<size_t>(dice.Unit() * n)];
        point = {near.x + (dice.Unit() - 0.5) * kSide / 20, near.y + (dice.Unit() - 0.5) * kSide / 20};
      }
      points.push_back(point);
    }
    TourCase& tour = set.cases.emplace_back();
    tour.name = absl::StrCat(set.name, " ", i);
    tour.costs = TableOf(points, EuclideanCost);
    tour.starts = {NearestNext(tour.costs)};
    tour.places = std::move(points);
  }
  return set;
}

absl::StatusOr<TourSet> TurfWalks(const DataSet& set, int target, int count) {
  geo::CutOptions options;
  options.target_doors = target;
  options.threads = 2;
  SNOWFIELD_ASSIGN_OR_RETURN(const OurCut cut, CutOurs(set, options, false));
  SNOWFIELD_ASSIGN_OR_RETURN(const Judge judge, Judge::Of(set, {target, 2, false, false}));
  const geo::Ground& ground = judge.ground();
  std::map<int, std::vector<int>> turfs;
  for (int stop = 0; stop < static_cast<int>(ground.stops.size()); ++stop) {
    turfs[cut.part[ground.stops[stop].doors.front()]].push_back(stop);
  }
  std::vector<size_t> sizes;
  for (const auto& [turf, stops] : turfs) sizes.push_back(stops.size());
  std::nth_element(sizes.begin(), sizes.begin() + static_cast<std::ptrdiff_t>(sizes.size() / 2), sizes.end());
  const size_t median = sizes[sizes.size() / 2];
  std::erase_if(turfs, [median](const auto& turf) { return turf.second.size() < median; });

  TourSet walks{absl::StrCat("turfs of ", set.name), static_cast<int>(median), {}};
  geo::LegTable legs(ground.network);
  const size_t step = std::max<size_t>(1, turfs.size() / static_cast<size_t>(count));
  size_t index = 0;
  for (const auto& [turf, members] : turfs) {
    if (index++ % step != 0 || walks.cases.size() == static_cast<size_t>(count)) continue;
    std::vector<geo::WalkStop> stops;
    std::vector<geo::NetworkPlace> places;
    for (const int stop : members) {
      stops.push_back(ground.stops[stop].walk);
      places.push_back(stops.back().place);
    }
    TourCase& walk = walks.cases.emplace_back();
    walk.name = absl::StrCat(walks.name, " ", turf);
    const Stopwatch stopwatch;
    legs.Build(stops, 1);
    geo::WalkProblem problem = geo::WalkProblem::Of(legs, static_cast<int>(stops.size()), {});
    walk.starts = problem.Starts(places);
    walk.table_ms = stopwatch.Milliseconds();
    walk.costs = std::move(problem.costs);
    for (const geo::WalkStop& stop : stops) walk.places.push_back(stop.position);
  }
  return walks;
}

absl::StatusOr<std::vector<TourCase>> ReadTsplib(const std::string& folder, int nodes) {
  std::ifstream file(folder + "/optima.csv");
  if (!file) return absl::NotFoundError(absl::StrCat(folder, "/optima.csv can't be read"));
  std::vector<TourCase> tours;
  std::string line;
  std::getline(file, line);  // instance, n, edge_weight_type, opt_length, ...
  while (std::getline(file, line)) {
    const std::vector<std::string> fields = absl::StrSplit(line, ',');
    int size = 0;
    TourCase tour;
    if (fields.size() < 4 || !absl::SimpleAtoi(fields[1], &size) || !absl::SimpleAtoi(fields[3], &tour.optimum)) {
      return absl::InvalidArgumentError(absl::StrCat(folder, "/optima.csv: ", line));
    }
    if (size > nodes || (fields[2] != "EUC_2D" && fields[2] != "GEO")) continue;
    tour.name = fields[0];
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<geo::PointM> points, ReadPoints(folder + "/" + fields[0] + ".tsp"));
    tour.costs = fields[2] == "GEO" ? TableOf(points, GeographicCost) : TableOf(points, EuclideanCost);
    tour.starts = {NearestNext(tour.costs)};
    tours.push_back(std::move(tour));
  }
  std::stable_sort(tours.begin(), tours.end(),
                   [](const TourCase& a, const TourCase& b) { return a.costs.size() < b.costs.size(); });
  return tours;
}

}  // namespace snowfield::bench
