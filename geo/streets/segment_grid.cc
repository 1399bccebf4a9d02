#include "geo/streets/segment_grid.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace snowfield::geo {
namespace {

// A segment that spans more cells than this along its box is entered piecewise.
constexpr double kStep = 0.5;

}  // namespace

double Cross(const PointM& a, const PointM& b, const PointM& c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

Projection ProjectOnSegment(const PointM& point, const PointM& a, const PointM& b) {
  const double dx = b.x - a.x, dy = b.y - a.y;
  const double square = dx * dx + dy * dy;
  Projection result;
  if (square > 0) {
    result.along = std::clamp(((point.x - a.x) * dx + (point.y - a.y) * dy) / square, 0.0, 1.0);
  }
  result.point = {a.x + result.along * dx, a.y + result.along * dy};
  result.distance_m = DistanceM(point, result.point);
  return result;
}

bool SegmentsMeet(const PointM& a, const PointM& b, const PointM& c, const PointM& d) {
  if (std::max(a.x, b.x) < std::min(c.x, d.x) || std::max(c.x, d.x) < std::min(a.x, b.x) ||
      std::max(a.y, b.y) < std::min(c.y, d.y) || std::max(c.y, d.y) < std::min(a.y, b.y)) {
    return false;
  }
  const double abc = Cross(a, b, c), abd = Cross(a, b, d), cda = Cross(c, d, a), cdb = Cross(c, d, b);
  return !((abc > 0 && abd > 0) || (abc < 0 && abd < 0) || (cda > 0 && cdb > 0) || (cda < 0 && cdb < 0));
}

uint64_t SegmentGrid::CellKey(int64_t column, int64_t row) const {
  return (static_cast<uint64_t>(column + (int64_t{1} << 31)) << 32) | static_cast<uint32_t>(row + (int64_t{1} << 31));
}

SegmentGrid::SegmentGrid(std::vector<Segment> segments, double cell_m)
    : segments_(std::move(segments)), cell_m_(cell_m) {
  std::vector<std::pair<uint64_t, int>> cells;
  for (int i = 0; i < static_cast<int>(segments_.size()); ++i) {
    const auto& [a, b, owner, part] = segments_[i];
    // Long segments are walked in short steps, so that a diagonal does not fill its whole box.
    const int steps = 1 + static_cast<int>(DistanceM(a, b) / (cell_m_ * kStep));
    for (int s = 0; s < steps; ++s) {
      const double t0 = static_cast<double>(s) / steps, t1 = static_cast<double>(s + 1) / steps;
      const PointM p{a.x + t0 * (b.x - a.x), a.y + t0 * (b.y - a.y)};
      const PointM q{a.x + t1 * (b.x - a.x), a.y + t1 * (b.y - a.y)};
      const auto column0 = static_cast<int64_t>(std::floor(std::min(p.x, q.x) / cell_m_));
      const auto column1 = static_cast<int64_t>(std::floor(std::max(p.x, q.x) / cell_m_));
      const auto row0 = static_cast<int64_t>(std::floor(std::min(p.y, q.y) / cell_m_));
      const auto row1 = static_cast<int64_t>(std::floor(std::max(p.y, q.y) / cell_m_));
      for (int64_t column = column0; column <= column1; ++column) {
        for (int64_t row = row0; row <= row1; ++row) cells.emplace_back(CellKey(column, row), i);
      }
    }
  }
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  for (const auto& [key, index] : cells) {
    if (keys_.empty() || keys_.back() != key) {
      keys_.push_back(key);
      starts_.push_back(static_cast<int>(entries_.size()));
    }
    entries_.push_back(index);
  }
  starts_.push_back(static_cast<int>(entries_.size()));
}

void SegmentGrid::VisitBox(double min_x, double min_y, double max_x, double max_y,
                           const std::function<bool(int)>& visit) const {
  if (keys_.empty()) return;
  const auto column0 = static_cast<int64_t>(std::floor(min_x / cell_m_));
  const auto column1 = static_cast<int64_t>(std::floor(max_x / cell_m_));
  const auto row0 = static_cast<int64_t>(std::floor(min_y / cell_m_));
  const auto row1 = static_cast<int64_t>(std::floor(max_y / cell_m_));
  for (int64_t column = column0; column <= column1; ++column) {
    // Rows of one column are neighbours in key order.
    auto key = std::lower_bound(keys_.begin(), keys_.end(), CellKey(column, row0));
    for (; key != keys_.end() && *key <= CellKey(column, row1); ++key) {
      const auto cell = static_cast<size_t>(key - keys_.begin());
      for (int e = starts_[cell]; e < starts_[cell + 1]; ++e) {
        if (!visit(entries_[e])) return;
      }
    }
  }
}

bool SegmentGrid::Meets(const PointM& a, const PointM& b) const {
  bool meets = false;
  VisitBox(std::min(a.x, b.x), std::min(a.y, b.y), std::max(a.x, b.x), std::max(a.y, b.y), [&](int index) {
    meets = SegmentsMeet(a, b, segments_[index].a, segments_[index].b);
    return !meets;
  });
  return meets;
}

}  // namespace snowfield::geo
