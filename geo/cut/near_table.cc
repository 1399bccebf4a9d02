#include "geo/cut/near_table.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <utility>

#include "geo/frame/parallel.h"

namespace snowfield::geo {
namespace {

constexpr double kDecimetres = 10;
// Atoms that are looked at before the nearest are taken, and corners that are searched at most.
constexpr int kSeen = 26;
constexpr int kCornersMax = 400;
// A way between atoms that are not near each other is longer than the straight line by this.
constexpr double kFarDetour = 1.5;
constexpr double kFarExtra_m = 60;

constexpr float kNoWay = std::numeric_limits<float>::infinity();

}  // namespace

// One thread's search. Scratch space is valid where its stamp is the current one.
class NearSearch {
 public:
  NearSearch(const Ground& ground, const AtomGraph& graph, const std::vector<std::vector<int>>& face_atoms)
      : net_(ground.network),
        graph_(graph),
        face_atoms_(face_atoms),
        corners_(net_.corner_count()),
        slots_(graph.atoms.size()) {}

  void Fill(int atom, NearTable* table) {
    found_.clear();
    ++atom_stamp_;
    atom_ = atom;
    if (graph_.atoms[atom].face >= 0) {
      FromEnd(0);
      FromEnd(1);
    }
    AddNeighbours(*table);
    Complete(table->Span_m(atom));
    Store(table);
  }

 private:
  struct Found {
    int atom;
    float way_m[2][2];
    float Least() const { return std::min({way_m[0][0], way_m[0][1], way_m[1][0], way_m[1][1]}); }
  };
  struct Corner {
    uint32_t stamp = 0;
    bool settled = false;
    float distance_m = 0;
  };
  struct Slot {
    uint32_t stamp = 0;
    int slot = 0;
  };

  // The entry of an atom; nullptr where walks do not lead to it.
  Found* Entry(int atom) {
    if (atom == atom_ || graph_.cell[atom] != graph_.cell[atom_]) return nullptr;
    Slot& slot = slots_[atom];
    if (slot.stamp != atom_stamp_) {
      slot = {atom_stamp_, static_cast<int>(found_.size())};
      found_.push_back({atom, {{kNoWay, kNoWay}, {kNoWay, kNoWay}}});
    }
    return &found_[slot.slot];
  }

  void Reach(int corner, float distance_m) {
    Corner& at = corners_[corner];
    if (at.stamp == corner_stamp_ && (at.settled || at.distance_m <= distance_m)) return;
    at = {corner_stamp_, false, distance_m};
    heap_.emplace_back(distance_m, corner);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  }

  // Atoms of a face that is entered at `offset_m`, at a cost of `distance_m` so far.
  void EnterFace(int face, double offset_m, double distance_m, int end) {
    for (const int other : face_atoms_[face]) {
      Found* found = Entry(other);
      if (found == nullptr) continue;
      const Atom& atom = graph_.atoms[other];
      float(&way_m)[2] = found->way_m[end];
      if (way_m[0] == kNoWay) ++seen_;
      way_m[0] = std::min(way_m[0], static_cast<float>(distance_m + std::abs(atom.low_m - offset_m)));
      way_m[1] = std::min(way_m[1], static_cast<float>(distance_m + std::abs(atom.high_m - offset_m)));
    }
  }

  void FromEnd(int end) {
    const Atom& atom = graph_.atoms[atom_];
    const double offset_m = end == 0 ? atom.low_m : atom.high_m;
    const Link& link = net_.LinkOfFace(atom.face);
    seen_ = 0;
    EnterFace(atom.face, offset_m, 0, end);
    EnterFace(atom.face ^ 1, offset_m, MidBlockCrossingCostM(link.street_class), end);
    ++corner_stamp_;
    heap_.clear();
    Reach(net_.CornerOfFace(atom.face, 0), static_cast<float>(offset_m));
    Reach(net_.CornerOfFace(atom.face, 1), static_cast<float>(link.length_m - offset_m));
    for (int settled = 0; !heap_.empty() && settled < kCornersMax && seen_ < kSeen;) {
      std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
      const auto [distance_m, corner] = heap_.back();
      heap_.pop_back();
      if (corners_[corner].settled || corners_[corner].distance_m != distance_m) continue;
      corners_[corner].settled = true;
      ++settled;
      for (const CornerEdge* edge = net_.EdgesBegin(corner); edge != net_.EdgesEnd(corner); ++edge) {
        Reach(edge->to, distance_m + edge->length_m + edge->crossing_cost_m);
        if (edge->face < 0 || face_atoms_[edge->face].empty()) continue;
        if (net_.CornerOfFace(edge->face, 0) == corner) EnterFace(edge->face, 0, distance_m, end);
        if (net_.CornerOfFace(edge->face, 1) == corner) {
          EnterFace(edge->face, net_.LinkOfFace(edge->face).length_m, distance_m, end);
        }
      }
    }
  }

  // Neighbours on the atom graph that the network does not show: off the streets, and parts of one building. Off the
  // streets, neighbours' neighbours too, by the straight line.
  void AddNeighbours(const NearTable& table) {
    const bool off_street = graph_.atoms[atom_].face < 0;
    for (const AtomEdge* edge = graph_.Begin(atom_); edge != graph_.End(atom_); ++edge) {
      AddStraight(edge->to, edge->distance_m, off_street, table);
      if (!off_street || graph_.atoms[edge->to].face >= 0) continue;
      for (const AtomEdge* next = graph_.Begin(edge->to); next != graph_.End(edge->to); ++next) {
        AddStraight(next->to, edge->distance_m + next->distance_m, off_street, table);
      }
    }
  }

