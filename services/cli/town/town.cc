#include "services/cli/town/town.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/town/layout.h"

namespace snowfield::cli::town {
namespace {

constexpr int kColumnsMin = 4;
// What a block of a street bears on average, a little high so that the first try is seldom too large.
constexpr int64_t kDoorsPerBlock = 26;

int64_t CountDoors(const std::vector<Building>& buildings) {
  int64_t doors = 0;
  for (const Building& building : buildings) doors += building.door_count();
  return doors;
}

int FirstColumnCount(int64_t doors) {
  int columns = kColumnsMin;
  while (int64_t{2} * columns * columns * kDoorsPerBlock < doors) ++columns;
  return columns;
}

}  // namespace

absl::StatusOr<Town> PlanTown(const TownPlan& plan) {
  if (plan.doors < kDoorsMin || plan.doors > kDoorsMax) {
    return base::InvalidField("doors", "DOORS_OUT_OF_RANGE",
                              absl::StrCat("--doors must be ", kDoorsMin, " to ", kDoorsMax));
  }
  Town town;
  town.plan = plan;
  for (int columns = FirstColumnCount(plan.doors);; columns += std::max(1, columns / 30)) {
    town.grid = MakeGrid(plan.seed, columns, plan.doors >= kDoorsForMotorway);
    town.buildings = LayBuildings(town.grid, plan.doors);
    if (CountDoors(town.buildings) == plan.doors) break;
  }
  for (int row = 0; row < town.grid.row_count(); ++row) town.street_names.push_back(RowName(town.grid, row));
  for (int column = 0; column < town.grid.column_count(); ++column) {
    town.street_names.push_back(ColumnName(town.grid, column));
  }
  town.streets = LayStreets(town.grid);
  town.barriers = LayBarriers(town.grid);
  town.boundaries = LayBoundaries(town.grid, plan.doors);
  return town;
}

}  // namespace snowfield::cli::town
