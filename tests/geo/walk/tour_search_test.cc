#include "geo/walk/tour_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <numeric>
#include <random>
#include <sstream>
#include <string>

#include "geo/frame/frame.h"
#include "geo/walk/array_tour.h"

namespace snowfield::geo {
namespace {

using ::testing::UnorderedElementsAreArray;

std::vector<int> Identity(int size) {
  std::vector<int> order(size);
  std::iota(order.begin(), order.end(), 0);
  return order;
}

CostTable TableOf(const std::vector<PointM>& points) {
  CostTable costs(static_cast<int>(points.size()));
  for (int a = 0; a < costs.size(); ++a) {
    for (int b = 0; b < a; ++b) costs.Set(a, b, static_cast<int32_t>(std::lround(DistanceM(points[a], points[b]))));
  }
  return costs;
}

std::vector<PointM> RandomPoints(int size, int side, std::mt19937_64* random) {
  std::vector<PointM> points(size);
  for (PointM& p : points) p = {static_cast<double>((*random)() % side), static_cast<double>((*random)() % side)};
  return points;
}

int64_t BestByTrying(const CostTable& costs) {
  std::vector<int> tour = Identity(costs.size());
  int64_t best = TourCost(costs, tour);
  while (std::next_permutation(tour.begin() + 1, tour.end())) best = std::min(best, TourCost(costs, tour));
  return best;
}

TEST(SearchTour, FindsTheBestOfAllTours) {
  const uint64_t seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int size = 2; size <= 10; ++size) {  // the largest is above kExactNodesMax
    for (int round = 0; round < (size < 9 ? 20 : 3); ++round) {
      const CostTable costs = TableOf(RandomPoints(size, 1'000, &random));
      const std::vector<int> found = SearchTour(costs, {Identity(size)}, 30, seed);
      EXPECT_THAT(found, UnorderedElementsAreArray(Identity(size)));
      EXPECT_EQ(TourCost(costs, found), BestByTrying(costs)) << size << " nodes";
    }
  }
}

TEST(SearchTour, FindsTheBestWithoutTriangleInequality) {
  std::mt19937_64 random(3);
  for (const int size : {8, 10}) {
    CostTable costs(size);
    for (int a = 0; a < size; ++a) {
      for (int b = 0; b < a; ++b) costs.Set(a, b, static_cast<int32_t>(random() % 1'000) - 200);
    }
    EXPECT_EQ(TourCost(costs, SearchTour(costs, {Identity(size)}, 200, 1)), BestByTrying(costs)) << size << " nodes";
  }
}

TEST(SearchTour, VisitsEachNodeOnceAndIsNeverWorseThanItsStarts) {
  const uint64_t seed = 11;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int size = 1; size <= 70; ++size) {
    // Few places, so that many nodes stand on each other and many tours cost the same.
    const CostTable costs = TableOf(RandomPoints(size, size % 3 == 0 ? 4 : 1'000, &random));
    std::vector<std::vector<int>> starts(2, Identity(size));
    std::shuffle(starts[1].begin(), starts[1].end(), random);
    const std::vector<int> found = SearchTour(costs, starts, size % 4 * 10, seed);
    EXPECT_THAT(found, UnorderedElementsAreArray(Identity(size)));
    for (const std::vector<int>& start : starts) EXPECT_LE(TourCost(costs, found), TourCost(costs, start));
  }
}

TEST(SearchTour, KeepsAPairSideBySideThatIsHeldTogether) {
  std::mt19937_64 random(5);
  for (const int size : {7, 30}) {
    CostTable costs = TableOf(RandomPoints(size, 100'000'000, &random));
    costs.Set(0, size / 2, std::numeric_limits<int32_t>::min());
    const std::vector<int> found = SearchTour(costs, {Identity(size)}, 50, 1);
    const auto at = [&](int node) { return std::find(found.begin(), found.end(), node) - found.begin(); };
    const auto apart = std::abs(at(0) - at(size / 2));
    EXPECT_TRUE(apart == 1 || apart == size - 1);
  }
}

TEST(SearchTour, GivesTheSameForTheSameSeed) {
  std::mt19937_64 random(9);
  const CostTable costs = TableOf(RandomPoints(200, 10'000, &random));
  EXPECT_EQ(SearchTour(costs, {Identity(200)}, 100, 4), SearchTour(costs, {Identity(200)}, 100, 4));
  // And on every machine: nothing in it hangs on a library's random numbers or on rounding.
  EXPECT_EQ(TourCost(costs, SearchTour(costs, {Identity(200)}, 100, 4)), 107'363);
}

TEST(SearchTour, FindsTheOptimumOfBerlin52) {
  const char* data = std::getenv("SNOWFIELD_DATA");
  std::ifstream file(std::string(data == nullptr ? "" : data) + "/tsplib/berlin52.tsp");
  if (!file) GTEST_SKIP() << "set SNOWFIELD_DATA to read tsplib/berlin52.tsp";
  std::vector<PointM> points;
  for (std::string line; std::getline(file, line);) {
    std::istringstream fields(line);
    int id = 0;
    PointM point;
    if (fields >> id >> point.x >> point.y) points.push_back(point);
  }
  ASSERT_EQ(points.size(), 52u);
  const CostTable costs = TableOf(points);
  EXPECT_EQ(TourCost(costs, SearchTour(costs, {Identity(52)}, 500, 1)), 7'542);
}

TEST(ArrayTour, ExchangesEdgesAndTakesThemBack) {
  const uint64_t seed = 2;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  constexpr int kSize = 23;
  std::vector<int> order = Identity(kSize);
  std::shuffle(order.begin(), order.end(), random);
  ArrayTour tour;
  tour.Assign(order);
  for (int round = 0; round < 500; ++round) {
    const std::vector<int> before = tour.order();
    for (int i = 0; i < 4; ++i) {
      const bool forward = random() % 2 == 0;
      const auto after = [&](int node) { return forward ? tour.Next(node) : tour.Before(node); };
      const int a = static_cast<int>(random() % kSize), b = after(a);
      const int c = static_cast<int>(random() % kSize), d = after(c);
      if (c == a || c == b || d == a) continue;
      tour.Exchange(a, b, c, d);
      EXPECT_TRUE(tour.Next(a) == c || tour.Before(a) == c);
      EXPECT_TRUE(tour.Next(b) == d || tour.Before(b) == d);
      EXPECT_EQ(tour.Before(tour.Next(a)), a);
    }
    EXPECT_THAT(tour.order(), UnorderedElementsAreArray(order));
    if (round % 3 == 0) {
      tour.Keep();
      continue;
    }
    tour.TakeBack();
    EXPECT_EQ(tour.order(), before);
  }
}

}  // namespace
}  // namespace snowfield::geo
