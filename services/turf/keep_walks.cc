#include "services/turf/keep_walks.h"

namespace snowfield::turf {
namespace {

bool InMinuteBounds(double minutes, const geo::CutOptions& options) {
  return minutes >= options.min_minutes && minutes <= options.max_minutes;
}

// The old walk is as good as the new one, and nothing that is said of the turf changes with it.
bool MayKeep(const geo::TurfMetrics& before, const geo::TurfMetrics& now, const geo::CutOptions& options) {
  if (before.walk_length_m * (1 - kWalkGainMin) > now.walk_length_m) return false;
  if (before.barrier_leg_count != now.barrier_leg_count) return false;
  return options.target_minutes <= 0 ||
         InMinuteBounds(before.estimated_minutes, options) == InMinuteBounds(now.estimated_minutes, options);
}

// What is walked in the time that the doors leave.
double WalkCost(const geo::TurfMetrics& metrics, const geo::CutOptions& options) {
  return (60 * metrics.estimated_minutes - metrics.door_count * options.seconds_per_door) * options.walk_speed_m_per_s;
}

}  // namespace

void KeepWalks(const std::vector<PreviousWalk>& previous, const geo::TurfMatch& match, const geo::CutOptions& options,
               geo::CutResult& result) {
  geo::CutTotals& totals = result.totals;
  for (size_t i = 0; i < result.turfs.size(); ++i) {
    geo::Turf& turf = result.turfs[i];
    if (!match.turfs[i].SameDoors()) continue;
    const PreviousWalk& before = previous[match.turfs[i].predecessor];
    geo::TurfMetrics& now = turf.metrics;
    if (before.doors == turf.doors || !MayKeep(before.metrics, now, options)) continue;
    const double cost = WalkCost(before.metrics, options);
    totals.walk_length_m += before.metrics.walk_length_m - now.walk_length_m;
    totals.walk_cost_m_per_door += (cost - now.walk_cost_m) / totals.door_count;
    totals.crossing_count += before.metrics.crossing_count - now.crossing_count;
    turf.doors = before.doors;
    turf.walk_line_ewkb = before.walk_ewkb;
    now.walk_length_m = before.metrics.walk_length_m;
    now.walk_m_per_door = now.walk_length_m / now.door_count;
    now.walk_cost_m = cost;
    now.crossing_count = before.metrics.crossing_count;
    now.estimated_minutes = before.metrics.estimated_minutes;
  }
  if (totals.door_count > 0) totals.walk_m_per_door = totals.walk_length_m / totals.door_count;
}

}  // namespace snowfield::turf
