#include "geo/shape/delaunay.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace snowfield::geo {
namespace {

__extension__ typedef __int128 Int128;

// Bounds of the rounding error of the two determinants in doubles, as shares of their permanents (Shewchuk 1997).
constexpr double kUlp = 1.1102230246251565e-16;
constexpr double kOrientError = (3 + 16 * kUlp) * kUlp;
constexpr double kCircleError = (10 + 96 * kUlp) * kUlp;

int SignOf(Int128 value) { return value > 0 ? 1 : value < 0 ? -1 : 0; }

// 1 where c is left of ab, -1 right, 0 on it.
int Orient(const GridPlace& a, const GridPlace& b, const GridPlace& c) {
  // Differences of 31 bits are exact in doubles.
  const double abx = static_cast<double>(b.x) - a.x, aby = static_cast<double>(b.y) - a.y;
  const double acx = static_cast<double>(c.x) - a.x, acy = static_cast<double>(c.y) - a.y;
  const double left = abx * acy, right = aby * acx, determinant = left - right;
  if (std::abs(determinant) > kOrientError * (std::abs(left) + std::abs(right))) return determinant > 0 ? 1 : -1;
  const int64_t bx = int64_t{b.x} - a.x, by = int64_t{b.y} - a.y, cx = int64_t{c.x} - a.x, cy = int64_t{c.y} - a.y;
  return SignOf(Int128{bx} * cy - Int128{by} * cx);
}

int InCircleExact(const GridPlace& a, const GridPlace& b, const GridPlace& c, const GridPlace& p) {
  const int64_t ax = int64_t{a.x} - p.x, ay = int64_t{a.y} - p.y, bx = int64_t{b.x} - p.x, by = int64_t{b.y} - p.y;
  const int64_t cx = int64_t{c.x} - p.x, cy = int64_t{c.y} - p.y;
  const Int128 bc = Int128{bx} * cy - Int128{by} * cx, ca = Int128{cx} * ay - Int128{cy} * ax;
  const Int128 ab = Int128{ax} * by - Int128{ay} * bx;
  return SignOf((Int128{ax} * ax + Int128{ay} * ay) * bc + (Int128{bx} * bx + Int128{by} * by) * ca +
                (Int128{cx} * cx + Int128{cy} * cy) * ab);
}

// 1 where p is inside the circle through a, b, c (counter-clockwise), -1 outside, 0 on it.
int InCircle(const GridPlace& a, const GridPlace& b, const GridPlace& c, const GridPlace& p) {
  const double ax = static_cast<double>(a.x) - p.x, ay = static_cast<double>(a.y) - p.y;
  const double bx = static_cast<double>(b.x) - p.x, by = static_cast<double>(b.y) - p.y;
  const double cx = static_cast<double>(c.x) - p.x, cy = static_cast<double>(c.y) - p.y;
  const double bxcy = bx * cy, cxby = cx * by, cxay = cx * ay, axcy = ax * cy, axby = ax * by, bxay = bx * ay;
  const double a2 = ax * ax + ay * ay, b2 = bx * bx + by * by, c2 = cx * cx + cy * cy;
  const double determinant = a2 * (bxcy - cxby) + b2 * (cxay - axcy) + c2 * (axby - bxay);
  const double permanent = (std::abs(bxcy) + std::abs(cxby)) * a2 + (std::abs(cxay) + std::abs(axcy)) * b2 +
                           (std::abs(axby) + std::abs(bxay)) * c2;
  if (std::abs(determinant) > kCircleError * permanent) return determinant > 0 ? 1 : -1;
  return InCircleExact(a, b, c, p);
}

// Where a place of a 2^16 by 2^16 square lies along the Hilbert curve.
uint32_t HilbertIndex(uint32_t x, uint32_t y) {
  uint32_t index = 0;
  for (uint32_t side = 1u << 15; side > 0; side /= 2) {
    const uint32_t right = (x & side) != 0 ? 1 : 0, up = (y & side) != 0 ? 1 : 0;
    index = 4 * index + ((3 * right) ^ up);
    if (up == 0) {
      if (right == 1) {
        x = ~x;
        y = ~y;
      }
      std::swap(x, y);
    }
  }
  return index;
}

}  // namespace

Delaunay::Delaunay(std::vector<GridPlace> places) : places_(std::move(places)) {
  origin_.reserve(6 * places_.size());
  twin_.reserve(6 * places_.size());
  origin_ = {0, 1, 2, 0, 2, 3};
  twin_ = {-1, -1, 3, 2, -1, -1};
  for (int place = 4; place < static_cast<int>(places_.size()); ++place) Insert(place);
}

