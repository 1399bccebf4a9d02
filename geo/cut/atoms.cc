#include "geo/cut/atoms.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "geo/cut/natural_neighbors.h"

namespace snowfield::geo {
namespace {

// Stops on no street that are further apart than this are not one atom.
constexpr double kOffStreetGap_m = 120;
// Crossing between two faces of one street costs at least this, so that graph distances are never 0.
constexpr float kEdgeMin_m = 1;
// Atoms face each other over a street where their stretches are no further apart than this.
constexpr double kOppositeGap_m = 30;
// With kept boundaries, how far a boundary's ground reaches from its atoms.
constexpr float kBoundaryReach_m = 1'500;

class AtomBuilder {
 public:
  AtomBuilder(const Ground& ground, const LoadRule& rule) : ground_(ground), rule_(rule) {}

  AtomGraph Build() {
    MakeAtoms();
    face_atoms_.resize(ground_.network.face_count());
    owners_.resize(ground_.network.corner_count());
    LinkBoundaries();
    LinkOffStreet();
    LinkBuildings();
    Finish();
    return std::move(graph_);
  }

 private:
  struct Owner {
    float distance_m = std::numeric_limits<float>::infinity();
    int atom = -1;
  };

  // What an atom may hold where its stops can be parted: small enough that sums can meet the bounds.
  int AtomLoadMax() const { return std::max(rule_.per_door, (rule_.max - rule_.min) / 2 + 1); }
  // Of a stop and the way from the one before it in the run.
  int LoadOfStop(const std::vector<int>& run, size_t i) const {
    const double way_m =
        i == 0 || rule_.per_metre == 0 ? 0 : DistanceM(Stop(run[i - 1]).walk.position, Stop(run[i]).walk.position);
    return rule_.Of(static_cast<int>(Stop(run[i]).doors.size()), way_m);
  }
  bool IsBuilding(int stop) const {
    return static_cast<int>(Stop(stop).doors.size()) * rule_.per_door >= AtomLoadMax() || IsShared(stop);
  }
  const GroundStop& Stop(int i) const { return ground_.stops[i]; }
  // Of the door at a place of the stop's list.
  int PreviousTurf(int stop, int door) const {
    return ground_.previous_turf.empty() ? -1 : ground_.previous_turf[Stop(stop).doors[door]];
  }
  bool IsLetBe(int previous_turf) const { return previous_turf >= 0 && ground_.previous_doors[previous_turf] > 0; }
  // Its doors were in two turfs, or some are new: it is cut there whatever its size.
  bool IsShared(int stop) const {
    for (int door = 1; door < static_cast<int>(Stop(stop).doors.size()); ++door) {
      if (PreviousTurf(stop, door) != PreviousTurf(stop, 0)) return true;
    }
    return false;
  }

  void MakeAtoms() {
    std::vector<int> order(ground_.stops.size());
    std::iota(order.begin(), order.end(), 0);
    // Along each face; stops on no street by street and house number, odd and even apart.
    const auto key = [&](int i) {
      const GroundStop& s = Stop(i);
      const bool on = s.walk.place.face >= 0;
      return std::tuple(on ? 0 : 1, s.walk.place.face, s.boundary, on ? 0 : s.key, on ? 0 : s.house_number % 2,
                        on ? s.walk.place.offset_m : static_cast<double>(s.house_number), i);
    };
    std::sort(order.begin(), order.end(), [&](int a, int b) { return key(a) < key(b); });
    for (size_t begin = 0; begin < order.size();) {
      size_t end = begin + 1;
      while (end < order.size() && SameRun(order[end - 1], order[end])) ++end;
      CutRun({order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end)});
      begin = end;
    }
  }