  void AddStraight(int other, float distance_m, bool off_street, const NearTable& table) {
    Found* found = Entry(other);
    if (found == nullptr || found->Least() < kNoWay) return;
    for (int end = 0; end < 2; ++end) {
      for (int to = 0; to < 2; ++to) {
        const double straight_m = DistanceM(table.ends_[atom_].at[end], table.ends_[other].at[to]);
        found->way_m[end][to] = off_street ? static_cast<float>(kOffNetworkDetour * straight_m) : distance_m;
      }
    }
  }

  // A way that was found from one end only leads along the atom first.
  void Complete(float span_m) {
    for (Found& found : found_) {
      for (int to = 0; to < 2; ++to) {
        const float low = found.way_m[0][to], high = found.way_m[1][to];
        found.way_m[0][to] = std::min(low, high + span_m);
        found.way_m[1][to] = std::min(high, low + span_m);
      }
    }
  }

  void Store(NearTable* table) {
    // Of atoms on one spot those made beside it come first: not the same few for all.
    std::sort(found_.begin(), found_.end(), [this](const Found& a, const Found& b) {
      return std::tuple(a.Least(), std::abs(a.atom - atom_), a.atom) <
             std::tuple(b.Least(), std::abs(b.atom - atom_), b.atom);
    });
    const size_t count = std::min<size_t>(found_.size(), NearTable::kNear);
    table->count_[atom_] = static_cast<uint8_t>(count);
    for (size_t i = 0; i < count; ++i) {
      const size_t at = size_t{NearTable::kNear} * atom_ + i;
      table->to_[at] = found_[i].atom;
      for (int way = 0; way < 4; ++way) {
        const double cost_m = std::min<double>(found_[i].way_m[way / 2][way % 2], NearTable::kWayMax_m);
        table->ways_[at][way] = static_cast<uint16_t>(std::lround(cost_m * kDecimetres));
      }
    }
  }

  const StreetNetwork& net_;
  const AtomGraph& graph_;
  const std::vector<std::vector<int>>& face_atoms_;
  int atom_ = 0;
  int seen_ = 0;  // atoms that were found from the end in hand
  uint32_t corner_stamp_ = 0, atom_stamp_ = 0;
  std::vector<Corner> corners_;
  std::vector<Slot> slots_;
  std::vector<Found> found_;
  std::vector<std::pair<float, int>> heap_;
};

NearTable NearTable::Build(const Ground& ground, const AtomGraph& graph, int threads,
                           const std::function<bool()>& stopped) {
  const auto count = static_cast<int>(graph.atoms.size());
  NearTable table;
  table.to_.assign(size_t{kNear} * count, -1);
  table.ways_.resize(size_t{kNear} * count);
  table.count_.assign(count, 0);
  std::vector<std::vector<int>> face_atoms(ground.network.face_count());
  for (int a = 0; a < count; ++a) {
    const Atom& atom = graph.atoms[a];
    const PointM& first = ground.stops[atom.stops.front().stop].walk.position;
    const PointM& last = ground.stops[atom.stops.back().stop].walk.position;
    table.ends_.push_back({{first, last}});
    double span_m = atom.high_m - atom.low_m;
    if (atom.face < 0) {
      span_m = 0;
      for (size_t i = 1; i < atom.stops.size(); ++i) {
        span_m += kOffNetworkDetour * DistanceM(ground.stops[atom.stops[i - 1].stop].walk.position,
                                                ground.stops[atom.stops[i].stop].walk.position);
      }
    } else {
      face_atoms[atom.face].push_back(a);
    }
    table.span_m_.push_back(static_cast<float>(span_m));
  }
  std::vector<NearSearch> searches;
  for (int t = 0; t < threads; ++t) searches.emplace_back(ground, graph, face_atoms);
  ParallelFor(threads, count, 256, stopped, [&](int thread, int atom) { searches[thread].Fill(atom, &table); });
  return table;
}

int NearTable::Find(int from, int to) const {
  const int* begin = Begin(from);
  const int* end = End(from);
  const int* at = std::find(begin, end, to);
  return at == end ? -1 : static_cast<int>(at - begin);
}

NearTable::Ways NearTable::WaysToNear(int atom, int i) const {
  const std::array<uint16_t, 4>& ways = ways_[size_t{kNear} * atom + i];
  Ways metres;
  for (int way = 0; way < 4; ++way) metres[way] = static_cast<float>(ways[way]) * 0.1F;
  return metres;
}

NearTable::Ways NearTable::WaysBetween(int from, int to) const {
  int i = Find(from, to);
  if (i >= 0) return WaysToNear(from, i);
  i = Find(to, from);
  if (i >= 0) {
    const Ways back = WaysToNear(to, i);
    return {back[0], back[2], back[1], back[3]};
  }
  Ways guess;
  for (int way = 0; way < 4; ++way) {
    const PointM& p = ends_[from].at[way / 2];
    const PointM& q = ends_[to].at[way % 2];
    const double straight_m = std::sqrt((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y));
    guess[way] = static_cast<float>(kFarDetour * straight_m + kFarExtra_m);
  }
  return guess;
}

float NearTable::Cost_m(int from, int from_end, int to, int to_end) const {
  return WaysBetween(from, to)[2 * from_end + to_end];
}

}  // namespace snowfield::geo
