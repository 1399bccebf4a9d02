// Sheet: a cut in the plane, ready to be drawn: whole units of a decimetre, x to the right, y downwards from the top
// left corner of the ground.
//
// Turfs come from one partition and share their vertices, so neighbours and the outlines of regions are found by the
// edges that they have in common. Thread safety: plain values; pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/map/turf_map.h"

namespace snowfield::cli {

inline constexpr double kSheetUnitsPerM = 10;

struct SheetPoint {
  int32_t x = 0;
  int32_t y = 0;
  friend auto operator<=>(const SheetPoint&, const SheetPoint&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const SheetPoint& point) {
    return H::combine(std::move(state), point.x, point.y);
  }
};
using SheetLine = std::vector<SheetPoint>;

struct SheetDoors {
  SheetPoint place;
  int doors = 0;             // at this place
  std::string house_number;  // of the first of them
};

struct SheetTurf {
  std::vector<SheetLine> rings;  // of all its polygons, closed
  SheetLine walk;
  std::vector<SheetDoors> places;  // in walking order
  SheetPoint low, high;            // its box
  SheetPoint label;                // where its number stands: the place nearest to the middle
  int hue = 0;                     // index of a family of colours; regions side by side differ
  int shade = 0;                   // within the family; turfs of a region side by side differ
  std::string fill;                // "#a1b2c3": SheetColor(), or of a map of coverage CoverageColor()
};

// Families and shades that the colouring uses at most.
inline constexpr int kSheetHues = 8;
inline constexpr int kSheetShades = 6;
// "#a1b2c3" of a family and shade.
std::string SheetColor(int hue, int shade);
// From pale to strong green.
std::string CoverageColor(double share);

struct Sheet {
  int32_t width = 0;
  int32_t height = 0;
  std::vector<SheetTurf> turfs;     // as the map's
  std::vector<SheetLine> outlines;  // of the regions; open or closed lines
};

// INVALID_ARGUMENT where there are no turfs, or they spread over more than one ground (geo::Frame).
absl::StatusOr<Sheet> LayOut(const TurfMap& map);

// Lines as an SVG path in relative steps, closed where `close`.
std::string PathOf(const SheetLine& line, bool close);

}  // namespace snowfield::cli
