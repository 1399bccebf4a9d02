#include "geo/hand/turf_walker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/status.h"
#include "geo/cut/turf_walk.h"
#include "geo/geos/geometry.h"
#include "geo/hand/split_doors.h"

namespace snowfield::geo {
namespace {

constexpr int kPartStops = 100;

WalkOptions OptionsOf(const CutOptions& options) {
  WalkOptions walk;
  walk.seed = options.seed;
  walk.finish = options.finish;
  return walk;
}

std::vector<int> DistinctStops(const BoardGround& board, const std::vector<int>& doors) {
  std::vector<int> stops;
  stops.reserve(doors.size());
  for (const int door : doors) stops.push_back(board.stop(door));
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

std::vector<WalkStop> PlacesOf(const BoardGround& board, const std::vector<int>& stops) {
  std::vector<WalkStop> places;
  places.reserve(stops.size());
  for (const int stop : stops) places.push_back(board.ground().stops[stop].walk);
  return places;
}

// The boundary that all doors are in, or -1.
int CommonBoundary(const BoardGround& board, const std::vector<int>& stops) {
  const int boundary = board.ground().stops[stops.front()].boundary;
  const bool common = std::all_of(stops.begin(), stops.end(),
                                  [&](int stop) { return board.ground().stops[stop].boundary == boundary; });
  return common ? boundary : -1;
}

}  // namespace

TurfWalker::TurfWalker(const BoardGround& board) : board_(board), solver_(board.ground().network) {}

absl::StatusOr<Turf> TurfWalker::Walk(const std::vector<int>& doors) {
  const std::vector<int> stops = DistinctStops(board_, doors);
  const WalkOrder walk = static_cast<int>(stops.size()) > kWalkWholeStopsMax
                             ? OrderInParts(stops, doors)
                             : solver_.Order(PlacesOf(board_, stops), OptionsOf(board_.options()));
  std::vector<std::vector<int>> doors_of(stops.size());
  for (const int door : doors) {
    doors_of[std::lower_bound(stops.begin(), stops.end(), board_.stop(door)) - stops.begin()].push_back(door);
  }
  Turf turf;
  for (const int stop : walk.order) {
    std::sort(doors_of[stop].begin(), doors_of[stop].end(),
              [&](int a, int b) { return board_.rank(a) < board_.rank(b); });
    for (const int door : doors_of[stop]) turf.doors.push_back(board_.id(door));
  }
  SNOWFIELD_RETURN_IF_ERROR(SetWalk(walk, PlacesOf(board_, stops), board_.ground().frame, board_.options(), &turf));
  Judge(stops, doors, &turf);
  return turf;
}

WalkOrder TurfWalker::OrderInParts(const std::vector<int>& stops, const std::vector<int>& doors) {
  // One door for each stop: parts are of stops.
  std::vector<int> heads;
  for (const int door : doors) heads.push_back(door);
  std::sort(heads.begin(), heads.end(),
            [&](int a, int b) { return std::pair(board_.stop(a), a) < std::pair(board_.stop(b), b); });
  heads.erase(std::unique(heads.begin(), heads.end(), [&](int a, int b) { return board_.stop(a) == board_.stop(b); }),
              heads.end());
  std::sort(heads.begin(), heads.end());
  const int parts = (static_cast<int>(stops.size()) + kPartStops - 1) / kPartStops;
  WalkOrder whole;
  WalkOptions options = OptionsOf(board_.options());
  options.finish = WalkFinish::kAnywhere;
  // Nobody walks so far in one go: local search is near enough to look at.
  options.kicks = 0;
  for (const std::vector<int>& part : SplitDoors(board_, heads, parts)) {
    std::vector<WalkStop> places;
    for (const int door : part) places.push_back(board_.ground().stops[board_.stop(door)].walk);
    const WalkOrder walk = solver_.Order(places, options);
    for (const int i : walk.order) {
      whole.order.push_back(
          static_cast<int>(std::lower_bound(stops.begin(), stops.end(), board_.stop(part[i])) - stops.begin()));
    }
    whole.length_m += walk.length_m;
    whole.cost_m += walk.cost_m;
    whole.crossing_count += walk.crossing_count;
    whole.barrier_leg_count += walk.barrier_leg_count;
    whole.path.insert(whole.path.end(), walk.path.begin(), walk.path.end());
    options.launch = places[walk.order.back()];
  }
  return whole;
}

void TurfWalker::Judge(const std::vector<int>& stops, const std::vector<int>& doors, Turf* turf) const {
  TurfMetrics& metrics = turf->metrics;
  metrics.connected = CountPieces(board_, doors) == 1;
  metrics.foreign_doors = CountForeign(doors);
  metrics.in_bounds = board_.rule().Holds(board_.rule().OfTurf(metrics));
  const int boundary = CommonBoundary(board_, stops);
  if (!metrics.in_bounds) {
    metrics.bounds_reason = ReasonOutOfBounds(board_.CellFits(board_.atom(doors.front())), boundary);
  }
  if (boundary >= 0) turf->boundary = board_.boundary_id(boundary);
}

int TurfWalker::CountForeign(const std::vector<int>& doors) const {
  std::vector<XY> places;
  for (const int door : doors) {
    const LonLat& place = board_.position(door);
    places.push_back({board_.ground().frame.UnwrappedLon(place), place.lat});
  }
  if (places.size() < 3) return 0;
  const absl::StatusOr<Geometry> line = Geometry::FromLine(places);
  const absl::StatusOr<Geometry> hull = line.ok() ? line->ConvexHull() : line.status();
  // Doors on one line have no hull to stand in.
  if (!hull.ok() || hull->kind() != GeometryKind::kPolygon) return 0;
  const std::vector<int> inside = board_.index().Within(Lasso::Of(hull->Polygons()));
  return static_cast<int>(std::count_if(
      inside.begin(), inside.end(), [&](int door) { return !std::binary_search(doors.begin(), doors.end(), door); }));
}

}  // namespace snowfield::geo