  bool SameRun(int a, int b) const {
    const GroundStop& s = Stop(a);
    const GroundStop& t = Stop(b);
    if (s.walk.place.face != t.walk.place.face || s.boundary != t.boundary) return false;
    if (s.walk.place.face >= 0) return true;
    return s.key == t.key && s.house_number % 2 == t.house_number % 2 &&
           DistanceM(s.walk.position, t.walk.position) <= kOffStreetGap_m &&
           !ground_.network.BarrierBetween(s.walk.position, t.walk.position);
  }

  // Cuts a run of stops into atoms of about equal load; a building as large as that is an atom of its own.
  void CutRun(const std::vector<int>& run) {
    const int most = AtomLoadMax();
    for (size_t begin = 0; begin < run.size();) {
      if (IsBuilding(run[begin])) {
        AddBuilding(run[begin++]);
        continue;
      }
      size_t end = begin;
      int64_t load = 0;
      while (end < run.size() && !IsBuilding(run[end])) load += LoadOfStop(run, end++);
      const int64_t parts = (load + most - 1) / most;
      int64_t taken = 0;
      for (int64_t part = 1; part <= parts && begin < end; ++part) {
        std::vector<AtomStop> stops;
        while (begin < end && (taken < load * part / parts || part == parts || stops.empty())) {
          taken += LoadOfStop(run, begin);
          const int stop = run[begin++];
          stops.push_back({stop, 0, static_cast<int>(Stop(stop).doors.size())});
        }
        AddParted(stops);
      }
    }
  }

  // Parted once more where previous turfs meet: else these are the atoms that the previous cut had.
  void AddParted(const std::vector<AtomStop>& stops) {
    for (size_t begin = 0, end = 0; begin < stops.size(); begin = end) {
      const int turf = PreviousTurf(stops[begin].stop, 0);
      while (end < stops.size() && PreviousTurf(stops[end].stop, 0) == turf) ++end;
      AddAtom({stops.begin() + static_cast<std::ptrdiff_t>(begin), stops.begin() + static_cast<std::ptrdiff_t>(end)},
              false);
    }
  }

  void AddBuilding(int stop) {
    const auto doors = static_cast<int>(Stop(stop).doors.size());
    for (int begin = 0, end = 0; begin < doors; begin = end) {
      while (end < doors && PreviousTurf(stop, end) == PreviousTurf(stop, begin)) ++end;
      AddFloors(stop, begin, end);
    }
  }

  // Doors of a building that are more than a turf become whole turfs, from the top floor down, and what is left over.
  void AddFloors(int stop, int begin, int end) {
    const int doors = end - begin;
    const int max_doors = std::max(1, rule_.max / rule_.per_door);
    const int min_doors = std::max(1, (rule_.min + rule_.per_door - 1) / rule_.per_door);
    if (doors <= max_doors || IsLetBe(PreviousTurf(stop, begin))) return AddAtom({{stop, begin, doors}}, false);
    const int middle = std::max(1, (min_doors + max_doors) / 2);
    const int fewest = (doors + max_doors - 1) / max_doors;
    const bool even = fewest * min_doors <= doors;
    const int wholes = even ? fewest : doors / middle;
    int first = begin;
    for (int i = 0; i < wholes; ++i) {
      const int count = even ? (end - first) / (wholes - i) : middle;
      AddAtom({{stop, first, count}}, true);
      first += count;
    }
    if (first < end) AddAtom({{stop, first, end - first}}, false);
  }

  void AddAtom(std::vector<AtomStop> stops, bool whole_turf) {
    Atom atom;
    const GroundStop& first = Stop(stops.front().stop);
    atom.boundary = first.boundary;
    atom.previous_turf = PreviousTurf(stops.front().stop, stops.front().first_door);
    atom.face = first.walk.place.face;
    atom.low_m = first.walk.place.offset_m;
    atom.high_m = Stop(stops.back().stop).walk.place.offset_m;
    atom.whole_turf = whole_turf;
    for (const AtomStop& stop : stops) {
      const PointM& position = Stop(stop.stop).walk.position;
      atom.door_count += stop.door_count;
      atom.centre.x += position.x / static_cast<double>(stops.size());
      atom.centre.y += position.y / static_cast<double>(stops.size());
    }
    atom.stops = std::move(stops);
    graph_.atoms.push_back(std::move(atom));
  }

