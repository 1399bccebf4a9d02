#include "geo/cut/refine.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <set>
#include <tuple>
#include <utility>

#include "geo/cut/bisect.h"
#include "geo/frame/parallel.h"

namespace snowfield::geo {
namespace {

// Candidates of a pair that are walked.
constexpr int kWalked = 3;
// Two groups with more atoms than this together are left alone.
constexpr int kPairAtomsMax = 160;
constexpr double kGainMin_m = 0.5;
constexpr int kTurfOut = 10 * kTargetDoorsMax;
constexpr float kFar = std::numeric_limits<float>::infinity();

int OutOfBounds(int doors, const DoorBounds& bounds) {
  return std::max({0, bounds.min_doors - doors, doors - bounds.max_doors});
}

// What a split of a pair is worth, first things first.
struct Price {
  int out_of_bounds = 0;
  int pieces = 0;
  double walk_m = 0;
  friend auto operator<=>(const Price&, const Price&) = default;
};

// The atoms of a pair with their graph as a table.
class PairTable {
 public:
  PairTable(const AtomGraph& graph, std::vector<int> atoms, std::vector<int>* local)
      : graph_(graph), atoms_(std::move(atoms)), count_(static_cast<int>(atoms_.size())) {
    link_.assign(static_cast<size_t>(count_) * count_, kFar);
    for (int i = 0; i < count_; ++i) (*local)[atoms_[i]] = i;
    for (int i = 0; i < count_; ++i) {
      for (const AtomEdge* edge = graph.Begin(atoms_[i]); edge != graph.End(atoms_[i]); ++edge) {
        if ((*local)[edge->to] >= 0) link_[static_cast<size_t>(i) * count_ + (*local)[edge->to]] = edge->distance_m;
      }
    }
    for (const int atom : atoms_) (*local)[atom] = -1;
  }

  int count() const { return count_; }
  const std::vector<int>& atoms() const { return atoms_; }

  // The price of a side with the spanning forest's length for the walk.
  Price PriceOf(const std::vector<char>& side, const DoorBounds& bounds) {
    Price price;
    for (const char s : {0, 1}) {
      int doors = 0;
      for (int i = 0; i < count_; ++i) {
        if (side[i] == s) doors += graph_.atoms[atoms_[i]].door_count;
      }
      price.out_of_bounds += BoundsPrice(doors, bounds);
      AddForest(side, s, &price);
    }
    return price;
  }

 private:
  // Prim's algorithm on the table.
  void AddForest(const std::vector<char>& side, char which, Price* price) {
    open_.clear();
    for (int i = 0; i < count_; ++i) {
      if (side[i] != which) continue;
      open_.push_back(i);
      const Atom& atom = graph_.atoms[atoms_[i]];
      price->walk_m += atom.high_m - atom.low_m;
    }
    nearest_.assign(count_, kFar);
    while (!open_.empty()) {
      size_t best = 0;
      for (size_t k = 1; k < open_.size(); ++k) {
        if (nearest_[open_[k]] < nearest_[open_[best]]) best = k;
      }
      const int i = open_[best];
      if (nearest_[i] == kFar) {
        ++price->pieces;
      } else {
        price->walk_m += nearest_[i];
      }
      open_[best] = open_.back();
      open_.pop_back();
      const float* row = &link_[static_cast<size_t>(i) * count_];
      for (const int k : open_) nearest_[k] = std::min(nearest_[k], row[k]);
    }
  }

  const AtomGraph& graph_;
  const std::vector<int> atoms_;
  const int count_;
  std::vector<float> link_;
  std::vector<int> open_;
  std::vector<float> nearest_;
};

// The stops of some atoms, each once, ascending.
std::vector<int> StopsOf(const AtomGraph& graph, const std::vector<int>& atoms) {
  std::vector<int> stops;
  for (const int atom : atoms) {
    for (const AtomStop& stop : graph.atoms[atom].stops) stops.push_back(stop.stop);
  }
  std::sort(stops.begin(), stops.end());
  stops.erase(std::unique(stops.begin(), stops.end()), stops.end());
  return stops;
}

std::vector<WalkStop> WalkStopsAt(const Ground& ground, const std::vector<int>& stops) {
  std::vector<WalkStop> walk;
  walk.reserve(stops.size());
  for (const int stop : stops) walk.push_back(ground.stops[stop].walk);
  return walk;
}

class Refiner {
 public:
  Refiner(const Ground& ground, const AtomGraph& graph, const DoorBounds& bounds, const RefineOptions& options,
          std::vector<std::vector<int>>* groups)
      : ground_(ground), graph_(graph), bounds_(bounds), options_(options), groups_(*groups) {
    for (int t = 0; t < options.threads; ++t) {
      workers_.push_back(std::make_unique<Worker>(ground.network, graph.atoms.size()));
    }
    group_of_.assign(graph.atoms.size(), -1);
    for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
      for (const int atom : groups_[g]) group_of_[atom] = g;
    }
  }

