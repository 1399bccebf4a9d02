#include "services/turf/geo_conversion.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/geos/geometry.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

std::string ReasonName(geo::CutReason reason) { return std::string(geo::CutReasonName(reason)); }

geo::BarrierKind BarrierKindNamed(std::string_view kind) {
  if (kind == "water") return geo::BarrierKind::kWater;
  if (kind == "rail") return geo::BarrierKind::kRail;
  if (kind == "motorway") return geo::BarrierKind::kMotorway;
  return geo::BarrierKind::kOther;
}

// Doors of the input that are in no turf, and doors that are in more than one.
void CountDoors(const geo::CutInput& input, const geo::CutResult& result, v1::CutReport& report) {
  absl::flat_hash_map<base::DoorId, int> places;
  for (const geo::Turf& turf : result.turfs) {
    for (const base::DoorId door : turf.doors) ++places[door];
  }
  int lost = 0;
  for (const geo::CutDoor& door : input.doors) lost += places.contains(door.id) ? 0 : 1;
  int doubled = 0;
  for (const auto& [door, count] : places) doubled += count > 1 ? 1 : 0;
  report.set_doors(static_cast<int>(input.doors.size()));
  report.set_doors_lost(lost);
  report.set_doors_doubled(doubled);
}

// Turfs with doors on two sides of a kept boundary's line.
absl::StatusOr<int> CountTurfsOverBoundary(const geo::CutInput& input, const geo::CutResult& result) {
  if (input.kept_boundaries.empty()) return 0;
  std::vector<geo::Geometry> areas;
  for (const geo::CutBoundary& boundary : input.kept_boundaries) {
    SNOWFIELD_ASSIGN_OR_RETURN(geo::Geometry area, geo::Geometry::FromEwkb(boundary.ewkb, "kept_boundaries"));
    areas.push_back(std::move(area));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::AreaIndex index, geo::AreaIndex::Over(areas));
  absl::flat_hash_map<base::DoorId, int> area_of;
  for (const geo::CutDoor& door : input.doors) {
    area_of[door.id] = index.Find({.x = door.position.lon, .y = door.position.lat});
  }
  return static_cast<int>(std::count_if(result.turfs.begin(), result.turfs.end(), [&](const geo::Turf& turf) {
    const int first = area_of[turf.doors.front()];
    return std::any_of(turf.doors.begin(), turf.doors.end(), [&](base::DoorId door) { return area_of[door] != first; });
  }));
}

// In which time the shortest and the longest turf are done.
void AddMinutes(const geo::CutResult& result, v1::CutReport& report) {
  if (result.turfs.empty()) return;
  const auto [shortest, longest] = std::minmax_element(
      result.turfs.begin(), result.turfs.end(),
      [](const geo::Turf& a, const geo::Turf& b) { return a.metrics.estimated_minutes < b.metrics.estimated_minutes; });
  report.set_shortest_turf_minutes(shortest->metrics.estimated_minutes);
  report.set_longest_turf_minutes(longest->metrics.estimated_minutes);
}

}  // namespace

v1::TurfMetrics ToMetrics(const geo::TurfMetrics& metrics) {
  v1::TurfMetrics message;
  message.set_doors(metrics.door_count);
  message.set_address_points(metrics.address_point_count);
  message.set_walk_length_m(metrics.walk_length_m);
  message.set_walk_per_door_m(metrics.walk_m_per_door);
  message.set_street_crossings(metrics.crossing_count);
  message.set_minutes(metrics.estimated_minutes);
  message.set_polsby_popper(metrics.polsby_popper);
  message.set_area_over_hull(metrics.area_over_hull);
  message.set_connected(metrics.connected);
  message.set_in_bounds(metrics.in_bounds);
  message.set_barrier_legs(metrics.barrier_leg_count);
  if (!metrics.in_bounds) {
    message.set_reason(ReasonName(metrics.bounds_reason));
  } else if (!metrics.connected) {
    message.set_reason(ReasonName(geo::CutReason::kInPieces));
  }
  return message;
}

geo::TurfMetrics FromMetrics(const v1::TurfMetrics& message) {
  geo::TurfMetrics metrics;
  metrics.door_count = message.doors();
  metrics.address_point_count = message.address_points();
  metrics.walk_length_m = message.walk_length_m();
  metrics.walk_m_per_door = message.walk_per_door_m();
  metrics.walk_cost_m = message.walk_length_m();
  metrics.crossing_count = message.street_crossings();
  metrics.estimated_minutes = message.minutes();
  metrics.polsby_popper = message.polsby_popper();
  metrics.area_over_hull = message.area_over_hull();
  metrics.connected = message.connected();
  metrics.barrier_leg_count = message.barrier_legs();
  metrics.in_bounds = message.in_bounds();
  for (const geo::CutReason reason :
       {geo::CutReason::kCutOffPiece, geo::CutReason::kBoundaryPiece, geo::CutReason::kUneven}) {
    if (!message.in_bounds() && message.reason() == geo::CutReasonName(reason)) metrics.bounds_reason = reason;
  }
  return metrics;
}

