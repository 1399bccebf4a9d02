#include "geo/walk/tour_search.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "geo/walk/array_tour.h"

namespace snowfield::geo {
namespace {

constexpr int kNeighbors = 12;
constexpr int kKickPathMax = 50;  // nodes in a kicked path

class TourSearch {
 public:
  TourSearch(const CostTable& costs, uint64_t seed)
      : costs_(costs), size_(costs.size()), queued_(size_, 0), random_(seed * 2 + 1) {
    MakeNeighbors();
  }

  void Start(const std::vector<int>& order) {
    tour_.Assign(order);
    for (const int node : order) Enqueue(node);
    Improve();
    tour_.Keep();
  }

  void Kick(int kicks) {
    for (int k = 0; k < kicks; ++k) {
      const int64_t lost = DoubleBridge();
      if (Improve() >= lost) {
        tour_.Keep();
      } else {
        tour_.TakeBack();
      }
    }
  }

  const std::vector<int>& order() const { return tour_.order(); }

 private:
  struct Neighbor {
    int node;
    int32_t cost;
  };

  const Neighbor* NeighborsOf(int node) const { return neighbors_.data() + static_cast<size_t>(node) * count_; }

  void MakeNeighbors() {
    count_ = std::min(kNeighbors, size_ - 1);
    neighbors_.reserve(static_cast<size_t>(size_) * count_);
    for (int a = 0; a < size_; ++a) {
      const int32_t* row = costs_.Row(a);
      Neighbor nearest[kNeighbors];
      int found = 0;
      for (int b = 0; b < size_; ++b) {
        if (b == a || (found == count_ && row[b] >= nearest[found - 1].cost)) continue;
        int k = found < count_ ? found++ : found - 1;
        for (; k > 0 && nearest[k - 1].cost > row[b]; --k) nearest[k] = nearest[k - 1];
        nearest[k] = {b, row[b]};
      }
      neighbors_.insert(neighbors_.end(), nearest, nearest + found);
    }
  }

  void Enqueue(int node) {
    if (queued_[node]) return;
    queued_[node] = 1;
    queue_.push_back(node);
  }

  template <typename... Nodes>
  int64_t Gained(int64_t gain, Nodes... nodes) {
    (Enqueue(nodes), ...);
    return gain;
  }

  // Until no node of the queue begins an exchange that gains. Returns what was gained.
  int64_t Improve() {
    int64_t sum = 0;
    for (size_t head = 0; head < queue_.size(); ++head) {
      const int node = queue_[head];
      queued_[node] = 0;
      for (int64_t gain = 1; gain > 0; sum += gain) {
        gain = TryEdge<true>(node, tour_.Next(node));
        if (gain == 0) gain = TryEdge<false>(node, tour_.Before(node));
        if (gain == 0) break;
      }
    }
    queue_.clear();
    return sum;
  }

  // The exchanges that take out the edge t1 t2 and put in an edge t2 t3. Names as in Lin and Kernighan: edges t1 t2,
  // t3 t4 and t5 t6 leave the tour, t2 t3, t4 t5 and t6 t1 come in. "After" and "before" are meant with t2 after t1.
  // The first that gains is made. Returns its gain, or 0.
  template <bool kForward>
  int64_t TryEdge(int t1, int t2) {
    const int64_t open = costs_(t1, t2);
    const Neighbor* list = NeighborsOf(t2);
    for (const Neighbor* t3 = list; t3 != list + count_ && open > t3->cost; ++t3) {
      if (t3->node == t1) continue;
      if (const int64_t gain = TryBefore<kForward>(t1, t2, t3->node, open - t3->cost); gain > 0) return gain;
      if (const int64_t gain = TryAfter<kForward>(t1, t2, t3->node, open - t3->cost); gain > 0) return gain;
    }
    return 0;
  }

