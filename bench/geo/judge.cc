#include "bench/geo/judge.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "geo/cut/foreign_doors.h"
#include "geo/frame/parallel.h"
#include "geo/shape/turf_shape.h"
#include "geo/walk/walk_order.h"

namespace snowfield::bench {
namespace {

template <typename T>
double Quantile(const std::vector<T>& sorted, double q) {
  return sorted.empty() ? 0
                        : static_cast<double>(sorted[static_cast<size_t>(q * static_cast<double>(sorted.size() - 1))]);
}

std::vector<int> AtomOfStops(const geo::AtomGraph& graph) {
  std::vector<int> atom_of(graph.atoms.size(), -1);
  for (int atom = 0; atom < static_cast<int>(graph.atoms.size()); ++atom) {
    atom_of[graph.atoms[atom].stops.front().stop] = atom;
  }
  return atom_of;
}

// Sets that grow together (Galler and Fischer 1964).
class Pieces {
 public:
  explicit Pieces(size_t count) : parent_(count), left_(count) { std::iota(parent_.begin(), parent_.end(), 0); }
  void Join(int a, int b) {
    const int root_a = RootOf(a), root_b = RootOf(b);
    if (root_a == root_b) return;
    parent_[root_a] = root_b;
    --left_;
  }
  size_t left() const { return left_; }

 private:
  int RootOf(int a) {
    while (parent_[a] != a) a = parent_[a] = parent_[parent_[a]];
    return a;
  }
  std::vector<int> parent_;
  size_t left_;
};

// By the graph of stops, and over the street: from a stop to the two that it faces the gap between, where both are in
// the turf, for who crosses there passes nobody else's doors.
bool IsOnePiece(const geo::AtomGraph& graph, const std::vector<int>& atom_of, const std::vector<FacedStops>& faced,
                const std::vector<int>& stops) {
  absl::flat_hash_map<int, int> place_of_atom;
  for (const int stop : stops) place_of_atom.try_emplace(atom_of[stop], static_cast<int>(place_of_atom.size()));
  Pieces pieces(place_of_atom.size());
  for (const auto& [atom, place] : place_of_atom) {
    for (const geo::AtomEdge* edge = graph.Begin(atom); edge != graph.End(atom); ++edge) {
      if (const auto to = place_of_atom.find(edge->to); to != place_of_atom.end()) pieces.Join(place, to->second);
    }
  }
  const auto place_of = [&](int stop) {
    const auto at = stop < 0 ? place_of_atom.end() : place_of_atom.find(atom_of[stop]);
    return at == place_of_atom.end() ? -1 : at->second;
  };
  for (const int stop : stops) {
    const int before = place_of(faced[stop].before), after = place_of(faced[stop].after);
    if (before < 0 || after < 0) continue;
    pieces.Join(place_of(stop), before);
    pieces.Join(place_of(stop), after);
  }
  return pieces.left() == 1;
}

}  // namespace

struct Judge::Members {
  int doors = 0;
  std::vector<int> stops;  // ascending
};

std::vector<FacedStops> FindFacedStops(const std::vector<geo::GroundStop>& stops) {
  struct Place {
    int face;
    double offset_m;
    int stop;
    bool operator<(const Place& other) const {
      return std::tie(face, offset_m, stop) < std::tie(other.face, other.offset_m, other.stop);
    }
  };
  std::vector<Place> places;
  for (int stop = 0; stop < static_cast<int>(stops.size()); ++stop) {
    const geo::NetworkPlace& place = stops[stop].walk.place;
    if (place.face >= 0) places.push_back({place.face, place.offset_m, stop});
  }
  std::sort(places.begin(), places.end());
  std::vector<FacedStops> faced(stops.size());
  for (const Place& place : places) {
    const int other_side = place.face ^ 1;
    const auto after = std::lower_bound(places.begin(), places.end(), Place{other_side, place.offset_m, -1});
    if (after != places.end() && after->face == other_side) faced[place.stop].after = after->stop;
    if (after != places.begin() && (after - 1)->face == other_side) faced[place.stop].before = (after - 1)->stop;
  }
  return faced;
}

absl::StatusOr<Judge> Judge::Of(const DataSet& set, const JudgeOptions& options) {
  Judge judge(set, options);
  geo::CutInput input;  // with the boundaries, without a second copy of the doors
  std::vector<geo::LonLat> places;
  for (const geo::CutDoor& door : set.input.doors) places.push_back(door.position);
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Frame frame, geo::Frame::AboutAll(places, "doors"));
  SNOWFIELD_ASSIGN_OR_RETURN(geo::StreetNetwork network, geo::BuildNetwork(set.input, frame));
  input.doors = set.input.doors;
  input.kept_boundaries = set.boundaries;
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<geo::GroundStop> stops,
                             geo::PlaceStops(input, frame, network, options.threads, nullptr));
  judge.ground_ = std::make_unique<geo::Ground>(geo::Ground{frame, std::move(network), std::move(stops)});
  geo::Ground& ground = *judge.ground_;
  judge.faced_ = FindFacedStops(ground.stops);
  const geo::LoadRule each_stop_apart{1'000'000, 1'000'000, 1'000'000};
  if (!set.boundaries.empty()) {
    judge.bounded_ = geo::BuildAtoms(ground, each_stop_apart);
    judge.bounded_atom_ = AtomOfStops(judge.bounded_);
  }
  std::vector<int> boundary_of;
  for (geo::GroundStop& stop : ground.stops) {
    boundary_of.push_back(stop.boundary);
    stop.boundary = -1;
  }
  judge.plain_ = geo::BuildAtoms(ground, each_stop_apart);
  judge.plain_atom_ = AtomOfStops(judge.plain_);
  for (size_t i = 0; i < ground.stops.size(); ++i) ground.stops[i].boundary = boundary_of[i];
  return judge;
}

