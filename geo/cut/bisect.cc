#include "geo/cut/bisect.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numbers>
#include <queue>
#include <tuple>
#include <utility>

#include "geo/cut/cut_mender.h"

namespace snowfield::geo {
namespace {

constexpr int kDirections = 8;
// Cuts that are mended before the best is chosen.
constexpr size_t kMended = 4;
// A piece left apart costs as much as cutting this many near neighbours.
constexpr double kPiecePrice = 40;
// As much out of the range as a fortieth of a turf costs this.
constexpr double kRangePrice = 1'000;

// Distances on the graph within a set of atoms, from some of them.
std::vector<double> Spread(const AtomGraph& graph, const std::vector<int>& atoms, const std::vector<int>& local,
                           const std::vector<int>& sources) {
  std::vector<double> distance(atoms.size(), std::numeric_limits<double>::infinity());
  std::priority_queue<std::pair<double, int>, std::vector<std::pair<double, int>>, std::greater<>> heap;
  for (const int source : sources) {
    distance[source] = 0;
    heap.emplace(0, source);
  }
  while (!heap.empty()) {
    const auto [d, i] = heap.top();
    heap.pop();
    if (d > distance[i]) continue;
    for (const AtomEdge* edge = graph.Begin(atoms[i]); edge != graph.End(atoms[i]); ++edge) {
      const int j = local[edge->to];
      if (j < 0) continue;
      const Atom& from = graph.atoms[atoms[i]];
      const double next = d + edge->distance_m + (from.high_m - from.low_m) / 2 + 5;
      if (next >= distance[j]) continue;
      distance[j] = next;
      heap.emplace(next, j);
    }
  }
  return distance;
}

std::vector<int> OrderBy(const std::vector<int>& atoms, const std::vector<double>& key) {
  std::vector<int> index(atoms.size());
  for (size_t i = 0; i < index.size(); ++i) index[i] = static_cast<int>(i);
  std::sort(index.begin(), index.end(), [&](int a, int b) { return std::pair(key[a], a) < std::pair(key[b], b); });
  for (int& i : index) i = atoms[i];
  return index;
}

int Farthest(const std::vector<double>& distance) {
  int best = 0;
  for (int i = 0; i < static_cast<int>(distance.size()); ++i) {
    if (std::isfinite(distance[i]) && distance[i] > distance[best]) best = i;
  }
  return best;
}

// Pieces of one side, beyond the first.
class PieceCounter {
 public:
  PieceCounter(const AtomGraph& graph, std::vector<int>* mark) : graph_(graph), mark_(*mark) {}
  // `side` are the atoms marked `value`.
  int Count(const int* begin, const int* end, int value) {
    int pieces = 0;
    for (const int* a = begin; a != end; ++a) {
      if (mark_[*a] != value) continue;
      ++pieces;
      open_.assign(1, *a);
      mark_[*a] = -2 - value;
      while (!open_.empty()) {
        const int atom = open_.back();
        open_.pop_back();
        for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
          if (mark_[edge->to] != value) continue;
          mark_[edge->to] = -2 - value;
          open_.push_back(edge->to);
        }
      }
    }
    for (const int* a = begin; a != end; ++a) mark_[*a] = value;
    return pieces;
  }

 private:
  const AtomGraph& graph_;
  std::vector<int>& mark_;
  std::vector<int> open_;
};

// Orders of atoms worth cutting. `local[atom]` is scratch of atoms.size(), all -1 before and after.
std::vector<std::vector<int>> SweepOrders(const AtomGraph& graph, const std::vector<int>& atoms,
                                          std::vector<int>* local) {
  std::vector<std::vector<int>> orders;
  std::vector<double> key(atoms.size());
  for (int d = 0; d < kDirections; ++d) {
    const double angle = std::numbers::pi * d / kDirections;
    for (size_t i = 0; i < atoms.size(); ++i) {
      const PointM& p = graph.atoms[atoms[i]].centre;
      key[i] = p.x * std::cos(angle) + p.y * std::sin(angle);
    }
    orders.push_back(OrderBy(atoms, key));
  }
  for (size_t i = 0; i < atoms.size(); ++i) (*local)[atoms[i]] = static_cast<int>(i);
  const int one = Farthest(Spread(graph, atoms, *local, {0}));
  const std::vector<double> from_one = Spread(graph, atoms, *local, {one});
  const int two = Farthest(from_one);
  const std::vector<double> from_two = Spread(graph, atoms, *local, {two});
  orders.push_back(OrderBy(atoms, from_one));
  orders.push_back(OrderBy(atoms, from_two));
  for (size_t i = 0; i < atoms.size(); ++i) {
    const bool reached = std::isfinite(from_one[i]) && std::isfinite(from_two[i]);
    key[i] = reached ? from_one[i] - from_two[i] : 1e12;
  }
  orders.push_back(OrderBy(atoms, key));
  for (const int atom : atoms) (*local)[atom] = -1;
  return orders;
}

class SetSplitter {
 public:
  SetSplitter(const AtomGraph& graph, const LoadRule& rule)
      : graph_(graph), rule_(rule), local_(graph.atoms.size(), -1), side_(graph.atoms.size(), -1), mender_(graph) {}

