#include "geo/cut/report.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <utility>

#include "base/status.h"
#include "geo/cut/bisect.h"
#include "geo/cut/foreign_doors.h"
#include "geo/cut/guide_lines.h"
#include "geo/cut/turf_walk.h"
#include "geo/frame/parallel.h"
#include "geo/geos/geometry.h"
#include "geo/shape/turf_shape.h"

namespace snowfield::geo {
namespace {

class Reporter {
 public:
  Reporter(const CutInput& input, const CutOptions& options, const LoadRule& rule, const Ground& ground,
           const AtomGraph& graph, const std::vector<std::vector<int>>& groups, const ReportControl& control)
      : input_(input),
        options_(options),
        rule_(rule),
        ground_(ground),
        graph_(graph),
        groups_(groups),
        control_(control) {
    result_.turfs.resize(groups.size());
    if (rule.ByMinutes()) {
      result_.min_minutes = static_cast<double>(rule.min) / kUnitsPerMinute;
      result_.max_minutes = static_cast<double>(rule.max) / kUnitsPerMinute;
    } else {
      result_.min_doors = rule.min;
      result_.max_doors = rule.max;
    }
  }

  absl::StatusOr<CutResult> Run() {
    SNOWFIELD_RETURN_IF_ERROR(Walk());
    SNOWFIELD_RETURN_IF_ERROR(Shape());
    JudgeBounds();
    FindForeignDoors();
    ListProblems();
    Sum();
    return std::move(result_);
  }

 private:
  int TurfCount() const { return static_cast<int>(groups_.size()); }

  absl::Status Walk() {
    std::vector<WalkSolver> solvers;
    for (int t = 0; t < options_.threads; ++t) solvers.emplace_back(ground_.network);
    std::vector<absl::Status> statuses(groups_.size());
    // In slices, so that progress can be told from the calling thread.
    constexpr int kSlice = 512;
    for (int begin = 0; begin < TurfCount(); begin += kSlice) {
      const int count = std::min(kSlice, TurfCount() - begin);
      const bool finished = ParallelFor(options_.threads, count, 8, control_.stopped, [&](int thread, int i) {
        statuses[begin + i] = WalkTurf(&solvers[thread], begin + i);
      });
      if (!finished) return absl::CancelledError("cancelled");
      if (control_.progress) control_.progress(CutStage::kOrder, static_cast<double>(begin + count) / TurfCount());
    }
    for (const absl::Status& status : statuses) SNOWFIELD_RETURN_IF_ERROR(status);
    return absl::OkStatus();
  }

  // The doors of each stop that belong to the group: (stop, first door, count), merged and sorted by stop.
  std::vector<AtomStop> StopsOf(int group) const {
    std::vector<AtomStop> stops;
    for (const int atom : groups_[group]) {
      stops.insert(stops.end(), graph_.atoms[atom].stops.begin(), graph_.atoms[atom].stops.end());
    }
    std::sort(stops.begin(), stops.end(), [](const AtomStop& a, const AtomStop& b) {
      return std::pair(a.stop, a.first_door) < std::pair(b.stop, b.first_door);
    });
    return stops;
  }

  absl::Status WalkTurf(WalkSolver* solver, int group) {
    const std::vector<AtomStop> parts = StopsOf(group);
    std::vector<WalkStop> stops;
    std::vector<size_t> part_begin;
    for (size_t i = 0; i < parts.size(); ++i) {
      if (i > 0 && parts[i].stop == parts[i - 1].stop) continue;
      stops.push_back(ground_.stops[parts[i].stop].walk);
      part_begin.push_back(i);
    }
    part_begin.push_back(parts.size());
    WalkOptions walk_options;
    walk_options.seed = options_.seed;
    walk_options.finish = options_.finish;
    const WalkOrder walk = solver->Order(stops, walk_options);
    Turf& turf = result_.turfs[group];
    for (const int stop : walk.order) {
      for (size_t part = part_begin[stop]; part < part_begin[stop + 1]; ++part) {
        const std::vector<int>& doors = ground_.stops[parts[part].stop].doors;
        for (int d = 0; d < parts[part].door_count; ++d) {
          turf.doors.push_back(input_.doors[doors[parts[part].first_door + d]].id);
        }
      }
    }
    turf.metrics.connected = CountPieces(graph_, groups_[group]) == 1;
    const int boundary = graph_.atoms[groups_[group].front()].boundary;
    if (boundary >= 0) turf.boundary = input_.kept_boundaries[boundary].id;
    return SetWalk(walk, stops, ground_.frame, options_, &turf);
  }

  absl::Status Shape() {
    std::vector<ShapeSite> sites;
    for (int group = 0; group < TurfCount(); ++group) {
      for (const AtomStop& part : StopsOf(group)) {
        for (int d = 0; d < part.door_count; ++d) {
          const int door = ground_.stops[part.stop].doors[part.first_door + d];
          sites.push_back({input_.doors[door].position, group});
        }
      }
    }
    ShapeOptions shape_options;
    shape_options.threads = options_.threads;
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<GuideLine> guides,
                               GuideLinesOf(input_, ground_.frame, ground_.network));
    shape_options.guides = guides;
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<TurfShape> shapes,
                               ShapeTurfs(sites, TurfCount(), shape_options, control_.stopped));
    for (int group = 0; group < TurfCount(); ++group) {
      Turf& turf = result_.turfs[group];
      turf.polygon_ewkb = std::move(shapes[group].ewkb);
      turf.metrics.polsby_popper = shapes[group].polsby_popper;
      turf.metrics.area_over_hull = shapes[group].area_over_hull;
      if (!shapes[group].valid) ++result_.totals.polygons_invalid;
    }
    if (control_.progress) control_.progress(CutStage::kShape, 1);
    return absl::OkStatus();
  }

