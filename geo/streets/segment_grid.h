// SegmentGrid: line segments in a uniform hashed grid, for "what lies near here" and "what does this line cross".
// Thread safety: immutable once built; queries may run from any thread.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "geo/frame/frame.h"

namespace snowfield::geo {

struct Segment {
  PointM a;
  PointM b;
  int owner = 0;  // what it belongs to, e.g. an index of a line or link
  int part = 0;   // which segment of the owner
};

// Where on a segment the nearest point is: `along` in [0, 1].
struct Projection {
  double distance_m = 0;
  double along = 0;
  PointM point;
};
Projection ProjectOnSegment(const PointM& point, const PointM& a, const PointM& b);

// True where the closed segments have a point in common.
bool SegmentsMeet(const PointM& a, const PointM& b, const PointM& c, const PointM& d);
// Twice the signed area of abc: positive where c is left of ab.
double Cross(const PointM& a, const PointM& b, const PointM& c);

class SegmentGrid {
 public:
  SegmentGrid() = default;
  SegmentGrid(std::vector<Segment> segments, double cell_m);

  const std::vector<Segment>& segments() const { return segments_; }
  // Calls `visit(index)` for every segment whose cells meet the box; some more than once. `visit` returns false to
  // stop.
  void VisitBox(double min_x, double min_y, double max_x, double max_y, const std::function<bool(int)>& visit) const;
  // True where a segment of the grid meets ab.
  bool Meets(const PointM& a, const PointM& b) const;

 private:
  uint64_t CellKey(int64_t column, int64_t row) const;
  std::vector<Segment> segments_;
  double cell_m_ = 1;
  // Open hash of cells: sorted keys with the start of each cell's entries.
  std::vector<uint64_t> keys_;
  std::vector<int> starts_;
  std::vector<int> entries_;
};

}  // namespace snowfield::geo
