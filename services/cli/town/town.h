// A made-up town, "Snowfield Hollow": streets, river, railway, houses and apartment buildings, precincts and wards. It
// is what `snowfield town generate` writes and what tests, demonstrations and benchmarks run on where there is no real
// city.
//
// The same plan gives the same town, byte for byte, on any machine. No name or number in it is a real person's: names
// are the commonest ones put together by chance, telephone numbers are of the range 555-01xx that is kept for fiction.
// Thread safety: a Town is immutable once planned.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/town/grid.h"

namespace snowfield::cli::town {

inline constexpr int64_t kDoorsMin = 50;
inline constexpr int64_t kDoorsMax = 2'000'000;
inline constexpr char kTownName[] = "Snowfield Hollow";
inline constexpr char kPostalCode[] = "50000";

struct TownPlan {
  uint64_t seed = 7;
  int64_t doors = 2400;
};

struct Street {
  std::string name;     // empty for alleys
  std::string highway;  // OpenStreetMap's class
  std::vector<PlanPoint> line;
  bool bridge = false;
};

struct Barrier {
  std::string kind;  // "water", "rail", "motorway"
  std::vector<PlanPoint> points;
  bool area = false;  // points close into a ring
};

struct Boundary {
  std::string kind;  // "precinct", "ward", "town"
  std::string name;
  std::string code;
  std::vector<PlanPoint> ring;  // closed
};

struct Building {
  int32_t street_name = 0;  // index of Town::street_names
  int32_t house_number = 0;
  PlanPoint at;
  int16_t floors = 1;
  int16_t units_per_floor = 1;

  int door_count() const { return floors * units_per_floor; }
  bool is_apartments() const { return door_count() > 1; }
};

struct Town {
  TownPlan plan;
  Grid grid;
  std::vector<std::string> street_names;
  std::vector<Street> streets;
  std::vector<Barrier> barriers;
  std::vector<Boundary> boundaries;
  std::vector<Building> buildings;  // from the centre outwards; their doors add up to plan.doors
};

// INVALID_ARGUMENT DOORS_OUT_OF_RANGE outside kDoorsMin to kDoorsMax.
absl::StatusOr<Town> PlanTown(const TownPlan& plan);

}  // namespace snowfield::cli::town
