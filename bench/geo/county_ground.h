// CountyGround: the lie of the land under a generated county: where towns are, where barriers run, and how the plane is
// bent. Internal to generated_county.
// Thread safety: immutable.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::bench {

inline constexpr double kTile_m = 800;
inline constexpr double kRiverHalf_m = 40;
inline constexpr double kRailHalf_m = 8;
inline constexpr double kMotorwayHalf_m = 20;

enum class GroundKind { kCore, kGrid, kWinding, kRural };
enum class Barrier { kRiver, kRail, kMotorway };

class CountyGround {
 public:
  explicit CountyGround(uint64_t seed);
  // Of the tile [i, i + 1) x [j, j + 1) in units of kTile_m.
  GroundKind KindOf(int i, int j) const;
  uint64_t SeedOf(int i, int j) const;
  // To the middle of the nearest barrier of a kind, about.
  double DistanceTo(Barrier barrier, const geo::PointM& unbent) const;
  // The middles of all barriers of a kind within the square [low, high]^2.
  std::vector<std::vector<geo::PointM>> LinesOf(Barrier barrier, double low, double high) const;
  // Bends the plane, then puts it on the Earth.
  geo::LonLat Place(const geo::PointM& unbent) const;

 private:
  const uint64_t seed_;
  const geo::Frame frame_;
};

}  // namespace snowfield::bench
