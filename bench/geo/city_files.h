// City files for benchmarks: reads Washington DC from SNOWFIELD_DATA with GDAL. Benchmarks only: a server never parses
// foreign files.
// Thread safety: not thread safe (GDAL registration).
#pragma once

#include <optional>
#include <string>

#include "geo/cut/cut_turf.h"

namespace snowfield::bench {

// The folder named by SNOWFIELD_DATA, or ../shared/data beside the repository; nothing where DC is not there.
std::optional<std::string> DataFolder();

// Doors, TIGER streets, water and rail barriers; precincts as kept boundaries where asked for.
geo::CutInput ReadWashington(const std::string& folder, bool keep_precincts);

// A town of streets on a grid, `side` blocks each way, with an arterial each fifth street, a river with two bridges and
// towers here and there. Deterministic.
geo::CutInput GridTown(int side);

}  // namespace snowfield::bench
