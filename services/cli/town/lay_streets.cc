#include <array>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "services/cli/town/layout.h"
#include "services/cli/town/random.h"

namespace snowfield::cli::town {
namespace {

constexpr int64_t kRailStub = 25 * kMetre;
constexpr int64_t kCulDeSacPerMille = 70;
constexpr int kAlleyReach = 4;  // blocks from the centre
constexpr int kStepsPerBlock = 4;

constexpr std::array<const char*, 48> kColumnNames = {
    "Maple",   "Oak",     "Cedar",   "Elm",      "Birch",  "Walnut",   "Willow",  "Chestnut", "Hickory", "Aspen",
    "Juniper", "Linden",  "Poplar",  "Spruce",   "Hazel",  "Laurel",   "Alder",   "Sycamore", "Clover",  "Prairie",
    "Meadow",  "Orchard", "Garden",  "Hillside", "Valley", "Lakeview", "Summit",  "Harvest",  "Mill",    "Bridge",
    "Granary", "Depot",   "College", "Church",   "Market", "Union",    "Liberty", "Franklin", "Madison", "Jackson",
    "Monroe",  "Lincoln", "Grant",   "Harrison", "Taylor", "Wilson",   "Adams",   "Jefferson"};
constexpr std::array<const char*, 8> kColumnTypes = {"Avenue", "Drive", "Road", "Lane",
                                                     "Place",  "Court", "Way",  "Trail"};

std::string Ordinal(int number) {
  const int tens = number % 100;
  const char* ending = "th";
  if (tens < 11 || tens > 13) {
    if (number % 10 == 1) ending = "st";
    if (number % 10 == 2) ending = "nd";
    if (number % 10 == 3) ending = "rd";
  }
  return absl::StrCat(number, ending);
}

bool IsCulDeSac(const Grid& grid, int column, int row) {
  if (grid.IsArterialRow(row) || column == grid.rail_column) return false;
  return Random(grid.seed, {0x5301u, static_cast<uint64_t>(column), static_cast<uint64_t>(row)})
      .PerMille(kCulDeSacPerMille);
}

const char* ClassOf(bool middle, bool arterial) { return middle ? "primary" : arterial ? "secondary" : "residential"; }

// Collects points into one street until it is broken off.
class StreetRun {
 public:
  StreetRun(std::vector<Street>& streets, std::string name, std::string highway)
      : streets_(streets), name_(std::move(name)), highway_(std::move(highway)) {}
  ~StreetRun() { Break(); }
  StreetRun(const StreetRun&) = delete;
  StreetRun& operator=(const StreetRun&) = delete;

  void Go(PlanPoint from, PlanPoint to) { AppendLine(line_, from, to); }
  void Break() {
    if (line_.size() >= 2) streets_.push_back({name_, highway_, std::move(line_), false});
    line_.clear();
  }

