// Partition instances of the literature, with their best known answers, and small generated ones of the same kinds.
// Thread safety: plain data; functions belong to one thread.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/frame/frame.h"

namespace snowfield::bench {

// A map of units (counties, tracts) to be parted into `parts` connected districts of even population, by as few
// neighbours parted as can be (Validi and Buchanan 2022).
struct DistrictCase {
  std::string name;
  int parts = 0;
  int population_min = 0;  // of a district
  int population_max = 0;
  int optimum = 0;  // pairs of neighbours parted, proven; 0: not known
  std::vector<int> population;
  std::vector<geo::PointM> places;
  std::vector<std::pair<int, int>> neighbours;
};

// Customers to be visited from a depot by vehicles that hold `capacity` (Uchoa and others 2017).
struct RoutingCase {
  std::string name;
  int capacity = 0;
  geo::PointM depot;
  std::vector<geo::PointM> places;  // without the depot
  std::vector<int> demand;
  std::vector<std::vector<int>> best_routes;  // of places; none: not known
  int64_t best_cost = 0;
};

// Smallest first. NOT_FOUND where the folder has no optima.csv; INVALID_ARGUMENT naming what can't be read.
absl::StatusOr<std::vector<DistrictCase>> ReadDistricting(const std::string& folder);
// As above, by best_known.csv; at most `places` places.
absl::StatusOr<std::vector<RoutingCase>> ReadRouting(const std::string& folder, int places);

// `side` x `side` units of uneven population in a grid.
DistrictCase GridDistricts(int side, int parts, uint64_t seed);
RoutingCase RandomRouting(int places, int capacity, uint64_t seed);

}  // namespace snowfield::bench
