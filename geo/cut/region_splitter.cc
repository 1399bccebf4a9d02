#include "geo/cut/region_splitter.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

#include "geo/cut/natural_neighbors.h"

namespace snowfield::geo {
namespace {

// A way over a gap is taken for so much longer than it is: regions end at water where they can.
constexpr double kGapFactor = 4;
// What a cut at a gap is worth, and uneven parts cost, against how much the parts are spread (a share of 1).
constexpr double kGapWorth = 0.3;
constexpr double kUnevenCost = 0.5;

// Trees looked at for a set: small sets are where an exact fit is hard to find.
int TreesFor(size_t turfs) { return turfs > 2'000 ? 4 : turfs > 200 ? 16 : 48; }

uint64_t Mix(uint64_t x) {  // SplitMix64
  x += 0x9E3779B97F4A7C15;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
  return x ^ (x >> 31);
}

class Forest {
 public:
  explicit Forest(size_t size) : parent_(size) { std::iota(parent_.begin(), parent_.end(), 0); }
  // False where they are joined already.
  bool Join(int a, int b) {
    a = Find(a);
    b = Find(b);
    if (a == b) return false;
    parent_[std::max(a, b)] = std::min(a, b);
    return true;
  }

 private:
  int Find(int a) {
    while (parent_[a] != a) {
      parent_[a] = parent_[parent_[a]];
      a = parent_[a];
    }
    return a;
  }
  std::vector<int> parent_;
};

// Sums over some turfs from which their number and their spread about their middle follow.
struct Mass {
  int turfs = 0;
  double x = 0, y = 0, squares = 0;

  void Add(const Mass& other) {
    turfs += other.turfs;
    x += other.x;
    y += other.y;
    squares += other.squares;
  }
  Mass Without(const Mass& part) const { return {turfs - part.turfs, x - part.x, y - part.y, squares - part.squares}; }
  double Spread() const { return turfs == 0 ? 0 : std::max(0.0, squares - (x * x + y * y) / turfs); }
};

class Splitter {
 public:
  Splitter(const TurfMap& map, int most) : map_(map), most_(most), region_(map.centres.size(), 0) {
    place_.resize(map.centres.size());
  }

  std::vector<int> Run() {
    std::vector<int> turfs(map_.centres.size());
    std::iota(turfs.begin(), turfs.end(), 0);
    std::vector<int> links(map_.links.size());
    std::iota(links.begin(), links.end(), 0);
    std::vector<Part> open;
    if (!turfs.empty()) open.push_back({std::move(turfs), std::move(links)});
    while (!open.empty()) {
      const Part part = std::move(open.back());
      open.pop_back();
      if (static_cast<int>(part.turfs.size()) > most_) {
        auto [first, second] = Split(part);
        open.push_back(std::move(second));
        open.push_back(std::move(first));
        continue;
      }
      for (const int turf : part.turfs) region_[turf] = next_;
      ++next_;
    }
    return std::move(region_);
  }

 private:
  struct Part {
    std::vector<int> turfs;
    std::vector<int> links;  // between them
  };
  // A tree over the part under work, turfs by their places in it: a turf comes after its parent.
  struct Tree {
    std::vector<int> order;
    std::vector<int> parent;  // -1 at the root
    std::vector<char> gap;    // the way to the parent leads over one
  };
  struct Cut {
    double cost = std::numeric_limits<double>::infinity();
    std::vector<int> side;  // 0 or 1 per place
  };

  int RegionsFor(int turfs) const { return (turfs + most_ - 1) / most_; }

  std::pair<Part, Part> Split(const Part& part) {
    const auto& [turfs, links] = part;
    for (size_t i = 0; i < turfs.size(); ++i) place_[turfs[i]] = static_cast<int>(i);
    Cut best;
    for (int tree = 0; tree < TreesFor(turfs.size()); ++tree) Improve(turfs, SpanningTree(turfs, links, tree), &best);
    Part parts[2];
    for (size_t i = 0; i < turfs.size(); ++i) parts[best.side[i]].turfs.push_back(turfs[i]);
    for (const int link : links) {
      const int a = best.side[place_[map_.links[link].a]];
      if (a == best.side[place_[map_.links[link].b]]) parts[a].links.push_back(link);
    }
    return {std::move(parts[0]), std::move(parts[1])};
  }

  double Weight(int link, int tree) const {
    const TurfLink& at = map_.links[link];
    const double length = DistanceM(map_.centres[at.a], map_.centres[at.b]) * (at.over_gap ? kGapFactor : 1);
    if (tree == 0) return length;
    const uint64_t bits = Mix((static_cast<uint64_t>(tree) << 32) + static_cast<uint64_t>(link));
    return length * (0.5 + 1.5 * static_cast<double>(bits >> 11) / static_cast<double>(uint64_t{1} << 53));
  }

  // The shortest (Kruskal), with lengths blurred differently for each tree but the first.
  Tree SpanningTree(const std::vector<int>& turfs, const std::vector<int>& links, int tree) {
    std::vector<std::pair<double, int>> by_weight;
    by_weight.reserve(links.size());
    for (const int link : links) by_weight.emplace_back(Weight(link, tree), link);
    std::sort(by_weight.begin(), by_weight.end());
    Forest forest(turfs.size());
    std::vector<std::vector<std::pair<int, char>>> beside(turfs.size());
    for (const auto& [weight, link] : by_weight) {
      const TurfLink& at = map_.links[link];
      const int a = place_[at.a], b = place_[at.b];
      if (!forest.Join(a, b)) continue;
      beside[a].emplace_back(b, at.over_gap);
      beside[b].emplace_back(a, at.over_gap);
    }
    Tree out{.order = {0}, .parent = std::vector<int>(turfs.size(), -1), .gap = std::vector<char>(turfs.size(), 0)};
    out.order.reserve(turfs.size());
    for (size_t i = 0; i < out.order.size(); ++i) {
      for (const auto& [next, gap] : beside[out.order[i]]) {
        if (next == out.parent[out.order[i]]) continue;
        out.parent[next] = out.order[i];
        out.gap[next] = gap;
        out.order.push_back(next);
      }
    }
    return out;
  }

  // Looks at each edge of the tree, and keeps the best cut so far.
  void Improve(const std::vector<int>& turfs, const Tree& tree, Cut* best) const {
    std::vector<Mass> below(turfs.size());
    for (size_t i = 0; i < turfs.size(); ++i) {
      const PointM& centre = map_.centres[turfs[i]];
      below[i] = {1, centre.x, centre.y, centre.x * centre.x + centre.y * centre.y};
    }
    for (size_t i = tree.order.size(); i-- > 1;) below[tree.parent[tree.order[i]]].Add(below[tree.order[i]]);
    const Mass& all = below[tree.order[0]];
    int at = -1;
    for (size_t i = 1; i < tree.order.size(); ++i) {
      const double cost = Cost(below[tree.order[i]], all, tree.gap[tree.order[i]] != 0);
      if (cost >= best->cost) continue;
      best->cost = cost;
      at = tree.order[i];
    }
    if (at < 0) return;
    best->side.assign(turfs.size(), 0);
    best->side[at] = 1;
    for (const int turf : tree.order) {
      if (turf != at && tree.parent[turf] >= 0) best->side[turf] = best->side[tree.parent[turf]];
    }
  }

  double Cost(const Mass& part, const Mass& all, bool gap) const {
    const Mass rest = all.Without(part);
    const int part_regions = RegionsFor(part.turfs), rest_regions = RegionsFor(rest.turfs);
    const int more = part_regions + rest_regions - RegionsFor(all.turfs);  // regions that the cut costs
    const double uneven =
        std::abs(static_cast<double>(part.turfs) / part_regions - static_cast<double>(rest.turfs) / rest_regions) /
        most_;
    const double whole = all.Spread();
    const double spread = whole > 0 ? (part.Spread() + rest.Spread()) / whole : 0;
    return more + kUnevenCost * uneven + spread - (gap ? kGapWorth : 0);
  }

  const TurfMap& map_;
  const int most_;
  std::vector<int> region_;
  std::vector<int> place_;  // of a turf in the part under work
  int next_ = 0;
};

}  // namespace

std::vector<int> SplitIntoRegions(const TurfMap& map, int most) { return Splitter(map, most).Run(); }

std::vector<TurfLink> JoinOverGaps(const std::vector<PointM>& centres, std::vector<TurfLink> sides) {
  Forest forest(centres.size());
  for (const TurfLink& link : sides) forest.Join(link.a, link.b);
  std::vector<std::pair<int, int>> ways = NaturalNeighbors(centres);
  std::stable_sort(ways.begin(), ways.end(), [&](const auto& a, const auto& b) {
    return DistanceM(centres[a.first], centres[a.second]) < DistanceM(centres[b.first], centres[b.second]);
  });
  for (const auto& [a, b] : ways) {
    if (forest.Join(a, b)) sides.push_back({.a = a, .b = b, .over_gap = true});
  }
  return sides;
}

}  // namespace snowfield::geo
