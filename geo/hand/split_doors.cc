#include "geo/hand/split_doors.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "geo/cut/bisect.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {
namespace {

// Neighbouring doors go together in pieces of this share of a part: small enough for parts to be even.
constexpr int kPiecesOfPart = 8;
constexpr float kStep_m = 1;
constexpr double kNearly_m = 15;

// The doors as a graph of their own: an atom is a few neighbouring doors of an atom of the board, or of a building.
class DoorGraph {
 public:
  DoorGraph(const BoardGround& board, const std::vector<int>& doors, int parts)
      : board_(board), most_(std::max<size_t>(1, doors.size() / (static_cast<size_t>(kPiecesOfPart) * parts))) {
    std::vector<int> order = doors;
    std::sort(order.begin(), order.end(), [&](int a, int b) { return Key(a) < Key(b); });
    for (size_t begin = 0, end = 0; begin < order.size(); begin = end) {
      while (end < order.size() && board.atom(order[end]) == board.atom(order[begin])) ++end;
      AddAtom({order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end)});
    }
    LinkAtoms();
    LinkPieces();
    Finish();
  }

  const AtomGraph& graph() const { return graph_; }
  const std::vector<int>& doors(int atom) const { return doors_[atom]; }

 private:
  using Link = std::tuple<int, int, float>;

  const GroundStop& StopOf(int door) const { return board_.ground().stops[board_.stop(door)]; }
  const PointM& Centre(int atom) const { return graph_.atoms[atom].centre; }

  // Along the face within an atom of the board.
  std::tuple<int, double, int, int> Key(int door) const {
    const NetworkPlace& place = StopOf(door).walk.place;
    return {board_.atom(door), place.face >= 0 ? place.offset_m : static_cast<double>(StopOf(door).house_number),
            board_.stop(door), board_.rank(door)};
  }

  void AddAtom(const std::vector<int>& doors) {
    const auto first = static_cast<int>(graph_.atoms.size());
    board_atoms_.push_back(board_.atom(doors.front()));
    begin_.push_back(first);
    for (size_t begin = 0; begin < doors.size(); begin += most_) {
      const size_t end = std::min(doors.size(), begin + most_);
      Add({doors.begin() + static_cast<std::ptrdiff_t>(begin), doors.begin() + static_cast<std::ptrdiff_t>(end)});
      const auto atom = static_cast<int>(graph_.atoms.size()) - 1;
      if (atom > first) Join(atom - 1, atom, 0);
    }
  }

  void Add(std::vector<int> doors) {
    const NetworkPlace& low = StopOf(doors.front()).walk.place;
    Atom atom;
    atom.door_count = atom.load = static_cast<int>(doors.size());
    atom.boundary = StopOf(doors.front()).boundary;
    atom.face = low.face;
    atom.low_m = low.offset_m;
    atom.high_m = StopOf(doors.back()).walk.place.offset_m;
    for (const int door : doors) {
      const PointM& place = StopOf(door).walk.position;
      atom.centre.x += place.x / static_cast<double>(doors.size());
      atom.centre.y += place.y / static_cast<double>(doors.size());
    }
    graph_.atoms.push_back(std::move(atom));
    doors_.push_back(std::move(doors));
  }

  void Join(int a, int b, float distance_m) {
    const auto straight = static_cast<float>(DistanceM(Centre(a), Centre(b)));
    links_.emplace_back(std::min(a, b), std::max(a, b), std::max({distance_m, straight, kStep_m}));
  }

  // Half-open ranges of atoms, joined where they are nearest to each other, or nearly: two sides of a street can be
  // crossed all along.
  void LinkStretches(const std::pair<int, int>& one, const std::pair<int, int>& other, float distance_m) {
    std::vector<std::tuple<double, int, int>> nearest;  // of each of `one`
    for (int a = one.first; a < one.second; ++a) {
      std::tuple<double, int, int> best{std::numeric_limits<double>::infinity(), 0, 0};
      for (int b = other.first; b < other.second; ++b) best = std::min(best, {DistanceM(Centre(a), Centre(b)), a, b});
      nearest.push_back(best);
    }
    const double limit_m = std::get<0>(*std::min_element(nearest.begin(), nearest.end())) + kNearly_m;
    for (const auto& [apart_m, a, b] : nearest) {
      if (apart_m <= limit_m) Join(a, b, distance_m);
    }
  }

