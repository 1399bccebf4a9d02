// Real maps for benchmarks: Washington DC, counties of Vermont and Lauf an der Pegnitz, as docs/benchmarks describes
// them. They are not in the repository.
// Errors: NOT_FOUND naming the file.
// Thread safety: not thread safe (GDAL's registration).
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "bench/geo/data_set.h"

namespace snowfield::bench {

inline constexpr const char* kVermontCounties[] = {"addison", "franklin", "grand_isle", "lamoille"};

// The folder named by SNOWFIELD_DATA, or ../shared/data beside the repository; nothing where DC is not there.
std::optional<std::string> DataFolder();

// One door an address, TIGER streets, water and rail; voting precincts as boundaries. Addresses of OpenStreetMap, one a
// house: there are no towers in it.
absl::StatusOr<DataSet> ReadWashington(const std::string& folder);

// E911 points of the county's towns that are homes, a door for each unit, TIGER streets, lake and rivers; towns as
// boundaries.
absl::StatusOr<DataSet> ReadVermontCounty(const std::string& folder, const std::string& county);

// OpenStreetMap: addressed nodes and ways, streets by class and layer, rail and water. A cut extract: ways keep the
// nodes that are there. No boundaries.
absl::StatusOr<DataSet> ReadLauf(const std::string& folder);

}  // namespace snowfield::bench
