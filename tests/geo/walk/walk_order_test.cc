#include "geo/walk/walk_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "geo/walk/tour_search.h"

namespace snowfield::geo {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAreArray;

StreetNetwork Cross(StreetClass street_class = StreetClass::kResidential) {
  return StreetNetwork::Build({{"Main St", street_class, 0, {{-200, 0}, {200, 0}}},
                               {"Oak St", StreetClass::kResidential, 0, {{0, -200}, {0, 200}}}},
                              {});
}

WalkStop At(const StreetNetwork& network, PointM point, const char* street) {
  return {point, network.Place(point, street)};
}

TEST(WalkSolver, GoesUpOneSideAndDownTheOther) {
  const StreetNetwork network = Cross(StreetClass::kArterial);
  std::vector<WalkStop> stops;
  for (const double x : {20.0, 60.0, 100.0, 140.0}) {
    stops.push_back(At(network, {x, 10}, "main st"));
    stops.push_back(At(network, {x, -10}, "main st"));
  }
  const WalkOrder walk = WalkSolver(network).Order(stops, {});
  std::vector<int> sides;
  for (const int stop : walk.order) sides.push_back(stop % 2);
  EXPECT_TRUE(std::is_sorted(sides.begin(), sides.end()) || std::is_sorted(sides.rbegin(), sides.rend()))
      << "an arterial is crossed once";
  EXPECT_EQ(walk.order.size(), 8u);
}

TEST(WalkSolver, ZigzagsWhereCrossingIsFree) {
  const StreetNetwork network = StreetNetwork::Build({{"Lane", StreetClass::kWalkway, 0, {{0, 0}, {400, 0}}}}, {});
  std::vector<WalkStop> stops;
  for (const double x : {20.0, 120.0, 220.0, 320.0}) {
    stops.push_back(At(network, {x, 4}, ""));
    stops.push_back(At(network, {x, -4}, ""));
  }
  const WalkOrder walk = WalkSolver(network).Order(stops, {});
  EXPECT_NEAR(walk.length_m, 300, 0.1);
  EXPECT_EQ(walk.crossing_count, 0);
}

TEST(WalkSolver, CountsCrossingsByClass) {
  const StreetNetwork network = Cross();
  const std::vector<WalkStop> stops = {At(network, {-50, 10}, "main st"), At(network, {50, 10}, "main st")};
  const WalkOrder walk = WalkSolver(network).Order(stops, {});
  EXPECT_NEAR(walk.length_m, 100, 0.1);
  EXPECT_NEAR(walk.cost_m, 100 + CrossingCostM(StreetClass::kResidential), 0.1);
  EXPECT_EQ(walk.crossing_count, 1);
  WalkOptions free;
  free.crossing_cost_scale = 0;
  EXPECT_NEAR(WalkSolver(network).Order(stops, free).cost_m, 100, 0.1);
}

TEST(WalkSolver, StartsAtTheLaunchAndReturnsWhereAsked) {
  const StreetNetwork network = Cross();
  const std::vector<WalkStop> stops = {At(network, {150, 10}, "main st"), At(network, {100, 10}, "main st"),
                                       At(network, {50, 10}, "main st")};
  WalkOptions options;
  options.launch = At(network, {20, 10}, "main st");
  const WalkOrder open = WalkSolver(network).Order(stops, options);
  EXPECT_THAT(open.order, ElementsAre(2, 1, 0));
  EXPECT_NEAR(open.length_m, 130, 0.1);
  options.finish = WalkFinish::kReturnToStart;
  EXPECT_NEAR(WalkSolver(network).Order(stops, options).length_m, 260, 0.1);
}

TEST(WalkSolver, PathFollowsTheStreets) {
  const StreetNetwork network = Cross();
  const std::vector<WalkStop> stops = {At(network, {100, 10}, "main st"), At(network, {-10, 100}, "oak st")};
  const WalkOrder walk = WalkSolver(network).Order(stops, {});
  double length = 0;
  for (size_t i = 0; i + 1 < walk.path.size(); ++i) length += DistanceM(walk.path[i], walk.path[i + 1]);
  EXPECT_NEAR(length, 200, 0.1);
  EXPECT_NEAR(walk.length_m, 200, 0.1);
}

TEST(WalkSolver, CountsLegsOverABarrierOffTheNetwork) {
  const StreetNetwork network = StreetNetwork::Build({}, {{{50, -500}, {50, 500}}});
  const std::vector<WalkStop> stops = {{{0, 0}, {}}, {{10, 0}, {}}, {{100, 0}, {}}};
  EXPECT_EQ(WalkSolver(network).Order(stops, {}).barrier_leg_count, 1);
}

TEST(WalkSolver, TakesNoStopAndOneStop) {
  const StreetNetwork network = Cross();
  EXPECT_TRUE(WalkSolver(network).Order({}, {}).order.empty());
  const WalkOrder one = WalkSolver(network).Order({At(network, {50, 10}, "main st")}, {});
  EXPECT_THAT(one.order, ElementsAre(0));
  EXPECT_EQ(one.length_m, 0);
  EXPECT_FALSE(one.path.empty());
}

TEST(SearchTour, FindsTheBestTourOfEightInMostCases) {
  const uint64_t seed = 7;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    constexpr int kSize = 8;
    std::vector<PointM> places(kSize);
    for (PointM& p : places) p = {static_cast<double>(random() % 1000), static_cast<double>(random() % 1000)};
    CostTable costs(kSize);
    for (int a = 0; a < kSize; ++a) {
      for (int b = 0; b < a; ++b) costs.Set(a, b, static_cast<int32_t>(DistanceM(places[a], places[b])));
    }
    std::vector<int> tour(kSize);
    std::iota(tour.begin(), tour.end(), 0);
    const std::vector<int> start = tour;
    int64_t best = TourCost(costs, tour);
    while (std::next_permutation(tour.begin() + 1, tour.end())) best = std::min(best, TourCost(costs, tour));
    const std::vector<int> found = SearchTour(costs, {start}, 100, seed);
    EXPECT_THAT(found, UnorderedElementsAreArray(start));
    EXPECT_EQ(TourCost(costs, found), best);
  }
}

TEST(OrderUnits, GoesFromTheTopFloorDown) {
  const auto unit = [](const char* name, int64_t id) { return UnitDoor{std::nullopt, {}, name, id}; };
  EXPECT_THAT(OrderUnits({unit("101", 1), unit("402", 2), unit("401", 3), unit("210", 4)}), ElementsAre(2, 1, 3, 0));
  EXPECT_THAT(OrderUnits({UnitDoor{1, {}, "b", 1}, UnitDoor{3, {}, "a", 2}}), ElementsAre(1, 0));
}

}  // namespace
}  // namespace snowfield::geo
