// The parts of a town, each laid on the grid. Private to PlanTown. Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/cli/town/town.h"

namespace snowfield::cli::town {

// A stretch of one street between two avenues (or of one avenue between two streets) that is really there.
struct Stretch {
  int64_t from_cm = 0;
  int64_t to_cm = 0;
  bool open_from = false;  // meets a crossing street there; else it is a dead end
  bool open_to = false;
};

// Street `row` between columns `column` and `column + 1`: one stretch, a cul-de-sac, or two stubs at the railway.
std::vector<Stretch> RowStretches(const Grid& grid, int column, int row);
// Whether avenue `column` goes on from `row` to `row + 1`.
bool ColumnGoesOn(const Grid& grid, int column, int row);
// Whether the block west-south-bounded by (column, row) has an alley in its middle.
bool HasAlley(const Grid& grid, int column, int row);

std::string RowName(const Grid& grid, int row);
std::string ColumnName(const Grid& grid, int column);

// The points of a straight plan line of one block with three between, so that it can bend.
void AppendLine(std::vector<PlanPoint>& line, PlanPoint from, PlanPoint to);

std::vector<Street> LayStreets(const Grid& grid);
std::vector<Barrier> LayBarriers(const Grid& grid);
std::vector<Boundary> LayBoundaries(const Grid& grid, int64_t doors);
// At most `doors` doors, from the centre outwards; fewer when the grid is full. Street name indexes: rows first, then
// columns.
std::vector<Building> LayBuildings(const Grid& grid, int64_t doors);

}  // namespace snowfield::cli::town
