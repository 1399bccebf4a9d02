#include "geo/cut/regions.h"

#include <algorithm>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/cut/natural_neighbors.h"
#include "geo/cut/region_splitter.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {
namespace {

constexpr double kFar = std::numeric_limits<double>::infinity();

// Turfs in the plane, with the neighbours of each in order.
struct NeighborMap {
  std::vector<PointM> centres;
  std::vector<std::vector<int>> neighbors;
};

absl::StatusOr<NeighborMap> MakeMap(const RegionInput& input) {
  NeighborMap map;
  if (input.turf_centres.size() > kRegionInputTurfsMax) {
    return base::InvalidField("turf_centres", "TOO_MANY_TURFS", "at most 200,000 turfs at once");
  }
  map.neighbors.resize(input.turf_centres.size());
  if (input.turf_centres.empty()) return map;
  SNOWFIELD_ASSIGN_OR_RETURN(const Frame frame, Frame::AboutAll(input.turf_centres, "turf_centres"));
  for (const LonLat& centre : input.turf_centres) map.centres.push_back(frame.ToMetres(centre));
  const auto count = static_cast<int>(map.centres.size());
  const auto link = [&map](int a, int b) {
    map.neighbors[a].push_back(b);
    map.neighbors[b].push_back(a);
  };
  if (input.neighbors.empty()) {
    for (const auto& [a, b] : NaturalNeighbors(map.centres)) link(a, b);
  }
  for (const TurfPair& pair : input.neighbors) {
    if (pair.a < 0 || pair.b < 0 || pair.a >= count || pair.b >= count || pair.a == pair.b) {
      return base::InvalidField("neighbors", "TURF_OUT_OF_RANGE", "each pair names two turfs of the input");
    }
    link(pair.a, pair.b);
  }
  for (std::vector<int>& list : map.neighbors) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return map;
}

absl::Status CheckLeaders(const std::vector<LeaderPlace>& leaders) {
  for (size_t i = 0; i < leaders.size(); ++i) {
    const std::string field = "leaders[" + std::to_string(i) + "]";
    if (leaders[i].capacity < 0 || leaders[i].capacity > kRegionTurfsMax || leaders[i].current_load < 0) {
      return base::InvalidField(field + ".capacity", "CAPACITY_OUT_OF_RANGE",
                                "capacity must be in [0, 1000] and load not negative");
    }
    if (leaders[i].home) SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(*leaders[i].home, field + ".home"));
  }
  return absl::OkStatus();
}

// One leader's turfs so far.
struct Holding {
  std::optional<PointM> home;
  int room = 0;
  std::vector<int> turfs;
};

// The free turf that suits a leader next: a neighbour of what is held already, nearest to home (or to the first turf);
// else the nearest free one; without home or turfs the one furthest from all that are taken.
int NextTurf(const NeighborMap& map, const Holding& leader, const std::vector<int>& leader_of) {
  const auto count = static_cast<int>(map.centres.size());
  if (!leader.home && leader.turfs.empty()) {
    std::pair<double, int> best{-1, -1};
    for (int turf = 0; turf < count; ++turf) {
      if (leader_of[turf] >= 0) continue;
      double nearest = kFar;
      for (int other = 0; other < count; ++other) {
        if (leader_of[other] >= 0) nearest = std::min(nearest, DistanceM(map.centres[turf], map.centres[other]));
      }
      if (nearest > best.first) best = {nearest, turf};
    }
    return best.second;
  }
  const PointM from = leader.turfs.empty() ? *leader.home : map.centres[leader.turfs.front()];
  std::tuple<int, double, int> best{2, kFar, -1};
  for (int turf = 0; turf < count; ++turf) {
    if (leader_of[turf] >= 0) continue;
    const bool beside = std::any_of(leader.turfs.begin(), leader.turfs.end(), [&](int held) {
      return std::binary_search(map.neighbors[held].begin(), map.neighbors[held].end(), turf);
    });
    best = std::min(best, {beside ? 0 : 1, DistanceM(from, map.centres[turf]), turf});
  }
  return std::get<2>(best);
}

}  // namespace

