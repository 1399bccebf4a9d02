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

class AtomBuilder {
 public:
  AtomBuilder(const Ground& ground, const DoorBounds& bounds) : ground_(ground), bounds_(bounds) {}

  AtomGraph Build() {
    MakeAtoms();
    LinkFaces();
    LinkGrounds();
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

  // Doors an atom may hold where its stops can be parted: small enough that sums can meet the bounds.
  int AtomDoorsMax() const { return std::max(1, (bounds_.max_doors - bounds_.min_doors) / 2 + 1); }
  const GroundStop& Stop(int i) const { return ground_.stops[i]; }

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

  // Cuts a run of stops into atoms of about equal size; a building as large as that is an atom of its own.
  void CutRun(const std::vector<int>& run) {
    const int most = AtomDoorsMax();
    for (size_t begin = 0; begin < run.size();) {
      if (static_cast<int>(Stop(run[begin]).doors.size()) >= most) {
        AddBuilding(run[begin++]);
        continue;
      }
      size_t end = begin;
      int doors = 0;
      while (end < run.size() && static_cast<int>(Stop(run[end]).doors.size()) < most) {
        doors += static_cast<int>(Stop(run[end++]).doors.size());
      }
      const int parts = (doors + most - 1) / most;
      int taken = 0;
      for (int part = 1; part <= parts && begin < end; ++part) {
        std::vector<AtomStop> stops;
        while (begin < end && (taken < doors * part / parts || part == parts || stops.empty())) {
          const auto count = static_cast<int>(Stop(run[begin]).doors.size());
          stops.push_back({run[begin++], 0, count});
          taken += count;
        }
        AddAtom(std::move(stops), false);
      }
    }
  }

  // A building larger than a turf becomes whole turfs, from the top floor down, and what is left over.
  void AddBuilding(int stop) {
    const auto doors = static_cast<int>(Stop(stop).doors.size());
    if (doors <= bounds_.max_doors) return AddAtom({{stop, 0, doors}}, false);
    const int middle = (bounds_.min_doors + bounds_.max_doors) / 2;
    const int fewest = (doors + bounds_.max_doors - 1) / bounds_.max_doors;
    const bool even = fewest * bounds_.min_doors <= doors;
    const int wholes = even ? fewest : doors / middle;
    int first = 0;
    for (int i = 0; i < wholes; ++i) {
      const int count = even ? (doors - first) / (wholes - i) : middle;
      AddAtom({{stop, first, count}}, true);
      first += count;
    }
    if (first < doors) AddAtom({{stop, first, doors - first}}, false);
  }

  void AddAtom(std::vector<AtomStop> stops, bool whole_turf) {
    Atom atom;
    const GroundStop& first = Stop(stops.front().stop);
    atom.boundary = first.boundary;
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

  void AddEdge(int a, int b, double distance_m, bool ground = true) {
    if (a == b || graph_.atoms[a].boundary != graph_.atoms[b].boundary) return;
    const auto distance = std::max(kEdgeMin_m, static_cast<float>(distance_m));
    const auto [at, added] = links_.try_emplace({std::min(a, b), std::max(a, b)}, std::pair(distance, ground));
    if (!added && distance < at->second.first) at->second.first = distance;
    if (!added && ground) at->second.second = true;
  }

  // Neighbours along a face, and over the street where they stand opposite each other.
  void LinkFaces() {
    face_atoms_.resize(ground_.network.face_count());
    for (int a = 0; a < static_cast<int>(graph_.atoms.size()); ++a) {
      if (graph_.atoms[a].face >= 0) face_atoms_[graph_.atoms[a].face].push_back(a);
    }
    for (std::vector<int>& atoms : face_atoms_) {
      std::sort(atoms.begin(), atoms.end(), [&](int a, int b) {
        const auto key = [&](int i) { return std::tuple(graph_.atoms[i].low_m, graph_.atoms[i].high_m, i); };
        return key(a) < key(b);
      });
      for (size_t i = 1; i < atoms.size(); ++i) {
        AddEdge(atoms[i - 1], atoms[i], graph_.atoms[atoms[i]].low_m - graph_.atoms[atoms[i - 1]].high_m);
      }
    }
    for (size_t face = 0; face < face_atoms_.size(); face += 2) {
      const double crossing_m = MidBlockCrossingCostM(ground_.network.LinkOfFace(static_cast<int>(face)).street_class);
      for (const int a : face_atoms_[face]) {
        for (const int b : face_atoms_[face + 1]) {
          const Atom& p = graph_.atoms[a];
          const Atom& q = graph_.atoms[b];
          const double gap_m = std::max({0.0, p.low_m - q.high_m, q.low_m - p.high_m});
          if (gap_m < 30) AddEdge(a, b, crossing_m + gap_m);
        }
      }
    }
  }

  // Shares the corners out to the nearest atoms, then links the atoms whose shares touch.
  void LinkGrounds() {
    const StreetNetwork& net = ground_.network;
    std::vector<Owner> owners(net.corner_count());
    using Entry = std::tuple<float, int, int>;  // distance, atom, corner
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
    const auto reach = [&](int corner, float distance_m, int atom) {
      Owner& owner = owners[corner];
      if (std::pair(distance_m, atom) >= std::pair(owner.distance_m, owner.atom < 0 ? 1 << 30 : owner.atom)) return;
      owner = {distance_m, atom};
      heap.emplace(distance_m, atom, corner);
    };
    for (int face = 0; face < net.face_count(); ++face) {
      if (face_atoms_[face].empty()) continue;
      const int first = face_atoms_[face].front(), last = face_atoms_[face].back();
      reach(net.CornerOfFace(face, 0), static_cast<float>(graph_.atoms[first].low_m), first);
      reach(net.CornerOfFace(face, 1), static_cast<float>(net.LinkOfFace(face).length_m - graph_.atoms[last].high_m),
            last);
    }
    while (!heap.empty()) {
      const auto [distance, atom, corner] = heap.top();
      heap.pop();
      if (owners[corner].atom != atom || owners[corner].distance_m != distance) continue;
      for (const CornerEdge* edge = net.EdgesBegin(corner); edge != net.EdgesEnd(corner); ++edge) {
        // A face with doors of its own is nobody else's way.
        if (edge->face >= 0 && !face_atoms_[edge->face].empty()) continue;
        reach(edge->to, distance + edge->length_m + edge->crossing_cost_m, atom);
      }
    }
    LinkTouching(owners);
  }

  void LinkTouching(const std::vector<Owner>& owners) {
    const StreetNetwork& net = ground_.network;
    for (int corner = 0; corner < net.corner_count(); ++corner) {
      const Owner& here = owners[corner];
      if (here.atom < 0) continue;
      for (const CornerEdge* edge = net.EdgesBegin(corner); edge != net.EdgesEnd(corner); ++edge) {
        const Owner& there = owners[edge->to];
        if (edge->face >= 0 && !face_atoms_[edge->face].empty()) continue;
        if (there.atom < 0) continue;
        AddEdge(here.atom, there.atom, here.distance_m + edge->length_m + edge->crossing_cost_m + there.distance_m);
      }
    }
    for (int face = 0; face < net.face_count(); ++face) {
      if (face_atoms_[face].empty()) continue;
      const int first = face_atoms_[face].front(), last = face_atoms_[face].back();
      const Owner& start = owners[net.CornerOfFace(face, 0)];
      const Owner& end = owners[net.CornerOfFace(face, 1)];
      AddEdge(start.atom, first, start.distance_m + graph_.atoms[first].low_m);
      AddEdge(end.atom, last, end.distance_m + net.LinkOfFace(face).length_m - graph_.atoms[last].high_m);
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
    std::vector<std::tuple<int, int, float, bool>> all;
    for (const auto& [pair, link] : links_) {
      all.emplace_back(pair.first, pair.second, link.first, link.second);
      all.emplace_back(pair.second, pair.first, link.first, link.second);
    }
    std::sort(all.begin(), all.end());
    graph_.edge_start.assign(count + 1, 0);
    for (const auto& [from, to, distance, is_ground] : all) {
      ++graph_.edge_start[from + 1];
      graph_.edges.push_back({to, distance, is_ground});
    }
    std::partial_sum(graph_.edge_start.begin(), graph_.edge_start.end(), graph_.edge_start.begin());
    graph_.cell.assign(count, -1);
    for (int a = 0; a < static_cast<int>(count); ++a) {
      if (graph_.cell[a] >= 0) continue;
      std::vector<int> open{a};
      graph_.cell[a] = graph_.cell_count;
      while (!open.empty()) {
        const int atom = open.back();
        open.pop_back();
        for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
          if (graph_.cell[edge->to] >= 0) continue;
          graph_.cell[edge->to] = graph_.cell_count;
          open.push_back(edge->to);
        }
      }
      ++graph_.cell_count;
    }
  }

  const Ground& ground_;
  const DoorBounds bounds_;
  AtomGraph graph_;
  std::vector<std::vector<int>> face_atoms_;
  absl::flat_hash_map<std::pair<int, int>, std::pair<float, bool>> links_;
};

}  // namespace

AtomGraph BuildAtoms(const Ground& ground, const DoorBounds& bounds) { return AtomBuilder(ground, bounds).Build(); }

}  // namespace snowfield::geo