  // Neighbours on the board are neighbours here.
  void LinkAtoms() {
    begin_.push_back(static_cast<int>(graph_.atoms.size()));
    const AtomGraph& whole = board_.graph();
    for (size_t i = 0; i < board_atoms_.size(); ++i) {
      for (const AtomEdge* edge = whole.Begin(board_atoms_[i]); edge != whole.End(board_atoms_[i]); ++edge) {
        const auto at = std::lower_bound(board_atoms_.begin(), board_atoms_.end(), edge->to);
        if (at == board_atoms_.end() || *at != edge->to || *at < board_atoms_[i]) continue;
        const size_t j = at - board_atoms_.begin();
        LinkStretches({begin_[i], begin_[i + 1]}, {begin_[j], begin_[j + 1]}, edge->distance_m);
      }
    }
  }

  // What hangs together by no link is joined by straight ones, so that it is cut as one.
  void LinkPieces() {
    std::vector<int> root(graph_.atoms.size());
    std::iota(root.begin(), root.end(), 0);
    const auto find = [&root](int a) {
      while (root[a] != a) a = root[a] = root[root[a]];
      return a;
    };
    for (const auto& [a, b, distance] : links_) root[find(a)] = find(b);
    for (int a = 1; a < static_cast<int>(root.size()); ++a) {
      if (find(a) == find(0)) continue;
      // The whole piece of `a` to what is joined to the first atom by now.
      std::tuple<double, int, int> best{std::numeric_limits<double>::infinity(), 0, a};
      const int piece = find(a), home = find(0);
      std::vector<int> inside;
      for (int b = 0; b < static_cast<int>(root.size()); ++b) {
        if (find(b) == piece) inside.push_back(b);
      }
      for (int b = 0; b < static_cast<int>(root.size()); ++b) {
        if (find(b) != home) continue;
        for (const int c : inside) best = std::min(best, {DistanceM(Centre(b), Centre(c)), b, c});
      }
      Join(std::get<1>(best), std::get<2>(best), static_cast<float>(kOffNetworkDetour * std::get<0>(best)));
      root[piece] = home;
    }
  }

  void Finish() {
    std::vector<Link> both;
    for (const auto& [a, b, distance] : links_) {
      both.emplace_back(a, b, distance);
      both.emplace_back(b, a, distance);
    }
    std::sort(both.begin(), both.end());
    const size_t count = graph_.atoms.size();
    graph_.edge_start.assign(count + 1, 0);
    for (size_t i = 0; i < both.size(); ++i) {
      const auto& [from, to, distance] = both[i];
      if (i > 0 && std::get<0>(both[i - 1]) == from && std::get<1>(both[i - 1]) == to) continue;
      ++graph_.edge_start[from + 1];
      graph_.edges.push_back({to, distance});
    }
    std::partial_sum(graph_.edge_start.begin(), graph_.edge_start.end(), graph_.edge_start.begin());
    graph_.cell.assign(count, 0);
    graph_.cell_count = 1;
  }

  const BoardGround& board_;
  const size_t most_;  // doors of an atom
  AtomGraph graph_;
  std::vector<std::vector<int>> doors_;  // of each atom
  std::vector<int> board_atoms_;         // ascending
  std::vector<int> begin_;               // of each of them, its first atom here
  std::vector<Link> links_;
};

// The rule by which the parts are about equal.
LoadRule EvenRule(int doors, int parts) {
  const double even = static_cast<double>(doors) / parts;
  LoadRule rule;
  rule.min = std::max(1, static_cast<int>(std::min(std::floor(even), std::ceil(0.9 * even))));
  rule.target = std::max(1, static_cast<int>(std::lround(even)));
  rule.max = static_cast<int>(std::max(std::ceil(even), std::floor(1.1 * even)));
  return rule;
}

