// PlaceGrid: places in square cells, to find what is near. Thread safety: immutable once built.
#pragma once

#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::bench {

class PlaceGrid {
 public:
  // Keeps a pointer to `places`. Cells are as large as to hold about two places, were they evenly spread.
  explicit PlaceGrid(const std::vector<geo::PointM>& places);

  // The `count` nearest others of place i, nearest first (ties by index); fewer where there are not so many.
  std::vector<int> Nearest(int i, int count) const;

  // Calls visit(index) for each place in the cells that meet the box.
  template <typename Visit>
  void VisitBox(const geo::PointM& low, const geo::PointM& high, const Visit& visit) const {
    for (int row = Row(low.y); row <= Row(high.y); ++row) {
      for (int column = Column(low.x); column <= Column(high.x); ++column) VisitCell(column, row, visit);
    }
  }

 private:
  int Column(double x) const;
  int Row(double y) const;
  template <typename Visit>
  void VisitCell(int column, int row, const Visit& visit) const {
    const size_t cell = static_cast<size_t>(row) * columns_ + column;
    for (int at = cell_start_[cell]; at < cell_start_[cell + 1]; ++at) visit(members_[at]);
  }

  const std::vector<geo::PointM>* places_;
  geo::PointM low_;
  double cell_m_ = 1;
  int columns_ = 1;
  int rows_ = 1;
  std::vector<int> cell_start_;
  std::vector<int> members_;
};

}  // namespace snowfield::bench