geo::CutDoor ToCutDoor(const db::DoorRow& row) {
  return {.id = row.door,
          .address_point = row.address_point,
          .position = {.lon = row.longitude_deg, .lat = row.latitude_deg},
          .house_number = row.house_number,
          .street = row.street,
          .unit = row.unit,
          .floor = row.floor};
}

geo::CutStreet ToCutStreet(const db::StreetRow& row) {
  return {.name = std::string(row.name),
          .street_class = geo::StreetClassNamed(row.street_class),
          // What passes over or under is joined to the others at its ends only.
          .layer = row.bridge_or_tunnel ? 1 : 0,
          .line = {},
          .ewkb = std::string(row.line_ewkb)};
}

geo::CutBarrier ToCutBarrier(const db::BarrierRow& row) {
  return {.kind = BarrierKindNamed(row.kind), .ewkb = std::string(row.shape_ewkb)};
}

geo::CutBoundary ToCutBoundary(const db::BoundaryRow& row) {
  return {.id = row.boundary, .ewkb = std::string(row.area_ewkb)};
}

absl::StatusOr<std::vector<db::NewTurf>> ToNewTurfs(const geo::CutResult& result, const std::vector<int>& numbers) {
  std::vector<db::NewTurf> turfs;
  turfs.reserve(result.turfs.size());
  for (size_t i = 0; i < result.turfs.size(); ++i) {
    const geo::Turf& turf = result.turfs[i];
    SNOWFIELD_ASSIGN_OR_RETURN(std::string metrics, ToJson(ToMetrics(turf.metrics)));
    turfs.push_back({.number = numbers[i],
                     .region = {},
                     .walk_length_m = turf.metrics.walk_length_m,
                     .area_ewkb = turf.polygon_ewkb,
                     .walk_ewkb = turf.walk_line_ewkb,
                     .metrics_json = std::move(metrics),
                     .doors = turf.doors});
  }
  return turfs;
}

std::vector<db::NewCutProblem> ToNewProblems(const geo::CutResult& result, const std::vector<int>& numbers) {
  std::vector<db::NewCutProblem> problems;
  problems.reserve(result.problems.size());
  for (const geo::CutProblem& problem : result.problems) {
    problems.push_back(
        {.reason = ReasonName(problem.reason), .turf_number = numbers[problem.turf_index], .door = problem.door});
  }
  std::stable_sort(problems.begin(), problems.end(), [](const db::NewCutProblem& a, const db::NewCutProblem& b) {
    return a.turf_number < b.turf_number;
  });
  return problems;
}

absl::StatusOr<v1::CutReport> MakeReport(const geo::CutInput& input, const geo::CutResult& result) {
  const geo::CutTotals& totals = result.totals;
  v1::CutReport report;
  CountDoors(input, result, report);
  report.set_turfs(static_cast<int>(result.turfs.size()));
  report.set_turfs_in_bounds(totals.turfs_in_bounds);
  report.set_turfs_excused(totals.turfs_excused);
  report.set_smallest_turf_doors(totals.doors_min);
  report.set_largest_turf_doors(totals.doors_max);
  report.set_turf_doors_stddev(totals.doors_stddev);
  AddMinutes(result, report);
  report.set_turfs_not_connected(totals.turf_count - totals.turfs_connected);
  report.set_turfs_over_barrier(totals.turfs_with_barrier_leg);
  SNOWFIELD_ASSIGN_OR_RETURN(const int over_boundary, CountTurfsOverBoundary(input, result));
  report.set_turfs_over_boundary(over_boundary);
  report.set_walk_length_m(totals.walk_length_m);
  report.set_walk_per_door_m(totals.walk_m_per_door);
  report.set_walk_cost_per_door_m(totals.walk_cost_m_per_door);
  report.set_street_crossings(totals.crossing_count);
  report.set_polsby_popper_mean(totals.polsby_popper);
  report.set_area_over_hull_mean(totals.area_over_hull);
  report.set_foreign_door_share(totals.foreign_door_share);
  if (!input.previous_turfs.empty()) report.set_doors_kept_share(1 - totals.moved_door_share);
  for (const geo::CutProblem& problem : result.problems) {
    ++(*report.mutable_problem_counts())[ReasonName(problem.reason)];
  }
  return report;
}

}  // namespace snowfield::turf