  void AddEdge(int a, int b, double distance_m) {
    if (a == b || graph_.atoms[a].boundary != graph_.atoms[b].boundary) return;
    const auto distance = std::max(kEdgeMin_m, static_cast<float>(distance_m));
    const auto at = links_.try_emplace({std::min(a, b), std::max(a, b)}, distance).first;
    at->second = std::min(at->second, distance);
  }

  // Each kept boundary shares out the ground among its own atoms: one may walk past doors of another precinct.
  void LinkBoundaries() {
    std::vector<int> order;
    for (int a = 0; a < static_cast<int>(graph_.atoms.size()); ++a) {
      if (graph_.atoms[a].face >= 0) order.push_back(a);
    }
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return graph_.atoms[a].boundary < graph_.atoms[b].boundary; });
    for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      const int boundary = graph_.atoms[order[begin]].boundary;
      for (; end < order.size() && graph_.atoms[order[end]].boundary == boundary; ++end) {
        const int face = graph_.atoms[order[end]].face;
        if (face_atoms_[face].empty()) faces_.push_back(face);
        face_atoms_[face].push_back(order[end]);
      }
      std::sort(faces_.begin(), faces_.end());
      LinkFaces();
      const bool whole = begin == 0 && end == order.size();
      ShareGround(whole ? std::numeric_limits<float>::infinity() : kBoundaryReach_m);
      LinkTouching();
      for (const int face : faces_) face_atoms_[face].clear();
      for (const int corner : corners_) owners_[corner] = {};
      faces_.clear();
      corners_.clear();
    }
  }

  // Neighbours along a face, and over the street where they stand opposite each other.
  void LinkFaces() {
    for (const int face : faces_) {
      std::vector<int>& atoms = face_atoms_[face];
      std::sort(atoms.begin(), atoms.end(), [&](int a, int b) {
        const auto key = [&](int i) { return std::tuple(graph_.atoms[i].low_m, graph_.atoms[i].high_m, i); };
        return key(a) < key(b);
      });
      for (size_t i = 1; i < atoms.size(); ++i) {
        AddEdge(atoms[i - 1], atoms[i], graph_.atoms[atoms[i]].low_m - graph_.atoms[atoms[i - 1]].high_m);
      }
    }
    for (const int face : faces_) {
      if (face % 2 != 0) continue;
      const double crossing_m = MidBlockCrossingCostM(ground_.network.LinkOfFace(face).street_class);
      for (const int a : face_atoms_[face]) {
        for (const int b : face_atoms_[face + 1]) {
          const Atom& p = graph_.atoms[a];
          const Atom& q = graph_.atoms[b];
          const double gap_m = std::max({0.0, p.low_m - q.high_m, q.low_m - p.high_m});
          if (gap_m < kOppositeGap_m) AddEdge(a, b, crossing_m + gap_m);
        }
      }
    }
  }

  double StartGap(int face) const { return graph_.atoms[face_atoms_[face].front()].low_m; }
  double EndGap(int face) const {
    return ground_.network.LinkOfFace(face).length_m - graph_.atoms[face_atoms_[face].back()].high_m;
  }

  // Gives each corner to the atom that is nearest to walk to, out to a reach.
  void ShareGround(float reach_m) {
    const StreetNetwork& net = ground_.network;
    using Entry = std::tuple<float, int, int>;  // distance, atom, corner
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
    const auto reach = [&](int corner, float distance_m, int atom) {
      Owner& owner = owners_[corner];
      if (distance_m > reach_m) return;
      if (std::pair(distance_m, atom) >= std::pair(owner.distance_m, owner.atom < 0 ? 1 << 30 : owner.atom)) return;
      if (owner.atom < 0) corners_.push_back(corner);
      owner = {distance_m, atom};
      heap.emplace(distance_m, atom, corner);
    };
    for (const int face : faces_) {
      reach(net.CornerOfFace(face, 0), static_cast<float>(StartGap(face)), face_atoms_[face].front());
      reach(net.CornerOfFace(face, 1), static_cast<float>(EndGap(face)), face_atoms_[face].back());
    }
    while (!heap.empty()) {
      const auto [distance, atom, corner] = heap.top();
      heap.pop();
      if (owners_[corner].atom != atom || owners_[corner].distance_m != distance) continue;
      for (const CornerEdge* edge = net.EdgesBegin(corner); edge != net.EdgesEnd(corner); ++edge) {
        // A face with doors of its own is nobody else's way.
        if (edge->face >= 0 && !face_atoms_[edge->face].empty()) continue;
        reach(edge->to, distance + edge->length_m + edge->crossing_cost_m, atom);
      }
    }
  }

  void LinkTouching() {
    const StreetNetwork& net = ground_.network;
    for (const int corner : corners_) {
      const Owner& here = owners_[corner];
      for (const CornerEdge* edge = net.EdgesBegin(corner); edge != net.EdgesEnd(corner); ++edge) {
        const Owner& there = owners_[edge->to];
        if (there.atom < 0 || (edge->face >= 0 && !face_atoms_[edge->face].empty())) continue;
        AddEdge(here.atom, there.atom, here.distance_m + edge->length_m + edge->crossing_cost_m + there.distance_m);
      }
    }
    for (const int face : faces_) {
      const Owner& start = owners_[net.CornerOfFace(face, 0)];
      const Owner& end = owners_[net.CornerOfFace(face, 1)];
      if (start.atom >= 0) AddEdge(start.atom, face_atoms_[face].front(), start.distance_m + StartGap(face));
      if (end.atom >= 0) AddEdge(end.atom, face_atoms_[face].back(), end.distance_m + EndGap(face));
    }
  }

  void LinkOffStreet() {
    std::vector<PointM> points;
    std::vector<int> atom_of;
    for (int a = 0; a < static_cast<int>(graph_.atoms.size()); ++a) {
      if (graph_.atoms[a].face >= 0) continue;
      for (const AtomStop& stop : graph_.atoms[a].stops) {
        points.push_back(Stop(stop.stop).walk.position);
        atom_of.push_back(a);
      }
    }
    for (const auto& [i, j] : NaturalNeighbors(points)) {
      if (atom_of[i] == atom_of[j] || ground_.network.BarrierBetween(points[i], points[j])) continue;
      AddEdge(atom_of[i], atom_of[j], kOffNetworkDetour * DistanceM(points[i], points[j]));
    }
  }

  // Parts of one building are side by side wherever it stands.
  void LinkBuildings() {
    for (size_t a = 1; a < graph_.atoms.size(); ++a) {
      if (graph_.atoms[a].stops.front().stop == graph_.atoms[a - 1].stops.front().stop) {
        AddEdge(static_cast<int>(a) - 1, static_cast<int>(a), 0);
      }
    }
  }

  void Finish() {
    const size_t count = graph_.atoms.size();
    std::vector<std::tuple<int, int, float>> all;
    for (const auto& [pair, link] : links_) {
      all.emplace_back(pair.first, pair.second, link);
      all.emplace_back(pair.second, pair.first, link);
    }
    std::sort(all.begin(), all.end());
    graph_.edge_start.assign(count + 1, 0);
    for (const auto& [from, to, distance] : all) {
      ++graph_.edge_start[from + 1];
      graph_.edges.push_back({to, distance});
    }
    std::partial_sum(graph_.edge_start.begin(), graph_.edge_start.end(), graph_.edge_start.begin());
    for (int a = 0; a < static_cast<int>(count); ++a) WeighAtom(a);
    MarkCells();
    graph_.previous_doors = ground_.previous_doors;
  }

  void WeighAtom(int a) {
    Atom& atom = graph_.atoms[a];
    double walk_m = 0;
    if (rule_.per_metre > 0) {
      for (size_t i = 1; i < atom.stops.size(); ++i) {
        walk_m += DistanceM(Stop(atom.stops[i - 1].stop).walk.position, Stop(atom.stops[i].stop).walk.position);
      }
      // The way on: between the two nearest neighbours, half of the way to each and from each.
      std::vector<float> ways_m;
      for (const AtomEdge* edge = graph_.Begin(a); edge != graph_.End(a); ++edge) ways_m.push_back(edge->distance_m);
      std::sort(ways_m.begin(), ways_m.end());
      if (!ways_m.empty()) walk_m += (ways_m.front() + ways_m[std::min<size_t>(1, ways_m.size() - 1)]) / 2;
    }
    atom.load = rule_.Of(atom.door_count, walk_m);
  }

  void MarkCells() {
    graph_.cell.assign(graph_.atoms.size(), -1);
    for (int a = 0; a < static_cast<int>(graph_.atoms.size()); ++a) {
      if (graph_.cell[a] >= 0) continue;
      std::vector<int> open{a};
      graph_.cell[a] = graph_.cell_count;
      while (!open.empty() && !graph_.atoms[a].whole_turf) {
        const int atom = open.back();
        open.pop_back();
        for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
          if (graph_.cell[edge->to] >= 0 || graph_.atoms[edge->to].whole_turf) continue;
          graph_.cell[edge->to] = graph_.cell_count;
          open.push_back(edge->to);
        }
      }
      ++graph_.cell_count;
    }
  }

  const Ground& ground_;
  const LoadRule rule_;
  AtomGraph graph_;
  // Of the boundary in hand: atoms of each face, faces with atoms, owners of corners, corners with owners.
  std::vector<std::vector<int>> face_atoms_;
  std::vector<int> faces_;
  std::vector<Owner> owners_;
  std::vector<int> corners_;
  absl::flat_hash_map<std::pair<int, int>, float> links_;
};

}  // namespace