  void Run() {
    walk_m_.assign(groups_.size(), 0);
    changed_.assign(groups_.size(), 0);
    ParallelFor(options_.threads, static_cast<int>(groups_.size()), 16, options_.stopped,
                [&](int thread, int g) { walk_m_[g] = WalkOf(thread, groups_[g]); });
    for (int pass = 1; pass <= options_.passes; ++pass) {
      if (!RunPass(pass)) return;
    }
  }

 private:
  struct Worker {
    Worker(const StreetNetwork& network, size_t atoms) : solver(network), local(atoms, -1) {}
    WalkSolver solver;
    std::vector<int> local;
  };
  using Pair = std::pair<int, int>;

  double WalkOf(int thread, const std::vector<int>& atoms) {
    WalkOptions walk;
    walk.kicks = 0;
    walk.seed = options_.seed;
    return workers_[thread]->solver.Cost(WalkStopsOf(ground_, graph_, atoms), walk);
  }

  // Neighbouring groups of which one changed since they were last tried.
  std::vector<Pair> PairsToTry(int pass) const {
    std::vector<Pair> pairs;
    for (int atom = 0; atom < static_cast<int>(graph_.atoms.size()); ++atom) {
      const int a = group_of_[atom];
      if (graph_.atoms[atom].whole_turf) continue;
      for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
        const int b = group_of_[edge->to];
        if (a >= b || graph_.atoms[edge->to].whole_turf) continue;
        if (std::max(changed_[a], changed_[b]) < pass - 1) continue;
        if (groups_[a].size() + groups_[b].size() <= kPairAtomsMax) pairs.emplace_back(a, b);
      }
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    return pairs;
  }

  bool RunPass(int pass) {
    std::vector<Pair> waiting = PairsToTry(pass);
    const size_t all = waiting.size();
    std::vector<char> busy(groups_.size());
    while (!waiting.empty()) {
      std::fill(busy.begin(), busy.end(), 0);
      std::vector<Pair> round, later;
      for (const Pair& pair : waiting) {
        const bool free = !busy[pair.first] && !busy[pair.second];
        (free ? round : later).push_back(pair);
        if (free) busy[pair.first] = busy[pair.second] = 1;
      }
      const bool finished =
          ParallelFor(options_.threads, static_cast<int>(round.size()), 4, options_.stopped,
                      [&](int thread, int i) { TryPair(thread, round[i].first, round[i].second, pass); });
      if (!finished) return false;
      waiting = std::move(later);
      const double done = 1 - static_cast<double>(waiting.size()) / static_cast<double>(all);
      if (options_.progress) options_.progress((pass - 1 + done) / options_.passes);
    }
    return true;
  }

  void TryPair(int thread, int a, int b, int pass) {
    std::vector<int> atoms = groups_[a];
    atoms.insert(atoms.end(), groups_[b].begin(), groups_[b].end());
    PairTable table(graph_, atoms, &workers_[thread]->local);
    std::vector<char> now(atoms.size(), 0);
    std::fill(now.begin() + static_cast<std::ptrdiff_t>(groups_[a].size()), now.end(), 1);
    Price price = table.PriceOf(now, bounds_);
    const Price tree = price;
    price.walk_m = walk_m_[a] + walk_m_[b];
    const std::vector<std::vector<char>> candidates = Candidates(thread, &table, now, tree);
    if (candidates.empty()) return;
    // One table of legs for the pair serves all its splits.
    const std::vector<int> stops = StopsOf(graph_, atoms);
    workers_[thread]->solver.PrepareSubsets(WalkStopsAt(ground_, stops));
    const auto walk_of = [&](const std::vector<int>& part) {
      std::vector<int> subset;
      for (const int stop : StopsOf(graph_, part)) {
        subset.push_back(static_cast<int>(std::lower_bound(stops.begin(), stops.end(), stop) - stops.begin()));
      }
      WalkOptions walk;
      walk.kicks = 0;
      walk.seed = options_.seed;
      return workers_[thread]->solver.SubsetCost(subset, walk);
    };
    for (const std::vector<char>& side : candidates) {
      std::vector<int> first, second;
      for (size_t i = 0; i < atoms.size(); ++i) (side[i] == 0 ? first : second).push_back(atoms[i]);
      Price next = table.PriceOf(side, bounds_);
      const double walk_a = walk_of(first);
      next.walk_m = walk_a + kGainMin_m;
      if (next >= price) continue;
      const double walk_b = walk_of(second);
      next.walk_m += walk_b;
      if (next >= price) continue;
      price = next;
      walk_m_[a] = walk_a;
      walk_m_[b] = walk_b;
      for (const int atom : first) group_of_[atom] = a;
      for (const int atom : second) group_of_[atom] = b;
      groups_[a] = std::move(first);
      groups_[b] = std::move(second);
      changed_[a] = changed_[b] = pass;
    }
  }

