// AsciiTown: a little town drawn in text, with a stated grid in metres, as input of a cut.
//
//   - + |   streets: runs of '-' and '+' in a row are "Row <r> Street", runs of '|', '+' and '#' in a column "Column
//   <c>
//           Avenue"; a run is at least two cells
//   =       as '-', but an arterial
//   o 2..9  a door, or a building with so many units, on the street beside it (above, below, left, right)
//   O       a door with a street name that is not on the map
//   ~ #     a river along the row; '#' is a bridge: a column street over it
// North is up. Door ids count from 1 in reading order. Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "geo/cut/cut_turf.h"

namespace snowfield::testing {

struct AsciiTownOptions {
  double grid_m = 10;
  geo::LonLat origin{11.0, 49.5};  // of the lower left corner
};

geo::CutInput DrawTown(const std::vector<std::string>& rows, const AsciiTownOptions& options = {});

// The place at a column and row counted from the top, in the same grid.
geo::LonLat TownPlace(double column, double row, int row_count, const AsciiTownOptions& options = {});

// A regular town of streets and single doors for property tests: `side` blocks each way of 8 doors a face, doors at
// seeded places along the faces, every tenth a building of up to 12 units.
geo::CutInput SeededTown(int side, uint64_t seed, const AsciiTownOptions& options = {});

}  // namespace snowfield::testing
