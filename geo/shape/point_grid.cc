#include "geo/shape/point_grid.h"

#include <utility>

namespace snowfield::geo {

PointGrid::PointGrid(const std::vector<XY>& points, double cell_m) : cell_m_(cell_m) {
  std::vector<std::pair<uint64_t, int>> order;
  order.reserve(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    order.emplace_back(KeyOf(CellOf(points[i].x), CellOf(points[i].y)), static_cast<int>(i));
  }
  std::sort(order.begin(), order.end());
  index_.reserve(points.size());
  points_.reserve(points.size());
  for (const auto& [key, index] : order) {
    if (keys_.empty() || keys_.back() != key) {
      keys_.push_back(key);
      starts_.push_back(static_cast<int>(index_.size()));
    }
    index_.push_back(index);
    points_.push_back(points[index]);
  }
  starts_.push_back(static_cast<int>(index_.size()));
}

}  // namespace snowfield::geo
