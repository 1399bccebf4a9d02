#include "geo/cut/turf_walk.h"

#include "base/status.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {

absl::Status SetWalk(const WalkOrder& walk, const std::vector<WalkStop>& stops, const Frame& frame,
                     const CutOptions& options, Turf* turf) {
  TurfMetrics& metrics = turf->metrics;
  metrics.door_count = static_cast<int>(turf->doors.size());
  metrics.address_point_count = static_cast<int>(stops.size());
  metrics.walk_length_m = walk.length_m;
  metrics.walk_m_per_door = walk.length_m / metrics.door_count;
  metrics.walk_cost_m = walk.cost_m;
  metrics.crossing_count = walk.crossing_count;
  metrics.estimated_minutes =
      (walk.cost_m / options.walk_speed_m_per_s + metrics.door_count * options.seconds_per_door) / 60;
  metrics.barrier_leg_count = walk.barrier_leg_count;
  PointM centre;
  for (const WalkStop& stop : stops) {
    centre.x += stop.position.x / static_cast<double>(stops.size());
    centre.y += stop.position.y / static_cast<double>(stops.size());
  }
  turf->centre = frame.ToLonLat(centre);
  std::vector<LonLat> line;
  line.reserve(walk.path.size() + 1);
  for (const PointM& point : walk.path) line.push_back(frame.ToLonLat(point));
  if (line.size() == 1) line.push_back(line.front());
  SNOWFIELD_ASSIGN_OR_RETURN(turf->walk_line_ewkb, LineToEwkb(line));
  return absl::OkStatus();
}

CutReason ReasonOutOfBounds(bool cell_fits, int boundary) {
  if (cell_fits) return CutReason::kUneven;
  return boundary >= 0 ? CutReason::kBoundaryPiece : CutReason::kCutOffPiece;
}

std::vector<CutReason> ProblemsOf(const Turf& turf) {
  std::vector<CutReason> problems;
  if (!turf.metrics.in_bounds) problems.push_back(turf.metrics.bounds_reason);
  if (!turf.metrics.connected) problems.push_back(CutReason::kInPieces);
  if (turf.metrics.barrier_leg_count > 0) problems.push_back(CutReason::kBarrierLeg);
  return problems;
}

}  // namespace snowfield::geo