std::vector<int> Judge::PartOfDoors(const std::vector<int>& part_of_stop) const {
  std::vector<int> part(set_->input.doors.size(), -1);
  for (size_t stop = 0; stop < ground_->stops.size(); ++stop) {
    for (const int door : ground_->stops[stop].doors) part[door] = part_of_stop[stop];
  }
  return part;
}

absl::StatusOr<Verdict> Judge::Measure(const std::vector<int>& part) const {
  Verdict verdict;
  const std::vector<Members> turfs = Group(part, &verdict);
  MeasureBalance(turfs, &verdict);
  MeasureWalks(turfs, &verdict);
  MeasureGround(turfs, &verdict);
  MeasureForeign(turfs, &verdict);
  if (options_.shapes) {
    SNOWFIELD_RETURN_IF_ERROR(MeasureShapes(part, static_cast<int>(turfs.size()), &verdict));
  }
  return verdict;
}

std::vector<Judge::Members> Judge::Group(const std::vector<int>& part, Verdict* verdict) const {
  std::vector<std::pair<int, int>> pairs;  // part, stop
  pairs.reserve(part.size());
  for (int stop = 0; stop < static_cast<int>(ground_->stops.size()); ++stop) {
    for (const int door : ground_->stops[stop].doors) {
      if (part[door] >= 0) pairs.emplace_back(part[door], stop);
    }
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<Members> turfs;
  for (size_t i = 0; i < pairs.size(); ++i) {
    if (i == 0 || pairs[i].first != pairs[i - 1].first) turfs.emplace_back();
    Members& turf = turfs.back();
    ++turf.doors;
    if (turf.stops.empty() || turf.stops.back() != pairs[i].second) turf.stops.push_back(pairs[i].second);
  }
  verdict->doors = static_cast<int>(part.size());
  verdict->turfs = static_cast<int>(turfs.size());
  verdict->doors_lost = static_cast<int>(part.size() - pairs.size());
  return turfs;
}

void Judge::MeasureBalance(const std::vector<Members>& turfs, Verdict* verdict) const {
  std::vector<int> sizes;
  const double target = options_.target_doors;
  for (const Members& turf : turfs) {
    sizes.push_back(turf.doors);
    const double off = std::abs(turf.doors - target);
    verdict->in_10 += (off <= 0.10 * target ? 1.0 : 0.0) / static_cast<double>(turfs.size());
    verdict->in_25 += (off <= 0.25 * target ? 1.0 : 0.0) / static_cast<double>(turfs.size());
  }
  std::sort(sizes.begin(), sizes.end());
  verdict->smallest = static_cast<int>(Quantile(sizes, 0));
  verdict->median = static_cast<int>(Quantile(sizes, 0.5));
  verdict->largest = static_cast<int>(Quantile(sizes, 1));
}

void Judge::MeasureWalks(const std::vector<Members>& turfs, Verdict* verdict) const {
  struct Walk {
    double length_m = 0, cost_m = 0, centre_m = 0;
    bool over_barrier = false;
  };
  std::vector<Walk> walks(turfs.size());
  std::vector<geo::WalkSolver> solvers;
  for (int t = 0; t < options_.threads; ++t) solvers.emplace_back(ground_->network);
  geo::ParallelFor(options_.threads, static_cast<int>(turfs.size()), 8, nullptr, [&](int thread, int i) {
    std::vector<geo::WalkStop> stops;
    for (const int stop : turfs[i].stops) stops.push_back(ground_->stops[stop].walk);
    const geo::WalkOrder walk = solvers[thread].Order(stops, {});
    walks[i] = {walk.length_m, walk.cost_m, 0, walk.barrier_leg_count > 0};
    if (!options_.centre) return;
    geo::WalkOptions centre;
    centre.crossing_cost_scale = 0;
    walks[i].centre_m = solvers[thread].Order(stops, centre).cost_m;
  });
  std::vector<double> each;
  for (size_t i = 0; i < turfs.size(); ++i) {
    verdict->m_per_door += walks[i].length_m / verdict->doors;
    verdict->cost_m_per_door += walks[i].cost_m / verdict->doors;
    verdict->centre_m_per_door += walks[i].centre_m / verdict->doors;
    verdict->barrier_leg_turfs += walks[i].over_barrier ? 1 : 0;
    each.push_back(walks[i].length_m / turfs[i].doors);
  }
  std::sort(each.begin(), each.end());
  verdict->turf_m_per_door = {Quantile(each, 0.1), Quantile(each, 0.5), Quantile(each, 0.9), Quantile(each, 0.99)};
}

void Judge::MeasureGround(const std::vector<Members>& turfs, Verdict* verdict) const {
  int connected = 0;
  for (const Members& turf : turfs) {
    const int boundary = ground_->stops[turf.stops.front()].boundary;
    const bool one_boundary = std::all_of(turf.stops.begin(), turf.stops.end(),
                                          [&](int stop) { return ground_->stops[stop].boundary == boundary; });
    if (!one_boundary) ++verdict->two_boundary_turfs;
    // Where boundaries are kept, one may walk past doors of another one.
    const bool in_own =
        !bounded_.atoms.empty() && one_boundary && IsOnePiece(bounded_, bounded_atom_, faced_, turf.stops);
    if (in_own || IsOnePiece(plain_, plain_atom_, faced_, turf.stops)) ++connected;
  }
  verdict->connected = turfs.empty() ? 0 : static_cast<double>(connected) / static_cast<double>(turfs.size());
}

void Judge::MeasureForeign(const std::vector<Members>& turfs, Verdict* verdict) const {
  std::vector<geo::PlacedDoors> places;
  for (size_t turf = 0; turf < turfs.size(); ++turf) {
    for (const int stop : turfs[turf].stops) {
      const auto doors = static_cast<int>(ground_->stops[stop].doors.size());
      places.push_back({ground_->stops[stop].walk.position, doors, static_cast<int>(turf)});
    }
  }
  const geo::ForeignDoors foreign = geo::CountForeignDoors(places, static_cast<int>(turfs.size()));
  const auto times = std::accumulate(foreign.in_turf.begin(), foreign.in_turf.end(), int64_t{0});
  verdict->foreign = static_cast<double>(foreign.doors) / verdict->doors;
  verdict->foreign_times = static_cast<double>(times) / verdict->doors;
}

absl::Status Judge::MeasureShapes(const std::vector<int>& part, int turf_count, Verdict* verdict) const {
  std::vector<int> labels(part);
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  if (!labels.empty() && labels.front() < 0) labels.erase(labels.begin());
  std::vector<geo::ShapeSite> sites;
  for (size_t door = 0; door < part.size(); ++door) {
    if (part[door] < 0) continue;
    const auto turf = std::lower_bound(labels.begin(), labels.end(), part[door]) - labels.begin();
    sites.push_back({set_->input.doors[door].position, static_cast<int>(turf)});
  }
  geo::ShapeOptions options;
  options.threads = options_.threads;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<geo::TurfShape> shapes, geo::ShapeTurfs(sites, turf_count, options));
  for (const geo::TurfShape& shape : shapes) {
    verdict->polsby_popper += shape.polsby_popper / turf_count;
    verdict->area_over_hull += shape.area_over_hull / turf_count;
  }
  return absl::OkStatus();
}

Judge::Ordered Judge::MeasureOrders(const std::vector<std::vector<int>>& list) const {
  Ordered ordered;
  int64_t doors = 0;
  geo::WalkSolver solver(ground_->network);
  for (const std::vector<int>& turf : list) {
    std::vector<geo::WalkStop> stops;
    for (const int stop : turf) {
      stops.push_back(ground_->stops[stop].walk);
      doors += static_cast<int64_t>(ground_->stops[stop].doors.size());
    }
    ordered.given_m_per_door += solver.Measure(stops, {}).length_m;
    ordered.solver_m_per_door += solver.Order(stops, {}).length_m;
  }
  if (doors == 0) return {};
  ordered.given_m_per_door /= static_cast<double>(doors);
  ordered.solver_m_per_door /= static_cast<double>(doors);
  return ordered;
}

}  // namespace snowfield::bench
