// Writes a planned town as files that the import verbs read: addresses.csv, streets.geojson, barriers.geojson,
// boundaries.geojson, voters.tsv (North Carolina's layout of 2022), README.txt, and on demand town.osm.
// Thread safety: one call for one folder. Memory: a buffer; people are made as they are written.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "services/cli/town/people.h"
#include "services/cli/town/town.h"

namespace snowfield::cli::town {

struct TownCounts {
  int64_t doors = 0;
  int64_t addresses = 0;  // house numbers; an apartment building is one
  int64_t streets = 0;    // lines
  int64_t boundaries = 0;
  int64_t people = 0;        // rows of voters.tsv
  int64_t removed = 0;       // of these: status R
  int64_t confidential = 0;  // of these, not removed: withheld by law
  int64_t without_door = 0;  // of the rest: address not on the map, on purpose
};

// Makes the folder where it is missing, and overwrites. FAILED_PRECONDITION FILE_NOT_WRITTEN with the mend.
absl::StatusOr<TownCounts> WriteTown(const Town& town, const std::string& folder, bool with_osm);

// town.osm: streets that share nodes where they meet, houses as nodes, apartment buildings as small closed ways with
// building:flats, river and railway, boundaries as relations.
absl::Status WriteOsm(const Town& town, const std::string& path);

// "201" of the second floor's first door. Units are numbered floor * 100 + place, floors from 1.
std::string UnitOf(const Building& building, int unit);
// The storey of a unit, ground = 0.
int FloorOf(const Building& building, int unit);

// Degrees with seven digits: "-93.9999999".
std::string Degrees(int64_t degrees_e7);

}  // namespace snowfield::cli::town
