// PointGrid: points in a uniform sparse grid, for "which stand in this window". Internal to geo.
// Thread safety: immutable once built; queries may run from any thread.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "geo/geos/geometry.h"

namespace snowfield::geo {

class PointGrid {
 public:
  PointGrid(const std::vector<XY>& points, double cell_m);

  // Calls visit(index, point) for each point in the window (its edge included), until it returns false.
  template <typename Visit>
  void VisitBox(const Box& window, const Visit& visit) const {
    const int64_t column0 = CellOf(window.min_x), column1 = CellOf(window.max_x), row1 = CellOf(window.max_y);
    for (int64_t row = CellOf(window.min_y); row <= row1; ++row) {
      // The cells of one row are neighbours in key order.
      const uint64_t last = KeyOf(column1, row);
      auto cell =
          static_cast<size_t>(std::lower_bound(keys_.begin(), keys_.end(), KeyOf(column0, row)) - keys_.begin());
      for (; cell < keys_.size() && keys_[cell] <= last; ++cell) {
        for (int i = starts_[cell]; i < starts_[cell + 1]; ++i) {
          const XY& p = points_[i];
          if (p.x < window.min_x || p.x > window.max_x || p.y < window.min_y || p.y > window.max_y) continue;
          if (!visit(index_[i], p)) return;
        }
      }
    }
  }

 private:
  int64_t CellOf(double metres) const { return static_cast<int64_t>(std::floor(metres / cell_m_)); }
  static uint64_t KeyOf(int64_t column, int64_t row) {
    constexpr int64_t kOffset = int64_t{1} << 31;
    return (static_cast<uint64_t>(row + kOffset) << 32) | static_cast<uint32_t>(column + kOffset);
  }

  double cell_m_;
  std::vector<uint64_t> keys_;  // of the cells that hold points, ascending
  std::vector<int> starts_;     // keys_.size() + 1
  std::vector<int> index_;
  std::vector<XY> points_;  // in the order of index_
};

}  // namespace snowfield::geo