  // With t4 before t3 the edge t4 t1 closes a tour: t1 t4 ... t2 t3. If that doesn't gain, from there a second step.
  template <bool kForward>
  int64_t TryBefore(int t1, int t2, int t3, int64_t open) {
    const int t4 = Before<kForward>(t3);
    if (t4 == t2) return 0;
    const int32_t* to_t1 = costs_.Row(t1);
    const int to_t3 = Steps<kForward>(t2, t3);
    open += costs_(t3, t4);
    if (const int64_t gain = open - to_t1[t4]; gain > 0) {
      tour_.Exchange(t1, t2, t4, t3);
      return Gained(gain, t1, t2, t3, t4);
    }
    const Neighbor* list = NeighborsOf(t4);
    for (const Neighbor* t5 = list; t5 != list + count_ && open > t5->cost; ++t5) {
      if (t5->node == t1 || t5->node == t3) continue;
      const bool turned = Steps<kForward>(t2, t5->node) < to_t3;
      const int t6 = turned ? After<kForward>(t5->node) : Before<kForward>(t5->node);
      if (turned && t6 == t4) continue;
      const int64_t gain = open - t5->cost + costs_(t5->node, t6) - to_t1[t6];
      if (gain <= 0) continue;
      tour_.Exchange(t1, t2, t4, t3);
      tour_.Exchange(t1, t4, t6, t5->node);
      return Gained(gain, t1, t2, t3, t4, t5->node, t6);
    }
    return 0;
  }

  // With t4 after t3 the paths t2 ... t3 and t4 ... t1 come apart: t5 t6 is an edge of the first, and joins them again.
  template <bool kForward>
  int64_t TryAfter(int t1, int t2, int t3, int64_t open) {
    const int t4 = After<kForward>(t3);
    const int32_t* to_t1 = costs_.Row(t1);
    const int to_t3 = Steps<kForward>(t2, t3);
    open += costs_(t3, t4);
    const Neighbor* list = NeighborsOf(t4);
    for (const Neighbor* t5 = list; t5 != list + count_ && open > t5->cost; ++t5) {
      if (Steps<kForward>(t2, t5->node) > to_t3) continue;
      for (const bool swaps : {true, false}) {
        if (t5->node == (swaps ? t3 : t2)) continue;
        const int t6 = swaps ? After<kForward>(t5->node) : Before<kForward>(t5->node);
        const int64_t gain = open - t5->cost + costs_(t5->node, t6) - to_t1[t6];
        if (gain <= 0) continue;
        if (swaps) {
          SwapPaths(t1, t2, t5->node, t6, t3, t4);
        } else {
          tour_.Exchange(t1, t2, t6, t5->node);
          tour_.Exchange(t2, t5->node, t3, t4);
        }
        return Gained(gain, t1, t2, t3, t4, t5->node, t6);
      }
    }
    return 0;
  }

  template <bool kForward>
  int After(int node) const {
    return kForward ? tour_.Next(node) : tour_.Before(node);
  }
  template <bool kForward>
  int Before(int node) const {
    return kForward ? tour_.Before(node) : tour_.Next(node);
  }
  template <bool kForward>
  int Steps(int from, int to) const {
    return kForward ? tour_.Steps(from, to) : tour_.Steps(to, from);
  }

  // The tour reads left a ... b c ... d right; afterwards left c ... d a ... b right.
  void SwapPaths(int left, int a, int b, int c, int d, int right) {
    tour_.Exchange(left, a, d, right);
    tour_.Exchange(left, d, c, b);
    tour_.Exchange(d, b, a, right);
  }

