#include "geo/walk/tour_search.h"

#include <algorithm>
#include <numeric>

namespace snowfield::geo {
namespace {

constexpr int kNeighbors = 10;
constexpr int kSegmentMax = 3;       // Or-opt
constexpr int kKickSegmentMax = 30;  // nodes in a kicked segment
constexpr float kGainMin_m = 1e-3f;

class TourSearch {
 public:
  TourSearch(const std::vector<float>& cost, int size, uint64_t seed)
      : cost_(cost), size_(size), place_(size), queued_(size, 0), random_(seed * 2 + 1) {
    MakeNeighbors();
  }

  void Start(const std::vector<int>& tour) {
    tour_ = tour;
    Reindex(0, size_);
    for (const int node : tour_) Enqueue(node);
    Improve();
  }

  void Kick(int kicks) {
    if (size_ < 8) return;
    double best = TourCost(cost_, size_, tour_);
    for (int k = 0; k < kicks; ++k) {
      const std::vector<int> before = tour_;
      SwapSegments();
      Improve();
      const double now = TourCost(cost_, size_, tour_);
      if (now <= best) {
        best = now;
      } else {
        tour_ = before;
        Reindex(0, size_);
      }
    }
  }

  const std::vector<int>& tour() const { return tour_; }

 private:
  float D(int a, int b) const { return cost_[static_cast<size_t>(a) * size_ + b]; }
  int At(int position) const {
    return tour_[position < 0 ? position + size_ : position >= size_ ? position - size_ : position];
  }
  int Next(int node) const { return At(place_[node] + 1); }
  int Before(int node) const { return At(place_[node] - 1); }
  void Reindex(int begin, int end) {
    for (int i = begin; i < end; ++i) place_[tour_[i]] = i;
  }
  void Enqueue(int node) {
    if (queued_[node]) return;
    queued_[node] = 1;
    queue_.push_back(node);
  }

  void MakeNeighbors() {
    count_ = std::min(kNeighbors, size_ - 1);
    neighbors_.resize(static_cast<size_t>(size_) * count_);
    std::vector<int> others(size_);
    for (int a = 0; a < size_; ++a) {
      std::iota(others.begin(), others.end(), 0);
      std::swap(others[a], others.back());
      std::partial_sort(others.begin(), others.begin() + count_, others.end() - 1,
                        [&](int b, int c) { return D(a, b) < D(a, c) || (D(a, b) == D(a, c) && b < c); });
      std::copy_n(others.begin(), count_, neighbors_.begin() + static_cast<std::ptrdiff_t>(a) * count_);
    }
  }

  void Improve() {
    while (head_ < queue_.size()) {
      const int node = queue_[head_++];
      queued_[node] = 0;
      while (TryTwoOpt(node) || TryOrOpt(node)) {
      }
    }
    queue_.clear();
    head_ = 0;
  }

  // Replaces the edges (a, next a) and (c, next c), or those before, by (a, c) and their other ends.
  bool TryTwoOpt(int a) {
    for (const bool forward : {true, false}) {
      const int b = forward ? Next(a) : Before(a);
      for (int k = 0; k < count_; ++k) {
        const int c = neighbors_[static_cast<size_t>(a) * count_ + k];
        const float gain = D(a, b) - D(a, c);
        if (gain <= kGainMin_m) break;
        const int d = forward ? Next(c) : Before(c);
        if (c == b || d == a || gain + D(c, d) - D(b, d) <= kGainMin_m) continue;
        forward ? Reverse(std::min(place_[a], place_[c]) + 1, std::max(place_[a], place_[c]))
                : Reverse(std::min(place_[a], place_[c]), std::max(place_[a], place_[c]) - 1);
        for (const int node : {a, b, c, d}) Enqueue(node);
        return true;
      }
    }
    return false;
  }

  // Reverses the positions first..last; the rest reversed instead would be the same tour.
  void Reverse(int first, int last) {
    std::reverse(tour_.begin() + first, tour_.begin() + last + 1);
    Reindex(first, last + 1);
  }