AtomGraph BuildAtoms(const Ground& ground, const LoadRule& rule) { return AtomBuilder(ground, rule).Build(); }

int64_t LoadOf(const AtomGraph& graph, const std::vector<int>& atoms) {
  int64_t load = 0;
  for (const int atom : atoms) load += graph.atoms[atom].load;
  return load;
}

std::vector<std::vector<int>> PiecesOf(const AtomGraph& graph, const std::vector<int>& atoms) {
  std::vector<int> left(atoms);
  std::sort(left.begin(), left.end());
  std::vector<char> seen(left.size(), 0);
  std::vector<std::vector<int>> pieces;
  for (size_t start = 0; start < left.size(); ++start) {
    if (seen[start]) continue;
    seen[start] = 1;
    std::vector<int>& piece = pieces.emplace_back(1, left[start]);
    for (size_t i = 0; i < piece.size(); ++i) {
      for (const AtomEdge* edge = graph.Begin(piece[i]); edge != graph.End(piece[i]); ++edge) {
        const auto at = std::lower_bound(left.begin(), left.end(), edge->to);
        if (at == left.end() || *at != edge->to || seen[at - left.begin()]) continue;
        seen[at - left.begin()] = 1;
        piece.push_back(edge->to);
      }
    }
  }
  return pieces;
}

int CountPieces(const AtomGraph& graph, const std::vector<int>& atoms) {
  return static_cast<int>(PiecesOf(graph, atoms).size());
}

bool IsAsBefore(const AtomGraph& graph, const std::vector<int>& atoms) {
  const int turf = graph.atoms[atoms.front()].previous_turf;
  if (turf < 0) return false;
  int doors = 0;
  for (const int atom : atoms) {
    if (graph.atoms[atom].previous_turf != turf) return false;
    doors += graph.atoms[atom].door_count;
  }
  return doors == graph.previous_doors[turf];
}

}  // namespace snowfield::geo
