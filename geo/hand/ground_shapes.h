// ShareGround: the polygons of turfs after an edit by hand. Internal to geo/hand.
//
// The edited turfs share the ground that they had, and no other: what ShapeTurfs draws for their doors is cut to the
// union of their old polygons. So no polygon of a turf that was not edited changes, and none overlaps; doors set aside
// keep their own ground out. Only doors put back bring new ground: what lies about them and is nobody's.
// Where a new line ends on the edge of a neighbour, the neighbour gets no vertex there: the two edges may part by what
// rounding does (less than a millimetre).
// Thread safety: pure.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/hand/board_ground.h"

namespace snowfield::geo {

// Beyond what ShapeTurfs gives where nothing else is, so that old ground is given out whole.
inline constexpr double kGroundReach_m = 100;
// Parts and holes of a polygon that are smaller than this are what rounding left.
inline constexpr double kSliver_m2 = 0.001;
// A door whose turf has no ground near it, because too many share its place, has so much about itself.
inline constexpr double kFoothold_m = 0.005;

struct GroundInput {
  std::vector<std::vector<int>> turfs;      // doors of each edited turf that is to be drawn; none empty
  std::vector<std::string> old_polygons;    // of the edited turfs
  std::vector<int> aside;                   // doors among them that are set aside
  std::vector<int> put_back;                // doors that bring ground of their own
  std::vector<int> shared;                  // doors that stand where doors of other turfs do, ascending
  std::vector<int> strangers;               // doors of others near those put back
  std::vector<std::string> other_polygons;  // of others near those put back
};

struct GroundShape {
  std::string ewkb;  // Polygon or MultiPolygon, SRID 4326, valid
  double polsby_popper = 0;
  double area_over_hull = 0;
};

// One for each of `turfs`. INTERNAL where GEOS fails.
absl::StatusOr<std::vector<GroundShape>> ShareGround(const BoardGround& board, const GroundInput& input);

}  // namespace snowfield::geo