absl::StatusOr<std::vector<TurfPair>> TurfNeighbors(const std::vector<std::string>& polygon_ewkb) {
  // Polygons of one cut share vertices exactly, so neighbours have an edge in common, to the bit.
  absl::flat_hash_map<std::tuple<double, double, double, double>, int> side;
  std::vector<std::pair<int, int>> pairs;
  for (int turf = 0; turf < static_cast<int>(polygon_ewkb.size()); ++turf) {
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry geometry,
                               Geometry::FromEwkb(polygon_ewkb[turf], "polygon_ewkb[" + std::to_string(turf) + "]"));
    for (const std::vector<XY>& ring : geometry.Lines()) {
      for (size_t i = 0; i + 1 < ring.size(); ++i) {
        const auto& [p, q] = std::minmax(
            ring[i], ring[i + 1], [](const XY& a, const XY& b) { return std::tie(a.x, a.y) < std::tie(b.x, b.y); });
        const auto [at, added] = side.try_emplace({p.x, p.y, q.x, q.y}, turf);
        if (!added && at->second != turf) pairs.emplace_back(std::min(at->second, turf), std::max(at->second, turf));
      }
    }
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  std::vector<TurfPair> neighbors;
  for (const auto& [a, b] : pairs) neighbors.push_back({a, b});
  return neighbors;
}

absl::StatusOr<std::vector<int>> GroupIntoRegions(const RegionInput& input, int turfs_per_region) {
  if (turfs_per_region < 1 || turfs_per_region > kRegionTurfsMax) {
    return base::InvalidField("turfs_per_region", "REGION_SIZE_OUT_OF_RANGE", "turfs_per_region must be in [1, 1000]");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(NeighborMap map, MakeMap(input));
  std::vector<TurfLink> sides;
  for (int a = 0; a < static_cast<int>(map.neighbors.size()); ++a) {
    for (const int b : map.neighbors[a]) {
      if (a < b) sides.push_back({.a = a, .b = b});
    }
  }
  std::vector<TurfLink> links = JoinOverGaps(map.centres, std::move(sides));
  return SplitIntoRegions({.centres = std::move(map.centres), .links = std::move(links)}, turfs_per_region);
}

absl::StatusOr<std::vector<int>> AssignByNearness(const RegionInput& turfs, const std::vector<LeaderPlace>& leaders) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLeaders(leaders));
  SNOWFIELD_ASSIGN_OR_RETURN(const NeighborMap map, MakeMap(turfs));
  std::vector<int> leader_of(map.centres.size(), -1);
  if (map.centres.empty()) return leader_of;
  SNOWFIELD_ASSIGN_OR_RETURN(const Frame frame, Frame::AboutAll(turfs.turf_centres, "turf_centres"));
  std::vector<Holding> holdings(leaders.size());
  for (size_t i = 0; i < leaders.size(); ++i) {
    if (leaders[i].home) holdings[i].home = frame.ToMetres(*leaders[i].home);
    holdings[i].room = std::max(0, leaders[i].capacity - leaders[i].current_load);
  }
  const auto used = [&](int i) {
    return static_cast<double>(holdings[i].turfs.size() + leaders[i].current_load) / std::max(1, leaders[i].capacity);
  };
  size_t free = map.centres.size();
  const auto take = [&](int i) {
    const int turf = NextTurf(map, holdings[i], leader_of);
    leader_of[turf] = i;
    holdings[i].turfs.push_back(turf);
    --free;
  };
  // Whoever lives here starts at home, before others spread out.
  for (int i = 0; i < static_cast<int>(holdings.size()); ++i) {
    if (free > 0 && holdings[i].home && holdings[i].room > 0) take(i);
  }
  while (free > 0) {
    std::pair<double, int> next{kFar, -1};
    for (int i = 0; i < static_cast<int>(holdings.size()); ++i) {
      const bool room = static_cast<int>(holdings[i].turfs.size()) < holdings[i].room;
      if (room) next = std::min(next, {used(i), i});
    }
    if (next.second < 0) break;
    take(next.second);
  }
  return leader_of;
}

}  // namespace snowfield::geo