 private:
  std::vector<Street>& streets_;
  std::string name_;
  std::string highway_;
  std::vector<PlanPoint> line_;
};

void LayRow(const Grid& grid, int row, std::vector<Street>& streets) {
  StreetRun run(streets, RowName(grid, row), ClassOf(row == grid.middle_row(), grid.IsArterialRow(row)));
  const int64_t v = grid.rows_cm[row];
  for (int column = 0; column + 1 < grid.column_count(); ++column) {
    for (const Stretch& stretch : RowStretches(grid, column, row)) {
      if (!stretch.open_from) run.Break();
      run.Go({stretch.from_cm, v}, {stretch.to_cm, v});
      if (!stretch.open_to) run.Break();
    }
  }
}

void LayColumn(const Grid& grid, int column, std::vector<Street>& streets) {
  const std::string name = ColumnName(grid, column);
  const std::string highway = ClassOf(column == grid.middle_column(), grid.IsArterialColumn(column));
  StreetRun run(streets, name, highway);
  const int64_t u = grid.columns_cm[column];
  for (int row = 0; row + 1 < grid.row_count(); ++row) {
    const PlanPoint from{u, grid.rows_cm[row]};
    const PlanPoint to{u, grid.rows_cm[row + 1]};
    if (!ColumnGoesOn(grid, column, row)) {
      run.Break();
    } else if (grid.IsWideRow(row)) {
      run.Break();
      Street bridge{name, highway, {}, true};
      AppendLine(bridge.line, from, to);
      streets.push_back(std::move(bridge));
    } else {
      run.Go(from, to);
    }
  }
}

void LayAlleys(const Grid& grid, std::vector<Street>& streets) {
  for (int row = 0; row + 1 < grid.row_count(); ++row) {
    StreetRun run(streets, "", "service");
    for (int column = 0; column + 1 < grid.column_count(); ++column) {
      if (!HasAlley(grid, column, row)) {
        run.Break();
        continue;
      }
      const int64_t v = (grid.rows_cm[row] + grid.rows_cm[row + 1]) / 2;
      run.Go({grid.columns_cm[column], v}, {grid.columns_cm[column + 1], v});
    }
  }
}

}  // namespace

void AppendLine(std::vector<PlanPoint>& line, PlanPoint from, PlanPoint to) {
  if (line.empty() || line.back() != from) line.push_back(from);
  for (int step = 1; step <= kStepsPerBlock; ++step) {
    line.push_back({from.u_cm + (to.u_cm - from.u_cm) * step / kStepsPerBlock,
                    from.v_cm + (to.v_cm - from.v_cm) * step / kStepsPerBlock});
  }
}

std::vector<Stretch> RowStretches(const Grid& grid, int column, int row) {
  const int64_t west = grid.columns_cm[column];
  const int64_t east = grid.columns_cm[column + 1];
  if (column == grid.rail_column && !grid.IsRailCrossingRow(row)) {
    return {{west, grid.rail_cm() - kRailStub, true, false}, {grid.rail_cm() + kRailStub, east, false, true}};
  }
  if (IsCulDeSac(grid, column, row)) return {{west, west + (east - west) * 6 / 10, true, false}};
  return {{west, east, true, true}};
}

bool ColumnGoesOn(const Grid& grid, int column, int row) {
  if (row == grid.river_row) return grid.IsBridgeColumn(column);
  if (row == grid.motorway_row) return grid.IsUnderpassColumn(column);
  return true;
}

bool HasAlley(const Grid& grid, int column, int row) {
  return std::abs(column - grid.middle_column()) <= kAlleyReach / 2 &&
         std::abs(row - grid.middle_row()) <= kAlleyReach && column != grid.rail_column && !grid.IsWideRow(row);
}

std::string RowName(const Grid& grid, int row) {
  return row == grid.middle_row() ? "Main Street" : absl::StrCat(Ordinal(row + 1), " Street");
}

std::string ColumnName(const Grid& grid, int column) {
  if (column == grid.middle_column()) return "Central Avenue";
  const auto index = static_cast<size_t>(column);
  const char* name = kColumnNames[index % kColumnNames.size()];
  return absl::StrCat(name, " ", kColumnTypes[index / kColumnNames.size() % kColumnTypes.size()]);
}

std::vector<Street> LayStreets(const Grid& grid) {
  std::vector<Street> streets;
  for (int row = 0; row < grid.row_count(); ++row) LayRow(grid, row, streets);
  for (int column = 0; column < grid.column_count(); ++column) LayColumn(grid, column, streets);
  LayAlleys(grid, streets);
  if (grid.motorway_row >= 0) {
    StreetRun motorway(streets, "Prairie Expressway", "motorway");
    for (int column = 0; column + 1 < grid.column_count(); ++column) {
      motorway.Go({grid.columns_cm[column], grid.motorway_cm()}, {grid.columns_cm[column + 1], grid.motorway_cm()});
    }
  }
  return streets;
}

}  // namespace snowfield::cli::town
