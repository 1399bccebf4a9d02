#include "geo/walk/walk_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>
#include <string>

namespace snowfield::geo {
namespace {

using ::testing::ElementsAre;

StreetNetwork Cross(StreetClass street_class = StreetClass::kResidential) {
  return StreetNetwork::Build({{"Main St", street_class, 0, {{-200, 0}, {200, 0}}},
                               {"Oak St", StreetClass::kResidential, 0, {{0, -200}, {0, 200}}}},
                              {});
}

WalkStop At(const StreetNetwork& network, PointM point, const char* street) {
  return {point, network.Place(point, street)};
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

// Streets on both banks, joined by a bridge in the west, and a lane further west: the shortest walk comes down one
// bank, goes all the way round to the other and ends in the lane.
TEST(WalkSolver, GoesNoLongWayRoundABarrierWhereAnotherOrderNeedsNone) {
  const StreetNetwork network =
      StreetNetwork::Build({{"North St", StreetClass::kResidential, 0, {{0, 20}, {400, 20}}},
                            {"South St", StreetClass::kResidential, 0, {{0, -20}, {400, -20}}},
                            {"Bridge St", StreetClass::kResidential, 0, {{0, -20}, {0, 20}}},
                            {"Lane", StreetClass::kResidential, 0, {{-500, 20}, {0, 20}}}},
                           {{{10, 0}, {500, 0}}});
  const std::vector<WalkStop> stops = {At(network, {390, 25}, "north st"), At(network, {390, -25}, "south st"),
                                       At(network, {-490, 25}, "lane")};
  const WalkOrder walk = WalkSolver(network).Order(stops, {});
  EXPECT_EQ(walk.barrier_leg_count, 0);
  EXPECT_THAT(walk.order, ElementsAre(0, 2, 1));
  EXPECT_NEAR(walk.length_m, 1'800, 1) << "what it avoids is not walked";
  EXPECT_EQ(WalkSolver(network).Measure({stops[0], stops[1], stops[2]}, {}).barrier_leg_count, 1);
}

TEST(WalkSolver, TakesNoStopAndOneStop) {
  const StreetNetwork network = Cross();
  EXPECT_TRUE(WalkSolver(network).Order({}, {}).order.empty());
  const WalkOrder one = WalkSolver(network).Order({At(network, {50, 10}, "main st")}, {});
  EXPECT_THAT(one.order, ElementsAre(0));
  EXPECT_EQ(one.length_m, 0);
  EXPECT_FALSE(one.path.empty());
}

// The cheapest of all orders, each measured on its own.
double BestByTrying(WalkSolver* solver, const std::vector<WalkStop>& stops, const WalkOptions& options) {
  std::vector<int> order(stops.size());
  std::iota(order.begin(), order.end(), 0);
  double best = std::numeric_limits<double>::infinity();
  do {
    std::vector<WalkStop> visits;
    for (const int stop : order) visits.push_back(stops[stop]);
    best = std::min(best, solver->Measure(visits, options).cost_m);
  } while (std::next_permutation(order.begin(), order.end()));
  return best;
}

struct WalkCase {
  bool launch;
  WalkFinish finish;
};

class EveryWalk : public ::testing::TestWithParam<WalkCase> {};

TEST_P(EveryWalk, IsTheCheapestOfAllOrders) {
  const StreetNetwork network = Cross(StreetClass::kArterial);
  WalkSolver solver(network);
  const uint64_t seed = 21;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const auto any_stop = [&] {
    const double along = static_cast<double>(random() % 380) - 190, aside = random() % 2 == 0 ? 10 : -10;
    return random() % 2 == 0 ? At(network, {along, aside}, "main st") : At(network, {aside, along}, "oak st");
  };
  for (const int size : {1, 2, 3, 4, 5, 6, 6, 6, 7}) {
    WalkOptions options;
    options.finish = GetParam().finish;
    if (GetParam().launch) options.launch = any_stop();
    std::vector<WalkStop> stops;
    for (int i = 0; i < size; ++i) stops.push_back(any_stop());
    const WalkOrder walk = solver.Order(stops, options);
    // Searched in whole centimetres.
    EXPECT_NEAR(walk.cost_m, BestByTrying(&solver, stops, options), 0.01 * (size + 1)) << size << " stops";
    std::vector<WalkStop> in_order;
    for (const int stop : walk.order) in_order.push_back(stops[stop]);
    EXPECT_NEAR(solver.Measure(in_order, options).cost_m, walk.cost_m, 0.01);
  }
}

INSTANTIATE_TEST_SUITE_P(Modes, EveryWalk,
                         ::testing::Values(WalkCase{false, WalkFinish::kAnywhere},
                                           WalkCase{true, WalkFinish::kAnywhere},
                                           WalkCase{false, WalkFinish::kReturnToStart},
                                           WalkCase{true, WalkFinish::kReturnToStart}),
                         [](const auto& info) {
                           return std::string(info.param.launch ? "FromTheLaunch" : "FromTheBestDoor") +
                                  (info.param.finish == WalkFinish::kAnywhere ? "EndingAnywhere" : "AndBack");
                         });

// Houses face each other each 40 m along a street of 200 m; even stops on one side, odd ones on the other.
std::vector<WalkStop> FacingHouses(const StreetNetwork& network) {
  std::vector<WalkStop> stops;
  for (const double x : {20.0, 60.0, 100.0, 140.0, 180.0}) {
    stops.push_back(At(network, {x, 10}, "main st"));
    stops.push_back(At(network, {x, -10}, "main st"));
  }
  return stops;
}

int SideChanges(const std::vector<int>& order) {
  int changes = 0;
  for (size_t i = 1; i < order.size(); ++i) changes += order[i] % 2 != order[i - 1] % 2 ? 1 : 0;
  return changes;
}

TEST(WalkSolver, ZigzagsWhereThatIsShorterThanComingBack) {
  const StreetNetwork network = Cross(StreetClass::kResidential);
  const WalkOrder walk = WalkSolver(network).Order(FacingHouses(network), {});
  EXPECT_EQ(SideChanges(walk.order), 5);  // over at each pair of houses: 160 m and five crossings of 14
  EXPECT_NEAR(walk.length_m, 160, 0.1);
  EXPECT_NEAR(walk.cost_m, 160 + 5 * MidBlockCrossingCostM(StreetClass::kResidential), 0.1);
}

TEST(WalkSolver, ComesBackOnTheOtherSideWhereCrossingIsDear) {
  const StreetNetwork network = Cross(StreetClass::kArterial);
  const WalkOrder walk = WalkSolver(network).Order(FacingHouses(network), {});
  EXPECT_EQ(SideChanges(walk.order), 1);
  EXPECT_NEAR(walk.cost_m, 360, 0.1);  // round the street's end
}

TEST(WalkSolver, ComesBackOnTheOtherSideWhereItMustComeBack) {
  const StreetNetwork network = Cross(StreetClass::kResidential);
  WalkOptions options;
  options.launch = At(network, {20, 10}, "main st");
  options.finish = WalkFinish::kReturnToStart;
  const WalkOrder walk = WalkSolver(network).Order(FacingHouses(network), options);
  EXPECT_EQ(SideChanges(walk.order), 1);
  EXPECT_NEAR(walk.length_m, 320, 0.1);
  EXPECT_EQ(walk.crossing_count, 2);
}

TEST(WalkSolver, GivesTheSameOrderForTheSameSeed) {
  const StreetNetwork network = Cross();
  std::mt19937_64 random(8);
  std::vector<WalkStop> stops;
  for (int i = 0; i < 60; ++i) {
    stops.push_back(At(network, {static_cast<double>(random() % 400) - 200, 10}, "main st"));
  }
  WalkOptions options;
  options.seed = 3;
  EXPECT_EQ(WalkSolver(network).Order(stops, options).order, WalkSolver(network).Order(stops, options).order);
}

UnitDoor Unit(const char* name, int64_t id) { return UnitDoor{std::nullopt, {}, name, id}; }

std::vector<int64_t> IdsInOrder(const std::vector<UnitDoor>& doors) {
  std::vector<int64_t> ids;
  for (const int door : OrderUnits(doors)) ids.push_back(doors[door].tie);
  return ids;
}

TEST(OrderUnits, GoesFromTheTopFloorDown) {
  EXPECT_THAT(IdsInOrder({Unit("101", 1), Unit("402", 2), Unit("401", 3), Unit("1210", 4), Unit("210", 5)}),
              ElementsAre(4, 3, 2, 5, 1));
  EXPECT_THAT(IdsInOrder({{1, {}, "b", 1}, {3, {}, "a", 2}, {-1, {}, "c", 3}}), ElementsAre(2, 1, 3));
}

TEST(OrderUnits, ReadsFloorsFromLettersAndPenthouses) {
  EXPECT_THAT(IdsInOrder({Unit("2a", 1), Unit("4b", 2), Unit("ph", 3), Unit("4a", 4), Unit("10a", 5), Unit("ph2", 6)}),
              ElementsAre(3, 6, 5, 4, 2, 1));
}

TEST(OrderUnits, FinishesOneBuildingBeforeTheNext) {
  EXPECT_THAT(IdsInOrder({Unit("2 101", 1), Unit("1 101", 2), Unit("2 302", 3), Unit("1 205", 4)}),
              ElementsAre(4, 2, 3, 1));
}

TEST(OrderUnits, KeepsUnitsThatTellNoFloorInOrderOfTheirNumbers) {
  EXPECT_THAT(IdsInOrder({Unit("12", 1), Unit("2", 2), Unit("7", 3), Unit("", 4)}), ElementsAre(4, 2, 3, 1));
  EXPECT_THAT(IdsInOrder({Unit("3", 9), Unit("3", 8)}), ElementsAre(8, 9));  // by id, not by chance
}

}  // namespace
}  // namespace snowfield::geo
