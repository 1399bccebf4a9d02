// SearchTour: a short round tour over a table of costs, the same ones both ways.
//
// Tours of up to kExactNodesMax nodes are the best there is (Bellman 1962, Held and Karp 1962). Longer ones are
// improved by 3-opt: every sequential exchange of two or three edges along lists of near neighbours (Lin and Kernighan
// 1973, to depth three; don't-look bits as a queue: Bentley 1992); then by kicks: a double bridge of short neighbouring
// paths, repaired by 3-opt around it, and taken back where the tour is longer for it (Martin, Otto and Felten 1991;
// Johnson and McGeoch 1997). A kick costs what it touches and not what the tour holds.
// The effort is counted in kicks and never by the clock: same input and seed, same tour.
// Thread safety: pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace snowfield::geo {

inline constexpr int kExactNodesMax = 9;

// Whole numbers of any unit, so that sums are exact and a gain is a gain. Costs may be below zero.
class CostTable {
 public:
  CostTable() = default;
  explicit CostTable(int size) : size_(size), costs_(static_cast<size_t>(size) * size, 0) {}

  int size() const { return size_; }
  int32_t operator()(int a, int b) const { return costs_[static_cast<size_t>(a) * size_ + b]; }
  const int32_t* Row(int a) const { return costs_.data() + static_cast<size_t>(a) * size_; }
  void Set(int a, int b, int32_t cost) {
    costs_[static_cast<size_t>(a) * size_ + b] = cost;
    costs_[static_cast<size_t>(b) * size_ + a] = cost;
  }

 private:
  int size_ = 0;
  std::vector<int32_t> costs_;
};

// Each start is a permutation of [0, costs.size()), and there is one at least. Returns the best tour found. kicks = 0:
// local search only.
std::vector<int> SearchTour(const CostTable& costs, const std::vector<std::vector<int>>& starts, int kicks,
                            uint64_t seed);

int64_t TourCost(const CostTable& costs, const std::vector<int>& tour);

}  // namespace snowfield::geo
