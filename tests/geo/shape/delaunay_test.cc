// What makes a triangulation Delaunay's, checked triangle by triangle in whole numbers. Random places print their seed.
#include "geo/shape/delaunay.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

namespace snowfield::geo {
namespace {

__extension__ typedef __int128 Int128;

std::vector<GridPlace> InRectangle(int32_t half, const std::vector<GridPlace>& inside) {
  std::vector<GridPlace> places{{-half, -half}, {half, -half}, {half, half}, {-half, half}};
  for (const int i : HilbertOrder(inside)) places.push_back(inside[i]);
  return places;
}

Int128 Area(const GridPlace& a, const GridPlace& b, const GridPlace& c) {
  return Int128{int64_t{b.x} - a.x} * (int64_t{c.y} - a.y) - Int128{int64_t{b.y} - a.y} * (int64_t{c.x} - a.x);
}

// Above 0 where p is inside the circle.
Int128 Inside(const GridPlace& a, const GridPlace& b, const GridPlace& c, const GridPlace& p) {
  const auto square = [&p](const GridPlace& q) {
    const int64_t x = int64_t{q.x} - p.x, y = int64_t{q.y} - p.y;
    return Int128{x} * x + Int128{y} * y;
  };
  return square(a) * Area(p, b, c) + square(b) * Area(p, c, a) + square(c) * Area(p, a, b);
}

void ExpectDelaunay(const std::vector<GridPlace>& places) {
  const Delaunay diagram(places);
  // Euler: a triangulation of n places with 4 on the hull.
  ASSERT_EQ(diagram.triangle_count(), 2 * static_cast<int>(places.size()) - 6);
  std::set<int> seen;
  for (int e = 0; e < diagram.half_edge_count(); ++e) {
    const GridPlace &a = places[diagram.Origin(e)], &b = places[diagram.Origin(Delaunay::Next(e))];
    const GridPlace& c = places[diagram.Origin(Delaunay::Previous(e))];
    ASSERT_TRUE(Area(a, b, c) > 0) << "a triangle without area, or clockwise";
    seen.insert(diagram.Origin(e));
    const int twin = diagram.Twin(e);
    if (twin < 0) {
      EXPECT_LT(std::max(diagram.Origin(e), diagram.Origin(Delaunay::Next(e))), 4) << "open inside the rectangle";
      continue;
    }
    ASSERT_EQ(diagram.Twin(twin), e);
    ASSERT_EQ(diagram.Origin(twin), diagram.Origin(Delaunay::Next(e)));
    // Empty circles edge by edge are empty circles everywhere (Delaunay 1934).
    ASSERT_TRUE(Inside(a, b, c, places[diagram.Origin(Delaunay::Previous(twin))]) <= 0) << "a circle that is not empty";
  }
  EXPECT_EQ(seen.size(), places.size());
  for (int e = 0; e < diagram.half_edge_count(); ++e) {
    const XY centre = diagram.Centre(e / 3);
    const GridPlace &a = places[diagram.Origin(e)], &b = places[diagram.Origin(Delaunay::Next(e))];
    const double to_a = std::hypot(centre.x - a.x, centre.y - a.y), to_b = std::hypot(centre.x - b.x, centre.y - b.y);
    EXPECT_NEAR(to_a, to_b, 1e-9 * (1 + to_a));
  }
}

TEST(Delaunay, HoldsOnRandomPlaces) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    for (const int32_t extent : {40, 100'000, kGridPlaceMax - 1}) {
      SCOPED_TRACE(testing::Message() << "seed " << seed << ", extent " << extent);
      std::mt19937_64 random(seed);
      std::set<std::pair<int32_t, int32_t>> distinct;
      for (int i = 0; i < 2'000; ++i) {
        const auto number = [&] {
          return static_cast<int32_t>(random() % (2 * static_cast<uint64_t>(extent))) - extent;
        };
        distinct.emplace(number() + 1, number() + 1);
      }
      std::vector<GridPlace> places;
      for (const auto& [x, y] : distinct) {
        if (std::abs(x) < extent && std::abs(y) < extent) places.push_back({x, y});
      }
      ExpectDelaunay(InRectangle(extent, places));
    }
  }
}

TEST(Delaunay, HoldsOnSquaresCirclesAndLines) {
  std::vector<GridPlace> squares, line, circle;
  for (int x = 0; x < 30; ++x) {
    for (int y = 0; y < 30; ++y) squares.push_back({x * 7, y * 7});
    line.push_back({x * 13, x * 13});
  }
  // All whole points on the circle of radius 325.
  for (int x = -325; x <= 325; ++x) {
    const int y = static_cast<int>(std::lround(std::sqrt(325.0 * 325 - x * x)));
    if (x * x + y * y != 325 * 325) continue;
    circle.push_back({x, y});
    if (y != 0) circle.push_back({x, -y});
  }
  EXPECT_GE(circle.size(), 28u);
  ExpectDelaunay(InRectangle(1'000, squares));
  ExpectDelaunay(InRectangle(1'000, line));
  ExpectDelaunay(InRectangle(1'000, circle));
  ExpectDelaunay(InRectangle(1'000, {}));
}

TEST(Delaunay, GoesRoundEachCellCounterClockwise) {
  std::mt19937_64 random(5);
  std::vector<GridPlace> inside;
  std::set<std::pair<int32_t, int32_t>> distinct;
  for (int i = 0; i < 500; ++i) {
    const auto x = static_cast<int32_t>(random() % 9'000) - 4'500, y = static_cast<int32_t>(random() % 9'000) - 4'500;
    if (distinct.emplace(x, y).second) inside.push_back({x, y});
  }
  const Delaunay diagram(InRectangle(10'000, inside));
  for (int first = 0; first < diagram.half_edge_count(); ++first) {
    if (diagram.Origin(first) < 4) continue;
    double twice_area = 0;
    int e = first, count = 0;
    do {
      ASSERT_EQ(diagram.Origin(e), diagram.Origin(first));
      const XY from = diagram.Centre(diagram.Twin(e) / 3), to = diagram.Centre(e / 3);
      twice_area += from.x * to.y - to.x * from.y;
      e = diagram.CellNext(e);
      ASSERT_LT(++count, 500);
    } while (e != first);
    EXPECT_GT(twice_area, 0);
  }
}

}  // namespace
}  // namespace snowfield::geo
