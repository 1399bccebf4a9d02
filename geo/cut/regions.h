// Regions: the adjacent turfs of one leader; and which leader stands nearest to which turfs.
// Thread safety: pure. Same input, same answer.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/frame/frame.h"

namespace snowfield::geo {

inline constexpr int kRegionTurfsDefault = 8;
inline constexpr int kRegionTurfsMax = 1'000;
inline constexpr int kRegionInputTurfsMax = 200'000;

// Which turfs touch. Turf indices; each pair once, either way round.
struct TurfPair {
  int a = 0;
  int b = 0;
};

struct RegionInput {
  std::vector<LonLat> turf_centres;
  // From TurfNeighbors(); empty: the nearest by centre are taken as neighbours.
  std::vector<TurfPair> neighbors;
};

// Turfs whose polygons (EWKB, as CutTurf gives them) share more than a point. INVALID_ARGUMENT GEOMETRY_UNREADABLE.
absl::StatusOr<std::vector<TurfPair>> TurfNeighbors(const std::vector<std::string>& polygon_ewkb);

// Region index per turf, counted from 0; each region has at most `turfs_per_region` turfs and hangs together by the
// neighbours (over water or a park where nothing else is near: the shortest way joins parts of the map that share no
// side). Hierarchical: neighbouring indices are near one another. About as few regions as fit, as even as that allows.
// INVALID_ARGUMENT turfs_per_region: REGION_SIZE_OUT_OF_RANGE; turf_centres[i]: COORDINATE_OUT_OF_RANGE.
absl::StatusOr<std::vector<int>> GroupIntoRegions(const RegionInput& input, int turfs_per_region = kRegionTurfsDefault);

struct LeaderPlace {
  std::optional<LonLat> home;
  int capacity = kRegionTurfsDefault;  // turfs in all
  int current_load = 0;                // turfs held already
};

// Leader index per turf, or -1 where no leader has room. Each leader's new turfs grow from one seed through neighbours
// (nearest to home, or spread where no home is known), so that they stay adjacent where the map allows; the leader
// with the smallest share of its room used chooses next.
// INVALID_ARGUMENT leaders[i].capacity: CAPACITY_OUT_OF_RANGE; positions: COORDINATE_OUT_OF_RANGE.
absl::StatusOr<std::vector<int>> AssignByNearness(const RegionInput& turfs, const std::vector<LeaderPlace>& leaders);

}  // namespace snowfield::geo
