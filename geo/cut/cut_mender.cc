#include "geo/cut/cut_mender.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

#include "geo/cut/bisect.h"

namespace snowfield::geo {
namespace {

// Steps of the search that shows an atom's neighbours are joined without it.
constexpr int kJoinSteps = 400;

}  // namespace

CutMender::CutMender(const AtomGraph& graph)
    : graph_(graph), side_(graph.atoms.size(), -1), seen_(graph.atoms.size(), 0) {}

int CutMender::Mend(std::vector<int>* order, int cut, const SideRange& range) {
  for (int i = 0; i < static_cast<int>(order->size()); ++i) side_[(*order)[i]] = i < cut ? 0 : 1;
  SendPiecesOver(*order, 0);
  SendPiecesOver(*order, 1);
  Balance(*order, range);
  const auto middle =
      std::stable_partition(order->begin(), order->end(), [this](int atom) { return side_[atom] == 0; });
  const auto first = static_cast<int>(middle - order->begin());
  for (const int atom : *order) side_[atom] = -1;
  return std::clamp(first, 1, static_cast<int>(order->size()) - 1);
}

void CutMender::SendPiecesOver(const std::vector<int>& atoms, int side) {
  std::vector<std::vector<int>> pieces;
  size_t largest = 0;
  std::vector<int64_t> loads;
  ++stamp_;
  for (const int start : atoms) {
    if (side_[start] != side || seen_[start] == stamp_) continue;
    std::vector<int> piece{start};
    seen_[start] = stamp_;
    int64_t piece_load = 0;
    for (size_t i = 0; i < piece.size(); ++i) {
      piece_load += graph_.atoms[piece[i]].load;
      for (const AtomEdge* edge = graph_.Begin(piece[i]); edge != graph_.End(piece[i]); ++edge) {
        if (side_[edge->to] != side || seen_[edge->to] == stamp_) continue;
        seen_[edge->to] = stamp_;
        piece.push_back(edge->to);
      }
    }
    pieces.push_back(std::move(piece));
    loads.push_back(piece_load);
    if (loads.back() > loads[largest]) largest = loads.size() - 1;
  }
  for (size_t p = 0; p < pieces.size(); ++p) {
    if (p == largest) continue;
    for (const int atom : pieces[p]) side_[atom] = 1 - side;
  }
}

// Cut weight that moving the atom over adds.
double CutMender::PriceToMove(int atom) const {
  double price = 0;
  for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
    if (side_[edge->to] < 0) continue;
    price += side_[edge->to] == side_[atom] ? PartingCost(edge->distance_m) : -PartingCost(edge->distance_m);
  }
  return price;
}

// True where the atom's neighbours on its side are not seen to be joined without it.
bool CutMender::HoldsTogether(int atom) {
  const int side = side_[atom];
  int wanted = 0, first = -1;
  for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
    if (side_[edge->to] != side) continue;
    ++wanted;
    if (first < 0) first = edge->to;
  }
  if (wanted <= 1) return wanted == 0;  // the last of its side stays
  // Marks the neighbours by a stamp of their own, then searches from the first.
  const int mark = stamp_ += 2;
  for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
    if (side_[edge->to] == side) seen_[edge->to] = mark - 1;
  }
  std::vector<int> open{first};
  seen_[first] = mark;
  int found = 1;
  for (size_t i = 0; i < open.size() && open.size() < kJoinSteps && found < wanted; ++i) {
    for (const AtomEdge* edge = graph_.Begin(open[i]); edge != graph_.End(open[i]); ++edge) {
      const int next = edge->to;
      if (next == atom || side_[next] != side || seen_[next] == mark) continue;
      if (seen_[next] == mark - 1) ++found;
      seen_[next] = mark;
      open.push_back(next);
    }
  }
  return found < wanted;
}

void CutMender::Balance(const std::vector<int>& atoms, const SideRange& range) {
  int64_t load = 0;
  for (const int atom : atoms) load += side_[atom] == 0 ? graph_.atoms[atom].load : 0;
  if (load >= range.low && load <= range.high) return;
  const int giver = load > range.high ? 0 : 1;
  const int sign = giver == 0 ? -1 : 1;
  using Entry = std::pair<double, int>;
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
  const auto offer = [&](int atom) {
    if (side_[atom] != giver) return;
    for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
      if (side_[edge->to] == 1 - giver) return heap.emplace(PriceToMove(atom), atom), void();
    }
  };
  for (const int atom : atoms) offer(atom);
  while (!heap.empty() && (load < range.low || load > range.high)) {
    const auto [price, atom] = heap.top();
    heap.pop();
    if (side_[atom] != giver || price != PriceToMove(atom)) continue;
    const int64_t next = load + sign * graph_.atoms[atom].load;
    const bool too_far = giver == 0 ? next < range.low : next > range.high;
    if (too_far || HoldsTogether(atom)) continue;
    side_[atom] = 1 - giver;
    load = next;
    for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
      if (side_[edge->to] >= 0) offer(edge->to);
    }
  }
}

}  // namespace snowfield::geo