  // A turf out of bounds is excused where its cell cannot make whole turfs in bounds.
  void JudgeBounds() {
    const std::vector<char> cell_fits = FittingCells(graph_, rule_);
    for (int group = 0; group < TurfCount(); ++group) {
      TurfMetrics& metrics = result_.turfs[group].metrics;
      metrics.in_bounds = rule_.Holds(rule_.OfTurf(metrics));
      if (metrics.in_bounds) continue;
      const int atom = groups_[group].front();
      metrics.bounds_reason = ReasonOutOfBounds(cell_fits[graph_.cell[atom]] != 0, graph_.atoms[atom].boundary);
    }
  }

  void FindForeignDoors() {
    std::vector<PlacedDoors> places;
    for (int group = 0; group < TurfCount(); ++group) {
      for (const AtomStop& part : StopsOf(group)) {
        places.push_back({ground_.stops[part.stop].walk.position, part.door_count, group});
      }
    }
    const ForeignDoors foreign = CountForeignDoors(places, TurfCount());
    for (int group = 0; group < TurfCount(); ++group) {
      result_.turfs[group].metrics.foreign_doors = foreign.in_turf[group];
    }
    result_.totals.foreign_door_share = static_cast<double>(foreign.doors) / static_cast<double>(input_.doors.size());
  }

  CutReason DoorReason(const GroundStop& stop, const CutDoor& door) const {
    if (!input_.kept_boundaries.empty() && stop.boundary < 0) return CutReason::kOutsideBoundaries;
    if (input_.streets.empty()) return CutReason::kNone;
    if (stop.walk.place.face < 0) return CutReason::kNoStreet;
    if (stop.walk.place.distance_m > kFarFromStreet_m) return CutReason::kFarFromStreet;
    const bool named = !door.street.empty();
    if (named && stop.walk.place.match != MatchKind::kByName) return CutReason::kStreetNotMatched;
    return stop.number_of_other_side ? CutReason::kNumberOfOtherSide : CutReason::kNone;
  }

  void ListProblems() {
    for (int group = 0; group < TurfCount(); ++group) {
      for (const CutReason reason : ProblemsOf(result_.turfs[group])) {
        result_.problems.push_back({reason, base::DoorId(), group});
      }
      for (const AtomStop& part : StopsOf(group)) {
        const GroundStop& stop = ground_.stops[part.stop];
        for (int d = 0; d < part.door_count; ++d) {
          const CutDoor& door = input_.doors[stop.doors[part.first_door + d]];
          const CutReason reason = DoorReason(stop, door);
          if (reason != CutReason::kNone) result_.problems.push_back({reason, door.id, group});
        }
      }
    }
  }

  void Sum() {
    CutTotals& totals = result_.totals;
    totals.turf_count = TurfCount();
    double squares = 0;
    std::vector<std::vector<base::DoorId>> after;
    for (const Turf& turf : result_.turfs) {
      const TurfMetrics& m = turf.metrics;
      totals.door_count += m.door_count;
      totals.turfs_in_bounds += m.in_bounds ? 1 : 0;
      totals.turfs_excused += !m.in_bounds && m.bounds_reason != CutReason::kUneven ? 1 : 0;
      totals.doors_min = totals.doors_min == 0 ? m.door_count : std::min(totals.doors_min, m.door_count);
      totals.doors_max = std::max(totals.doors_max, m.door_count);
      totals.turfs_connected += m.connected ? 1 : 0;
      totals.turfs_with_barrier_leg += m.barrier_leg_count > 0 ? 1 : 0;
      totals.walk_length_m += m.walk_length_m;
      totals.walk_cost_m_per_door += m.walk_cost_m;
      totals.crossing_count += m.crossing_count;
      totals.polsby_popper += m.polsby_popper / TurfCount();
      totals.area_over_hull += m.area_over_hull / TurfCount();
      squares += static_cast<double>(m.door_count) * m.door_count;
      if (!input_.previous_turfs.empty()) after.push_back(turf.doors);
    }
    totals.walk_m_per_door = totals.walk_length_m / totals.door_count;
    totals.walk_cost_m_per_door /= totals.door_count;
    const double mean = static_cast<double>(totals.door_count) / TurfCount();
    totals.doors_stddev = std::sqrt(std::max(0.0, squares / TurfCount() - mean * mean));
    if (!after.empty()) totals.moved_door_share = MovedDoorShare(input_.previous_turfs, after);
  }

  const CutInput& input_;
  const CutOptions& options_;
  const LoadRule rule_;
  const Ground& ground_;
  const AtomGraph& graph_;
  const std::vector<std::vector<int>>& groups_;
  const ReportControl& control_;
  CutResult result_;
};

}  // namespace

absl::StatusOr<CutResult> ReportCut(const CutInput& input, const CutOptions& options, const LoadRule& rule,
                                    const Ground& ground, const AtomGraph& graph,
                                    const std::vector<std::vector<int>>& groups, const ReportControl& control) {
  return Reporter(input, options, rule, ground, graph, groups, control).Run();
}

}  // namespace snowfield::geo
