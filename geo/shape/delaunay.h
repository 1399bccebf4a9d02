// Delaunay: the Delaunay triangulation of places on a grid of whole units, and through it their Voronoi cells. Internal
// to geo/shape.
//
// Method: places are put in along a Hilbert curve, each found by walking from the last, and edges are flipped until
// every circle is empty (Lawson 1977). Predicates are exact: in doubles where the error bound decides (Shewchuk 1997),
// else in 128-bit integers. A general Voronoi diagram costs several times the memory of these 56 bytes a place.
//
// Half-edge e goes from place Origin(e) to Origin(Next(e)) in triangle e / 3, counter-clockwise. It is also the edge of
// the Voronoi cell of Origin(e) towards that other place: seen from the cell counter-clockwise it goes from the centre
// of triangle Twin(e) / 3 to that of e / 3, and CellNext(e) comes after it. Thread safety: immutable once built.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/geos/geometry.h"

namespace snowfield::geo {

struct GridPlace {
  int32_t x = 0;
  int32_t y = 0;
  friend bool operator==(const GridPlace&, const GridPlace&) = default;
};

// Coordinates lie in [-kGridPlaceMax, kGridPlaceMax]: then no determinant leaves 128 bits.
inline constexpr int32_t kGridPlaceMax = 1 << 29;

class Delaunay {
 public:
  // `places` are distinct; the first four are the corners of a rectangle, counter-clockwise from the lower left, and
  // all others lie inside it. Fastest where neighbours in the list are neighbours on the ground (HilbertOrder).
  explicit Delaunay(std::vector<GridPlace> places);

  int half_edge_count() const { return static_cast<int>(origin_.size()); }
  int triangle_count() const { return half_edge_count() / 3; }
  int Origin(int e) const { return origin_[e]; }
  // -1 on the rectangle.
  int Twin(int e) const { return twin_[e]; }
  static int Next(int e) { return e % 3 == 2 ? e - 2 : e + 1; }
  static int Previous(int e) { return e % 3 == 0 ? e + 2 : e - 1; }
  // -1 where the cell is open there: only at the rectangle's corners.
  int CellNext(int e) const { return twin_[Previous(e)]; }
  // The middle of the circle through the triangle's corners, in units; exact but for one rounding.
  XY Centre(int triangle) const;

 private:
  void Insert(int place);
  int TriangleAt(const GridPlace& place) const;
  void Flip(int e);
  void Link(int e, int f) {
    twin_[e] = f;
    if (f >= 0) twin_[f] = e;
  }

  std::vector<GridPlace> places_;
  std::vector<int> origin_;
  std::vector<int> twin_;
  std::vector<int> open_;  // half-edges whose circles are still to be looked at
  int last_ = 0;           // a triangle of the last place put in
};

// Indices of the places along a Hilbert curve; same for any order of the places, but for equal ones.
std::vector<int> HilbertOrder(const std::vector<GridPlace>& places);

}  // namespace snowfield::geo