  // Moves a segment that ends with `a` next to one of a's near nodes.
  bool TryOrOpt(int a) {
    for (int length = 1; length <= kSegmentMax && length + 2 < size_; ++length) {
      for (const bool a_first : {true, false}) {
        const int first = a_first ? place_[a] : place_[a] - length + 1;
        const int last = first + length - 1;
        if (first < 0 || last >= size_) continue;  // segments over the array's seam are reached another way
        if (MoveSegment(a, first, last, a_first)) return true;
        if (length == 1) break;
      }
    }
    return false;
  }

  bool MoveSegment(int a, int first, int last, bool a_first) {
    const int z = a_first ? tour_[last] : tour_[first];
    const int left = At(first - 1), right = At(last + 1);
    const float removed = D(left, tour_[first]) + D(tour_[last], right) - D(left, right);
    for (int k = 0; k < count_; ++k) {
      const int c = neighbors_[static_cast<size_t>(a) * count_ + k];
      if (removed - D(a, c) <= kGainMin_m) break;
      if (place_[c] >= first && place_[c] <= last) continue;
      for (const bool after : {true, false}) {
        const int e = after ? Next(c) : Before(c);
        if (place_[e] >= first && place_[e] <= last) continue;
        if (removed - (D(a, c) + D(z, e) - D(c, e)) <= kGainMin_m) continue;
        // After the move the tour reads c a..z e (after), or e z..a c.
        Relocate(first, last, after ? place_[c] : place_[e], after != a_first);
        for (const int node : {a, z, c, e, left, right}) Enqueue(node);
        return true;
      }
    }
    return false;
  }

  // Puts positions first..last between `gap` and the position after it, turned round where asked.
  void Relocate(int first, int last, int gap, bool turn) {
    if (turn) std::reverse(tour_.begin() + first, tour_.begin() + last + 1);
    if (gap > last) {
      std::rotate(tour_.begin() + first, tour_.begin() + last + 1, tour_.begin() + gap + 1);
      Reindex(first, gap + 1);
    } else {
      std::rotate(tour_.begin() + gap + 1, tour_.begin() + first, tour_.begin() + last + 1);
      Reindex(gap + 1, last + 1);
    }
  }

  // A double bridge: two neighbouring segments change places.
  void SwapSegments() {
    const int longest = std::min(kKickSegmentMax, (size_ - 2) / 3);
    const int one = 1 + Random(longest), two = 1 + Random(longest);
    const int first = Random(size_ - one - two + 1);
    for (const int position :
         {first - 1, first, first + one - 1, first + one, first + one + two - 1, first + one + two}) {
      Enqueue(At(position));
    }
    std::rotate(tour_.begin() + first, tour_.begin() + first + one, tour_.begin() + first + one + two);
    Reindex(first, first + one + two);
  }

  // xorshift64*: the same on every machine, unlike the distributions of <random>.
  int Random(int below) {
    random_ ^= random_ >> 12;
    random_ ^= random_ << 25;
    random_ ^= random_ >> 27;
    return static_cast<int>(((random_ * 0x2545F4914F6CDD1DULL) >> 33) % static_cast<uint64_t>(below));
  }

  const std::vector<float>& cost_;
  const int size_;
  int count_ = 0;
  std::vector<int> neighbors_;
  std::vector<int> tour_;
  std::vector<int> place_;
  std::vector<char> queued_;
  std::vector<int> queue_;
  size_t head_ = 0;
  uint64_t random_;
};

}  // namespace

double TourCost(const std::vector<float>& cost, int size, const std::vector<int>& tour) {
  double sum = 0;
  for (int i = 0; i < size; ++i) sum += cost[static_cast<size_t>(tour[i]) * size + tour[i + 1 < size ? i + 1 : 0]];
  return sum;
}

std::vector<int> SearchTour(const std::vector<float>& cost, int size, const std::vector<std::vector<int>>& starts,
                            int kicks, uint64_t seed) {
  if (size < 4) return starts.front();
  TourSearch search(cost, size, seed);
  std::vector<int> best;
  for (const std::vector<int>& start : starts) {
    search.Start(start);
    if (best.empty() || TourCost(cost, size, search.tour()) < TourCost(cost, size, best)) best = search.tour();
  }
  if (best != search.tour()) search.Start(best);
  search.Kick(kicks);
  return search.tour();
}

}  // namespace snowfield::geo
