#include "bench/geo/place_grid.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace snowfield::bench {

using geo::PointM;

PlaceGrid::PlaceGrid(const std::vector<PointM>& places) : places_(&places) {
  PointM high;
  if (!places.empty()) low_ = high = places.front();
  for (const PointM& p : places) {
    low_ = {std::min(low_.x, p.x), std::min(low_.y, p.y)};
    high = {std::max(high.x, p.x), std::max(high.y, p.y)};
  }
  const double width = high.x - low_.x, height = high.y - low_.y;
  const double cells = std::max(1.0, static_cast<double>(places.size()) / 2);
  cell_m_ = std::max({1.0, std::sqrt(width * height / cells), std::max(width, height) / 20'000});
  columns_ = static_cast<int>(width / cell_m_) + 1;
  rows_ = static_cast<int>(height / cell_m_) + 1;
  std::vector<int> cell_of(places.size());
  cell_start_.assign(static_cast<size_t>(columns_) * rows_ + 1, 0);
  for (size_t i = 0; i < places.size(); ++i) {
    cell_of[i] = Row(places[i].y) * columns_ + Column(places[i].x);
    ++cell_start_[cell_of[i] + 1];
  }
  std::partial_sum(cell_start_.begin(), cell_start_.end(), cell_start_.begin());
  members_.resize(places.size());
  std::vector<int> next(cell_start_.begin(), cell_start_.end() - 1);
  for (size_t i = 0; i < places.size(); ++i) members_[next[cell_of[i]]++] = static_cast<int>(i);
}

int PlaceGrid::Column(double x) const { return std::clamp(static_cast<int>((x - low_.x) / cell_m_), 0, columns_ - 1); }
int PlaceGrid::Row(double y) const { return std::clamp(static_cast<int>((y - low_.y) / cell_m_), 0, rows_ - 1); }

std::vector<int> PlaceGrid::Nearest(int i, int count) const {
  const PointM& here = (*places_)[i];
  const int column = Column(here.x), row = Row(here.y);
  std::vector<std::pair<double, int>> found;
  const auto look = [&](int c, int r) {
    if (c < 0 || r < 0 || c >= columns_ || r >= rows_) return;
    VisitCell(c, r, [&](int j) {
      if (j != i) found.emplace_back(geo::DistanceM(here, (*places_)[j]), j);
    });
  };
  const int rings = std::max({column, row, columns_ - 1 - column, rows_ - 1 - row});
  for (int ring = 0; ring <= rings; ++ring) {
    for (int c = column - ring; c <= column + ring; ++c) {
      if (std::abs(c - column) == ring) {
        for (int r = row - ring; r <= row + ring; ++r) look(c, r);
      } else {
        look(c, row - ring);
        look(c, row + ring);
      }
    }
    if (static_cast<int>(found.size()) < count) continue;
    std::nth_element(found.begin(), found.begin() + (count - 1), found.end());
    // Nothing outside the rings seen is nearer than this.
    if (found[count - 1].first <= ring * cell_m_) break;
  }
  std::sort(found.begin(), found.end());
  if (static_cast<int>(found.size()) > count) found.resize(count);
  std::vector<int> nearest;
  for (const auto& [distance, j] : found) nearest.push_back(j);
  return nearest;
}

}  // namespace snowfield::bench