  // Where a random place and random lengths say, left P Q R right becomes left R Q P right. Returns what that costs.
  int64_t DoubleBridge() {
    const int longest = std::min(kKickPathMax, (size_ - 2) / 3);
    const int begin = Random(size_);
    int place = 1;
    const auto path = [&] {
      const int first = place;
      place += 1 + Random(longest);
      return std::pair(tour_.At(begin, first), tour_.At(begin, place - 1));
    };
    const int left = tour_.At(begin, 0);
    const auto [a, b] = path();
    const auto [c, d] = path();
    const auto [e, f] = path();
    const int right = tour_.At(begin, place);
    tour_.Exchange(left, a, f, right);
    tour_.Exchange(left, f, e, d);
    tour_.Exchange(f, d, c, b);
    tour_.Exchange(d, b, a, right);
    const int64_t before = int64_t{costs_(left, a)} + costs_(b, c) + costs_(d, e) + costs_(f, right);
    const int64_t after = int64_t{costs_(left, e)} + costs_(f, c) + costs_(d, a) + costs_(b, right);
    return Gained(after - before, left, a, b, c, d, e, f, right);
  }

  // xorshift64*: the same on every machine, unlike the distributions of <random>.
  int Random(int below) {
    random_ ^= random_ >> 12;
    random_ ^= random_ << 25;
    random_ ^= random_ >> 27;
    return static_cast<int>(((random_ * 0x2545F4914F6CDD1DULL) >> 33) % static_cast<uint64_t>(below));
  }

  const CostTable& costs_;
  const int size_;
  int count_ = 0;
  std::vector<Neighbor> neighbors_;  // count_ of each node, nearest first
  ArrayTour tour_;
  std::vector<char> queued_;
  std::vector<int> queue_;
  uint64_t random_;
};

// Over sets of nodes and the last of each. The node 0 is both ends.
std::vector<int> BestTour(const CostTable& costs) {
  constexpr int64_t kNone = std::numeric_limits<int64_t>::max();
  const int others = costs.size() - 1;
  const unsigned all = (1u << others) - 1;
  std::vector<int64_t> least((size_t{all} + 1) * others, kNone);
  std::vector<int> via(least.size(), -1);
  const auto at = [others](unsigned set, int last) { return size_t{set} * others + last; };
  for (int i = 0; i < others; ++i) least[at(1u << i, i)] = costs(0, i + 1);
  for (unsigned set = 1; set <= all; ++set) {
    for (int last = 0; last < others; ++last) {
      const int64_t cost = least[at(set, last)];
      if (cost == kNone) continue;
      for (int next = 0; next < others; ++next) {
        if (set >> next & 1u) continue;
        const size_t to = at(set | 1u << next, next);
        if (cost + costs(last + 1, next + 1) >= least[to]) continue;
        least[to] = cost + costs(last + 1, next + 1);
        via[to] = last;
      }
    }
  }
  int last = 0;
  for (int i = 1; i < others; ++i) {
    if (least[at(all, i)] + costs(i + 1, 0) < least[at(all, last)] + costs(last + 1, 0)) last = i;
  }
  std::vector<int> tour = {0};
  for (unsigned set = all; last >= 0;) {
    tour.push_back(last + 1);
    const int before = via[at(set, last)];
    set &= ~(1u << last);
    last = before;
  }
  return tour;
}

}  // namespace

int64_t TourCost(const CostTable& costs, const std::vector<int>& tour) {
  int64_t sum = 0;
  for (size_t i = 0; i < tour.size(); ++i) sum += costs(tour[i], tour[i + 1 < tour.size() ? i + 1 : 0]);
  return sum;
}

std::vector<int> SearchTour(const CostTable& costs, const std::vector<std::vector<int>>& starts, int kicks,
                            uint64_t seed) {
  if (costs.size() < 4) return starts.front();
  if (costs.size() <= kExactNodesMax) return BestTour(costs);
  TourSearch search(costs, seed);
  std::vector<int> best;
  for (const std::vector<int>& start : starts) {
    search.Start(start);
    if (best.empty() || TourCost(costs, search.order()) < TourCost(costs, best)) best = search.order();
  }
  if (best != search.order()) search.Start(best);
  search.Kick(kicks);
  return search.order();
}

}  // namespace snowfield::geo