  // The splits worth walking, best first by their trees.
  std::vector<std::vector<char>> Candidates(int thread, PairTable* table, const std::vector<char>& now,
                                            const Price& tree) {
    std::set<std::pair<Price, std::vector<char>>> best;
    // A tree is no walk: a little longer may still walk shorter.
    const Price limit{tree.out_of_bounds, tree.pieces, tree.walk_m * 1.03};
    const auto offer = [&](std::vector<char> side) {
      if (side[0] == 1) {
        for (char& s : side) s = static_cast<char>(1 - s);
      }
      const Price price = table->PriceOf(side, bounds_);
      if (price > limit) return;
      best.emplace(price, std::move(side));
      if (best.size() > kWalked + 1) best.erase(std::prev(best.end()));
    };
    OfferSweeps(thread, *table, offer);
    OfferMoves(now, offer);
    std::vector<char> same = now;
    std::vector<std::vector<char>> sides;
    for (const auto& [price, side] : best) {
      if (side != same && sides.size() < kWalked) sides.push_back(side);
    }
    return sides;
  }

  template <typename Offer>
  void OfferSweeps(int thread, const PairTable& table, const Offer& offer) {
    const std::vector<int>& atoms = table.atoms();
    std::vector<int> place(atoms.size());
    int all = 0;
    for (const int atom : atoms) all += graph_.atoms[atom].door_count;
    for (const std::vector<int>& order : SweepOrders(graph_, atoms, &workers_[thread]->local)) {
      std::vector<char> side(atoms.size(), 1);
      int doors = 0;
      for (size_t i = 0; i + 1 < order.size(); ++i) {
        const auto at = std::find(atoms.begin(), atoms.end(), order[i]) - atoms.begin();
        side[at] = 0;
        doors += graph_.atoms[order[i]].door_count;
        // Only where a side is about in bounds.
        if (OutOfBounds(doors, bounds_) < 8 || OutOfBounds(all - doors, bounds_) < 8) offer(side);
      }
    }
  }

  template <typename Offer>
  void OfferMoves(const std::vector<char>& now, const Offer& offer) {
    std::vector<char> side = now;
    for (size_t i = 0; i < side.size(); ++i) {
      side[i] = static_cast<char>(1 - side[i]);
      if (std::count(side.begin(), side.end(), side[i]) < static_cast<std::ptrdiff_t>(side.size())) offer(side);
      for (size_t j = i + 1; j < side.size(); ++j) {
        if (now[j] == now[i]) continue;
        side[j] = static_cast<char>(1 - side[j]);
        offer(side);
        side[j] = now[j];
      }
      side[i] = now[i];
    }
  }

  const Ground& ground_;
  const AtomGraph& graph_;
  const DoorBounds bounds_;
  const RefineOptions& options_;
  std::vector<std::vector<int>>& groups_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::vector<int> group_of_;
  std::vector<double> walk_m_;
  std::vector<int> changed_;
};

}  // namespace

int BoundsPrice(int doors, const DoorBounds& bounds) {
  const int out = OutOfBounds(doors, bounds);
  return out == 0 ? 0 : kTurfOut + out;
}

std::vector<WalkStop> WalkStopsOf(const Ground& ground, const AtomGraph& graph, const std::vector<int>& atoms) {
  return WalkStopsAt(ground, StopsOf(graph, atoms));
}

int CountPieces(const AtomGraph& graph, const std::vector<int>& atoms) {
  std::vector<int> left = atoms;
  std::sort(left.begin(), left.end());
  std::vector<char> seen(left.size(), 0);
  int pieces = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    if (seen[i]) continue;
    ++pieces;
    std::vector<int> open{left[i]};
    seen[i] = 1;
    while (!open.empty()) {
      const int atom = open.back();
      open.pop_back();
      for (const AtomEdge* edge = graph.Begin(atom); edge != graph.End(atom); ++edge) {
        const auto at = std::lower_bound(left.begin(), left.end(), edge->to);
        if (at == left.end() || *at != edge->to || seen[at - left.begin()]) continue;
        seen[at - left.begin()] = 1;
        open.push_back(edge->to);
      }
    }
  }
  return pieces;
}

void Refine(const Ground& ground, const AtomGraph& graph, const DoorBounds& bounds, const RefineOptions& options,
            std::vector<std::vector<int>>* groups) {
  Refiner(ground, graph, bounds, options, groups).Run();
}

}  // namespace snowfield::geo