  std::vector<std::vector<int>> TakeGroups() { return std::exchange(groups_, {}); }

  void Split(std::vector<int> atoms, int turfs) {
    if (atoms.empty()) return;
    if (turfs <= 1 || atoms.size() == 1) {
      groups_.push_back(std::move(atoms));
      return;
    }
    const int64_t load = LoadOf(graph_, atoms);
    const TurfCount fit = CountTurfs(load, rule_);
    // Where not all can be in bounds, all but one are.
    const int first_turfs = fit.fits ? turfs / 2 : turfs - 1;
    const SideRange range = RangeOfFirstSide(load, turfs, first_turfs, rule_);
    const double ideal = fit.fits ? static_cast<double>(load) * first_turfs / turfs : static_cast<double>(range.low);
    auto [order, cut] = BestCut(atoms, range, ideal);
    const auto middle = order.begin() + cut;
    const std::vector<int> first(order.begin(), middle), second(middle, order.end());
    Split(first, first_turfs);
    Split(second, turfs - first_turfs);
  }

 private:
  std::pair<std::vector<int>, int> BestCut(const std::vector<int>& atoms, const SideRange& range, double ideal) {
    std::vector<std::vector<int>> orders = SweepOrders(graph_, atoms, &local_);
    const size_t forward = orders.size();
    for (size_t i = 0; i < forward; ++i) orders.emplace_back(orders[i].rbegin(), orders[i].rend());
    std::vector<std::tuple<double, size_t, int>> cuts;  // price, order, length
    for (size_t i = 0; i < orders.size(); ++i) {
      for (const int cut : CutsOf(orders[i], range, ideal)) {
        cuts.emplace_back(PriceOf(orders[i], cut, range, ideal), i, cut);
      }
    }
    std::sort(cuts.begin(), cuts.end());
    std::pair<std::vector<int>, int> best;
    double best_price = std::numeric_limits<double>::infinity();
    for (size_t i = 0; i < std::min<size_t>(cuts.size(), kMended); ++i) {
      std::vector<int> order = orders[std::get<1>(cuts[i])];
      const int cut = mender_.Mend(&order, std::get<2>(cuts[i]), range);
      const double price = PriceOf(order, cut, range, ideal);
      if (price >= best_price) continue;
      best_price = price;
      best = {std::move(order), cut};
    }
    return best;
  }