std::vector<std::vector<int>> Bisect(const DoorGraph& graph, int doors, int parts) {
  std::vector<int> atoms(graph.graph().atoms.size());
  std::iota(atoms.begin(), atoms.end(), 0);
  Bisector bisector(graph.graph(), EvenRule(doors, parts));
  return bisector.Split(atoms, parts);
}

std::vector<int> AtomsOf(const BoardGround& board, const std::vector<int>& doors) {
  std::vector<int> atoms;
  atoms.reserve(doors.size());
  for (const int door : doors) atoms.push_back(board.atom(door));
  std::sort(atoms.begin(), atoms.end());
  atoms.erase(std::unique(atoms.begin(), atoms.end()), atoms.end());
  return atoms;
}

// Pieces in which the sets of atoms hang together, each set one piece whatever its atoms do.
int CountJoined(const AtomGraph& graph, const std::vector<std::vector<int>>& sets) {
  std::vector<std::pair<int, int>> nodes;  // atom, set
  for (int set = 0; set < static_cast<int>(sets.size()); ++set) {
    for (const int atom : sets[set]) nodes.emplace_back(atom, set);
  }
  std::sort(nodes.begin(), nodes.end());
  std::vector<int> root(nodes.size());
  std::iota(root.begin(), root.end(), 0);
  auto pieces = static_cast<int>(nodes.size());
  const auto find = [&root](int a) {
    while (root[a] != a) a = root[a] = root[root[a]];
    return a;
  };
  const auto join = [&](int a, int b) {
    if (find(a) == find(b)) return;
    root[find(a)] = find(b);
    --pieces;
  };
  std::vector<int> first_of(sets.size(), -1);
  for (int i = 0; i < static_cast<int>(nodes.size()); ++i) {
    const auto [atom, set] = nodes[i];
    if (i > 0 && nodes[i - 1].first == atom) join(i - 1, i);
    if (first_of[set] >= 0) join(first_of[set], i);
    first_of[set] = i;
    for (const AtomEdge* edge = graph.Begin(atom); edge != graph.End(atom); ++edge) {
      const auto at = std::lower_bound(nodes.begin(), nodes.end(), std::pair(edge->to, -1));
      if (at != nodes.end() && at->first == edge->to) join(i, static_cast<int>(at - nodes.begin()));
    }
  }
  return pieces;
}

}  // namespace

std::vector<std::vector<int>> SplitDoors(const BoardGround& board, const std::vector<int>& doors, int parts) {
  if (parts == 1) return {doors};
  const DoorGraph graph(board, doors, parts);
  std::vector<std::vector<int>> groups = Bisect(graph, static_cast<int>(doors.size()), parts);
  std::vector<std::vector<int>> result;
  for (const std::vector<int>& group : groups) {
    std::vector<int>& part = result.emplace_back();
    for (const int atom : group) part.insert(part.end(), graph.doors(atom).begin(), graph.doors(atom).end());
  }
  // Pieces that could not be parted further leave parts out: the largest is halved along its street.
  while (static_cast<int>(result.size()) < parts) {
    const auto largest = std::max_element(result.begin(), result.end(),
                                          [](const auto& a, const auto& b) { return a.size() < b.size(); });
    const auto middle = largest->begin() + static_cast<std::ptrdiff_t>(largest->size() / 2);
    std::vector<int> half(middle, largest->end());
    largest->erase(middle, largest->end());
    result.insert(largest + 1, std::move(half));
  }
  for (std::vector<int>& part : result) std::sort(part.begin(), part.end());
  return result;
}

int CountPieces(const BoardGround& board, const std::vector<int>& doors) {
  return CountPieces(board.graph(), AtomsOf(board, doors));
}

bool AreAdjacent(const BoardGround& board, const std::vector<std::vector<int>>& sets) {
  std::vector<std::vector<int>> atoms;
  for (const std::vector<int>& doors : sets) atoms.push_back(AtomsOf(board, doors));
  return CountJoined(board.graph(), atoms) <= 1;
}

}  // namespace snowfield::geo
