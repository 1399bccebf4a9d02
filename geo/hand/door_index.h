// DoorIndex: many doors in a sparse grid, and which of them a lasso holds.
//
// Plane degrees, longitudes unwrapped about one place: straight edges are straight in degrees, as PostGIS's geometry
// has it. Cells that no edge of the lasso meets are taken or left whole; in the others each door is looked at, by the
// edges of its row of cells only (scan conversion: Foley et al. 1990, 3.6; even-odd rule, half open: of two lassos that
// share an edge exactly one holds a door on it).
// Time grows with the doors taken and the cells along the lasso's edge, not with the doors loaded.
// Thread safety: immutable once built; safe from several threads.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/frame/frame.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {

// Points of one lasso, its holes and parts counted in.
inline constexpr size_t kLassoPointsMax = 10'000;

// An area drawn by hand.
class Lasso {
 public:
  // A Polygon or MultiPolygon of WGS 84 degrees; over the antimeridian it is in parts (RFC 7946, 3.1.9).
  // INVALID_ARGUMENT naming `field`: GEOMETRY_UNREADABLE, GEOMETRY_WRONG_KIND, GEOMETRY_MISSING (an empty one),
  // GEOMETRY_TOO_LARGE, COORDINATE_OUT_OF_RANGE, GEOMETRY_INVALID (it crosses itself, ...).
  static absl::StatusOr<Lasso> FromEwkb(std::string_view ewkb, std::string_view field);

  // Polygons known to be valid.
  static Lasso Of(std::vector<PolygonRings> polygons);

  const std::vector<PolygonRings>& polygons() const { return polygons_; }

 private:
  std::vector<PolygonRings> polygons_;
};

class DoorIndex {
 public:
  // Doors are named by their place in `places`; `about` says where longitudes are unwrapped.
  DoorIndex(const std::vector<LonLat>& places, const Frame& about);

  // The doors in the lasso, ascending.
  std::vector<int> Within(const Lasso& lasso) const;
  // The doors in the box about a place that reaches `reach_m` each way, ascending.
  std::vector<int> Around(const LonLat& place, double reach_m) const;

 private:
  struct Scan;
  int64_t RowOf(double y) const;
  int64_t ColumnOf(double x) const;
  // The cells of a row with columns in [first, last], as places in columns_.
  std::pair<size_t, size_t> CellsOf(int64_t row, int64_t first, int64_t last) const;
  template <typename Inside>
  void Collect(size_t cell, const Inside& inside, std::vector<int>* doors) const;

  Frame frame_;
  double cell_x_;  // degrees
  double cell_y_;
  int64_t first_row_ = 0;
  std::vector<size_t> row_start_;  // places in columns_, one more than rows
  std::vector<int64_t> columns_;   // of the cells that hold doors, ascending in each row
  std::vector<size_t> cell_start_;
  std::vector<XY> points_;  // cell by cell
  std::vector<int> doors_;  // beside points_
};

}  // namespace snowfield::geo
