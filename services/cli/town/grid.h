// Grid: the ground of the town. Streets lie on a plain rectangular plan in centimetres, and a smooth warp bends the
// plan onto the Earth, so that streets curve and blocks are skewed while neighbours still meet exactly.
//
// All arithmetic is on integers: the same seed gives the same bytes on any machine and compiler.
// Thread safety: immutable once made.
#pragma once

#include <cstdint>
#include <vector>

namespace snowfield::cli::town {

struct PlanPoint {
  int64_t u_cm = 0;  // eastwards
  int64_t v_cm = 0;  // northwards
  friend auto operator<=>(const PlanPoint&, const PlanPoint&) = default;
};

// Degrees times 10^7, WGS 84.
struct Position {
  int64_t longitude_e7 = 0;
  int64_t latitude_e7 = 0;
};

inline constexpr int64_t kMetre = 100;  // centimetres
inline constexpr int64_t kColumnGap = 200 * kMetre;
inline constexpr int64_t kRowGap = 100 * kMetre;
inline constexpr int64_t kWideRowGap = 180 * kMetre;  // with the river or the motorway in it
inline constexpr int64_t kMargin = 60 * kMetre;       // town land outside its outermost streets
inline constexpr int kDoorsForMotorway = 20000;

struct Grid {
  uint64_t seed = 0;
  std::vector<int64_t> columns_cm;  // u of the avenues, west to east
  std::vector<int64_t> rows_cm;     // v of the streets, south to north
  int river_row = 0;                // the river flows between rows river_row and river_row + 1
  int rail_column = 0;              // the railway runs between columns rail_column and rail_column + 1
  int motorway_row = -1;            // the motorway runs between rows motorway_row and motorway_row + 1; -1: none
  int bridge_every = 1;             // columns apart, see IsBridgeColumn

  int column_count() const { return static_cast<int>(columns_cm.size()); }
  int row_count() const { return static_cast<int>(rows_cm.size()); }
  int middle_column() const { return column_count() / 2; }
  int middle_row() const { return row_count() / 2; }
  int64_t rail_cm() const { return columns_cm[rail_column] + kColumnGap / 2; }
  int64_t river_cm() const { return rows_cm[river_row] + kWideRowGap / 2; }
  int64_t motorway_cm() const { return rows_cm[motorway_row] + kWideRowGap / 2; }

  bool IsWideRow(int row) const { return row == river_row || row == motorway_row; }
  bool IsArterialColumn(int column) const { return (column - middle_column()) % 5 == 0; }
  bool IsArterialRow(int row) const { return (row - middle_row()) % 6 == 0; }
  // Which avenues cross the river: two in a small town.
  bool IsBridgeColumn(int column) const;
  // Which streets cross the railway.
  bool IsRailCrossingRow(int row) const { return IsArterialRow(row) || row % 3 == 1; }
  // Which avenues pass under the motorway.
  bool IsUnderpassColumn(int column) const { return column % 3 == 1; }

  Position At(PlanPoint point) const;
};

// A grid with `columns` avenues and twice as many streets.
Grid MakeGrid(uint64_t seed, int columns, bool with_motorway);

}  // namespace snowfield::cli::town