  // Prefix lengths worth a look: those nearest to the ideal, a few for small sets.
  std::vector<int> CutsOf(const std::vector<int>& order, const SideRange& range, double ideal) const {
    std::vector<int> inside;
    int nearest = 1;
    int64_t load = 0;
    double nearest_off = std::numeric_limits<double>::infinity();
    for (int i = 0; i + 1 < static_cast<int>(order.size()); ++i) {
      load += graph_.atoms[order[i]].load;
      const double off = std::abs(static_cast<double>(load) - ideal);
      if (off < nearest_off) {
        nearest_off = off;
        nearest = i + 1;
      }
      const double slack = std::max(rule_.target / 7.5, static_cast<double>(range.high - range.low) / 4);
      if (order.size() < 2'000 && load >= range.low && load <= range.high && off <= slack) inside.push_back(i + 1);
    }
    if (inside.empty()) inside.push_back(nearest);
    while (inside.size() > 8) {
      for (size_t i = 0; 2 * i < inside.size(); ++i) inside[i] = inside[2 * i];
      inside.resize((inside.size() + 1) / 2);
    }
    return inside;
  }

  double PriceOf(const std::vector<int>& order, int cut, const SideRange& range, double ideal) {
    int64_t load = 0;
    for (int i = 0; i < static_cast<int>(order.size()); ++i) {
      side_[order[i]] = i < cut ? 0 : 1;
      if (i < cut) load += graph_.atoms[order[i]].load;
    }
    const int64_t outside = std::max({int64_t{0}, range.low - load, load - range.high});
    double price = kRangePrice * 40 * static_cast<double>(outside) / rule_.target;
    // Room kept on both sides makes the later cuts easier.
    const double room = std::max(1.0, static_cast<double>(range.high - range.low) / 2);
    const double off = static_cast<double>(load) - ideal;
    price += 2 * off * off / (room * room);
    for (int i = 0; i < cut; ++i) {
      for (const AtomEdge* edge = graph_.Begin(order[i]); edge != graph_.End(order[i]); ++edge) {
        if (side_[edge->to] == 1) price += PartingCost(edge->distance_m);
      }
    }
    PieceCounter counter(graph_, &side_);
    const int pieces = counter.Count(order.data(), order.data() + cut, 0) +
                       counter.Count(order.data() + cut, order.data() + order.size(), 1);
    price += kPiecePrice * (pieces - 2);
    for (const int atom : order) side_[atom] = -1;
    return price;
  }

  const AtomGraph& graph_;
  const LoadRule rule_;
  std::vector<int> local_;
  std::vector<int> side_;
  CutMender mender_;
  std::vector<std::vector<int>> groups_;
};

}  // namespace

TurfCount CountTurfs(int64_t load, const LoadRule& rule) {
  const int64_t fewest = (load + rule.max - 1) / rule.max;
  const int64_t most = load / std::max(1, rule.min);
  const int64_t wanted = std::max<int64_t>(1, (2 * load + rule.target) / (2 * rule.target));
  if (fewest <= most) return {static_cast<int>(std::clamp(wanted, fewest, most)), true};
  return {static_cast<int>(std::max<int64_t>(1, fewest)), false};
}

std::vector<char> FittingCells(const AtomGraph& graph, const LoadRule& rule) {
  std::vector<int64_t> loads(graph.cell_count, 0);
  for (size_t atom = 0; atom < graph.atoms.size(); ++atom) loads[graph.cell[atom]] += graph.atoms[atom].load;
  std::vector<char> fits;
  for (const int64_t load : loads) fits.push_back(CountTurfs(load, rule).fits ? 1 : 0);
  return fits;
}

SideRange RangeOfFirstSide(int64_t load, int turfs, int first_turfs, const LoadRule& rule) {
  const int64_t rest = turfs - first_turfs;
  SideRange range;
  range.low = std::max<int64_t>(int64_t{first_turfs} * rule.min, load - rest * rule.max);
  range.high = std::min<int64_t>(int64_t{first_turfs} * rule.max, load - rest * rule.min);
  // No way to have all in bounds: the first side is, and leaves as much as it can.
  if (range.high < range.low) range.low = range.high = int64_t{first_turfs} * rule.min;
  return range;
}

struct Bisector::Inside {
  const AtomGraph& graph;
  const LoadRule rule;
  SetSplitter splitter;
};

Bisector::Bisector(const AtomGraph& graph, const LoadRule& rule)
    : inside_(new Inside{graph, rule, SetSplitter(graph, rule)}) {}
Bisector::~Bisector() = default;

std::vector<std::vector<int>> Bisector::Split(const std::vector<int>& atoms, int turfs) {
  inside_->splitter.Split(atoms, turfs);
  return inside_->splitter.TakeGroups();
}

void Bisector::AppendInTurfs(std::vector<int> atoms, std::vector<std::vector<int>>* groups) {
  const int64_t load = LoadOf(inside_->graph, atoms);
  if (load <= inside_->rule.max + inside_->rule.min / 2) {
    groups->push_back(std::move(atoms));
    return;
  }
  for (std::vector<int>& part : Split(atoms, CountTurfs(load, inside_->rule).turfs)) groups->push_back(std::move(part));
}

}  // namespace snowfield::geo
