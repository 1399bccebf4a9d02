#include "bench/geo/partition_cases.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numeric>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "geo/frame/random.h"

namespace snowfield::bench {
namespace {

constexpr double kEarthRadius_m = 6'371'000;
constexpr double kRadians = 3.14159265358979323846 / 180;

absl::Status Unreadable(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat(path, " is not what it should be"));
}

// The fields of a CSV file's rows, without its head.
absl::StatusOr<std::vector<std::vector<std::string>>> ReadCsv(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, " can't be read"));
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) rows.push_back(absl::StrSplit(line, ','));
  return rows;
}

// Lines "n 44 m 102 k 2 L 779873 U 787709 ...", "v unit geoid population lon lat district", "e unit unit".
absl::Status ReadUnits(const std::string& path, DistrictCase* districts) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    std::string kind, skipped;
    words >> kind;
    if (kind == "n") {
      words >> skipped >> skipped >> skipped >> skipped >> districts->parts;
      words >> skipped >> districts->population_min >> skipped >> districts->population_max;
    } else if (kind == "v") {
      int unit = 0, population = 0;
      double lon = 0, lat = 0;
      words >> unit >> skipped >> population >> lon >> lat;
      if (unit != static_cast<int>(districts->population.size())) return Unreadable(path);
      districts->population.push_back(population);
      districts->places.push_back(
          {kEarthRadius_m * lon * kRadians * std::cos(lat * kRadians), kEarthRadius_m * lat * kRadians});
    } else if (kind == "e") {
      auto& [a, b] = districts->neighbours.emplace_back();
      words >> a >> b;
    } else {
      continue;
    }
    if (words.fail()) return Unreadable(path);
  }
  return districts->population.empty() ? Unreadable(path) : absl::OkStatus();
}

// TSPLIB's form: keys, then NODE_COORD_SECTION, DEMAND_SECTION, DEPOT_SECTION. The depot is the first node.
absl::Status ReadVehicles(const std::string& path, RoutingCase* routing) {
  std::ifstream file(path);
  std::string line, section;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    int node = 0;
    if (words >> node) {
      geo::PointM at;
      int demand = 0;
      if (section == "NODE_COORD_SECTION") {
        words >> at.x >> at.y;
        if (node > 1) routing->places.push_back(at);
        if (node == 1) routing->depot = at;
      } else if (section == "DEMAND_SECTION") {
        words >> demand;
        if (node > 1) routing->demand.push_back(demand);
      }
      if (words.fail()) return Unreadable(path);
      continue;
    }
    std::istringstream head(line);
    std::string colon;
    head >> section;
    if (section == "CAPACITY") head >> colon >> routing->capacity;
  }
  return routing->places.empty() || routing->places.size() != routing->demand.size() ? Unreadable(path)
                                                                                     : absl::OkStatus();
}

// Lines "Route #1: 31 46 35", whose customers count from 1.
absl::Status ReadRoutes(const std::string& path, RoutingCase* routing) {
  std::ifstream file(path);
  std::string line;
  while (std::getline(file, line)) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    std::vector<int>& route = routing->best_routes.emplace_back();
    std::istringstream words(line.substr(colon + 1));
    for (int customer = 0; words >> customer;) {
      if (customer < 1 || customer > static_cast<int>(routing->places.size())) return Unreadable(path);
      route.push_back(customer - 1);
    }
  }
  return routing->best_routes.empty() ? Unreadable(path) : absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::vector<DistrictCase>> ReadDistricting(const std::string& folder) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto rows, ReadCsv(folder + "/optima.csv"));
  std::vector<DistrictCase> cases;
  for (const std::vector<std::string>& row : rows) {
    DistrictCase& one = cases.emplace_back();
    // instance, n, m, k, L, U, optimum, ...
    if (row.size() < 7 || !absl::SimpleAtoi(row[6], &one.optimum)) return Unreadable(folder + "/optima.csv");
    one.name = row[0];
    SNOWFIELD_RETURN_IF_ERROR(ReadUnits(absl::StrCat(folder, "/", one.name, ".txt"), &one));
  }
  std::stable_sort(cases.begin(), cases.end(), [](const DistrictCase& a, const DistrictCase& b) {
    return a.population.size() < b.population.size();
  });
  return cases;
}

absl::StatusOr<std::vector<RoutingCase>> ReadRouting(const std::string& folder, int places) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto rows, ReadCsv(folder + "/best_known.csv"));
  std::vector<RoutingCase> cases;
  for (const std::vector<std::string>& row : rows) {
    RoutingCase one;
    if (row.size() < 2 || !absl::SimpleAtoi(row[1], &one.best_cost)) return Unreadable(folder + "/best_known.csv");
    one.name = row[0];
    SNOWFIELD_RETURN_IF_ERROR(ReadVehicles(absl::StrCat(folder, "/", one.name, ".vrp"), &one));
    SNOWFIELD_RETURN_IF_ERROR(ReadRoutes(absl::StrCat(folder, "/", one.name, ".sol"), &one));
    if (static_cast<int>(one.places.size()) <= places) cases.push_back(std::move(one));
  }
  std::stable_sort(cases.begin(), cases.end(),
                   [](const RoutingCase& a, const RoutingCase& b) { return a.places.size() < b.places.size(); });
  return cases;
}

DistrictCase GridDistricts(int side, int parts, uint64_t seed) {
  geo::Random random(seed, 0, 0);
  DistrictCase grid;
  grid.name = absl::StrCat("grid-", side);
  grid.parts = parts;
  for (int unit = 0; unit < side * side; ++unit) {
    const int x = unit % side, y = unit / side;
    grid.population.push_back(500 + static_cast<int>(random.Below(1'000)));
    grid.places.push_back({1'000.0 * x, 1'000.0 * y});
    if (x + 1 < side) grid.neighbours.emplace_back(unit, unit + 1);
    if (y + 1 < side) grid.neighbours.emplace_back(unit, unit + side);
  }
  const int all = std::accumulate(grid.population.begin(), grid.population.end(), 0);
  grid.population_min = static_cast<int>(0.97 * all / parts);
  grid.population_max = static_cast<int>(1.03 * all / parts);
  return grid;
}

RoutingCase RandomRouting(int places, int capacity, uint64_t seed) {
  geo::Random random(seed, 1, 0);
  RoutingCase routing;
  routing.name = absl::StrCat("random-", places);
  routing.capacity = capacity;
  routing.depot = {500, 500};
  for (int i = 0; i < places; ++i) {
    routing.places.push_back({static_cast<double>(random.Below(1'000)), static_cast<double>(random.Below(1'000))});
    routing.demand.push_back(1 + static_cast<int>(random.Below(20)));
  }
  return routing;
}

}  // namespace snowfield::bench