// Walks towards the place over the edges that it lies beyond.
int Delaunay::TriangleAt(const GridPlace& place) const {
  int from = -1;
  for (int triangle = last_;;) {
    int beyond = -1;
    for (int e = 3 * triangle; e < 3 * triangle + 3 && beyond < 0; ++e) {
      if (e != from && Orient(places_[origin_[e]], places_[origin_[Next(e)]], place) < 0) beyond = e;
    }
    if (beyond < 0) return triangle;
    from = twin_[beyond];
    triangle = from / 3;
  }
}

void Delaunay::Insert(int place) {
  const int e = 3 * TriangleAt(places_[place]);
  const int a = origin_[e], b = origin_[e + 1], c = origin_[e + 2];
  const int beside_bc = twin_[e + 1], beside_ca = twin_[e + 2];
  const auto added = static_cast<int>(origin_.size());
  origin_[e + 2] = place;                                  // a b place
  for (const int o : {b, c, place}) origin_.push_back(o);  // added
  for (const int o : {c, a, place}) origin_.push_back(o);  // added + 3
  twin_.resize(origin_.size());
  Link(added, beside_bc);
  Link(added + 3, beside_ca);
  Link(e + 1, added + 2);
  Link(added + 1, added + 5);
  Link(added + 4, e + 2);
  last_ = e / 3;
  open_ = {e, added, added + 3};
  while (!open_.empty()) {
    const int edge = open_.back();
    open_.pop_back();
    const int over = twin_[edge];
    if (over < 0) continue;
    const GridPlace &from = places_[origin_[edge]], &to = places_[origin_[Next(edge)]];
    const GridPlace& beyond = places_[origin_[Previous(over)]];
    // A place on the edge itself makes a triangle without area: flipped away at once.
    if (Orient(from, to, places_[place]) != 0 && InCircle(from, to, places_[place], beyond) <= 0) continue;
    Flip(edge);
    open_.push_back(edge);
    open_.push_back(over);
  }
}

// Edge a-b of the triangles (a, b, p) and (b, a, q) becomes q-p: (a, q, p) with `e` from a to q, and (q, b, p) with its
// twin from q to b.
void Delaunay::Flip(int e) {
  const int over = twin_[e];
  const int to_p = Next(e), to_q = Next(over), from_q = Previous(over);
  const int beside_bp = twin_[to_p], beside_aq = twin_[to_q], beside_qb = twin_[from_q];
  const int b = origin_[to_p], p = origin_[Previous(e)], q = origin_[from_q];
  origin_[to_p] = q;
  origin_[over] = q;
  origin_[to_q] = b;
  origin_[from_q] = p;
  Link(e, beside_aq);
  Link(over, beside_qb);
  Link(to_q, beside_bp);
  Link(to_p, from_q);
}

XY Delaunay::Centre(int triangle) const {
  const GridPlace &a = places_[origin_[3 * triangle]], &b = places_[origin_[3 * triangle + 1]];
  const GridPlace& c = places_[origin_[3 * triangle + 2]];
  const int64_t bx = int64_t{b.x} - a.x, by = int64_t{b.y} - a.y, cx = int64_t{c.x} - a.x, cy = int64_t{c.y} - a.y;
  const Int128 b2 = Int128{bx} * bx + Int128{by} * by, c2 = Int128{cx} * cx + Int128{cy} * cy;
  const auto twice_area = static_cast<double>(2 * (Int128{bx} * cy - Int128{by} * cx));
  return {a.x + static_cast<double>(b2 * cy - c2 * by) / twice_area,
          a.y + static_cast<double>(c2 * bx - b2 * cx) / twice_area};
}

std::vector<int> HilbertOrder(const std::vector<GridPlace>& places) {
  std::vector<int> order(places.size());
  if (places.empty()) return order;
  GridPlace low = places.front(), high = places.front();
  for (const GridPlace& place : places) {
    low = {std::min(low.x, place.x), std::min(low.y, place.y)};
    high = {std::max(high.x, place.x), std::max(high.y, place.y)};
  }
  const int64_t side = std::max({int64_t{1}, int64_t{high.x} - low.x, int64_t{high.y} - low.y});
  std::vector<std::pair<uint32_t, int>> along;
  along.reserve(places.size());
  for (size_t i = 0; i < places.size(); ++i) {
    const auto x = static_cast<uint32_t>((int64_t{places[i].x} - low.x) * 0xffff / side);
    const auto y = static_cast<uint32_t>((int64_t{places[i].y} - low.y) * 0xffff / side);
    along.emplace_back(HilbertIndex(x, y), static_cast<int>(i));
  }
  std::sort(along.begin(), along.end(), [&places](const auto& a, const auto& b) {
    const GridPlace &p = places[a.second], &q = places[b.second];
    return std::tie(a.first, p.x, p.y) < std::tie(b.first, q.x, q.y);
  });
  for (size_t i = 0; i < order.size(); ++i) order[i] = along[i].second;
  return order;
}

}  // namespace snowfield::geo
