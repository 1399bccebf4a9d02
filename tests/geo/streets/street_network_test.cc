#include "geo/streets/street_network.h"

#include <gtest/gtest.h>

namespace snowfield::geo {
namespace {

StreetLine Street(const std::string& name, std::vector<PointM> points,
                  StreetClass street_class = StreetClass::kResidential, int layer = 0) {
  return {name, street_class, layer, std::move(points)};
}

TEST(StreetNetwork, NodesLinesThatCrossWithoutAVertex) {
  const auto net =
      StreetNetwork::Build({Street("A St", {{-100, 0}, {100, 0}}), Street("B St", {{0, -100}, {0, 100}})}, {});
  EXPECT_EQ(net.links().size(), 4u);
  EXPECT_EQ(net.node_count(), 5);
  EXPECT_EQ(net.component_count(), 1);
  EXPECT_EQ(net.corner_count(), 4 + 4) << "four corners in the middle, one at each dead end";
}

TEST(StreetNetwork, KeepsLayersApart) {
  const auto net = StreetNetwork::Build(
      {Street("A St", {{-500, 0}, {500, 0}}), Street("B St", {{0, -500}, {0, 500}}, StreetClass::kResidential, 1)}, {});
  EXPECT_EQ(net.links().size(), 2u);
  EXPECT_EQ(net.component_count(), 2);
}

TEST(StreetNetwork, StreetsPassMotorwaysAndDoNotJoinThem) {
  const auto net = StreetNetwork::Build(
      {Street("A St", {{0, -100}, {0, 100}}), Street("I 95", {{-100, 0}, {100, 0}}, StreetClass::kMotorway)}, {});
  EXPECT_EQ(net.links().size(), 1u);
  EXPECT_TRUE(net.BarrierBetween({50, -10}, {50, 10}));
  EXPECT_FALSE(net.BarrierBetween({50, 10}, {50, 20}));
}

TEST(StreetNetwork, JoinsEndsThatStopShort) {
  const auto net =
      StreetNetwork::Build({Street("A St", {{-100, 0}, {100, 0}}), Street("B St", {{0, 2}, {0, 100}})}, {});
  EXPECT_EQ(net.component_count(), 1);
  EXPECT_EQ(net.links().size(), 3u);
}

TEST(StreetNetwork, JoinsPartsOverAGapButNotOverABarrier) {
  const std::vector<StreetLine> streets = {Street("A St", {{0, 0}, {100, 0}}), Street("B St", {{140, 0}, {240, 0}})};
  EXPECT_EQ(StreetNetwork::Build(streets, {}).component_count(), 1);
  EXPECT_EQ(StreetNetwork::Build(streets, {{{120, -50}, {120, 50}}}).component_count(), 2);
}

TEST(StreetNetwork, PlacesDoorsByNameBeforeDistance) {
  const auto net =
      StreetNetwork::Build({Street("Main St", {{0, 0}, {200, 0}}), Street("Oak Ave", {{0, 60}, {200, 60}})}, {});
  const NetworkPlace named = net.Place({50, 45}, "main st");
  EXPECT_EQ(named.match, MatchKind::kByName);
  EXPECT_NEAR(named.distance_m, 45, 1e-9);
  EXPECT_NEAR(net.PointAt(named.face, named.offset_m).x, 50, 1e-9);
  const NetworkPlace nearest = net.Place({50, 45}, "elm ct");
  EXPECT_EQ(nearest.match, MatchKind::kByDistance);
  EXPECT_NEAR(nearest.distance_m, 15, 1e-9);
  EXPECT_EQ(net.Place({50, 99'000}, "main st").face, -1);
}

TEST(StreetNetwork, TellsTheSidesOfAStreetApart) {
  const auto net = StreetNetwork::Build({Street("Main St", {{0, 0}, {200, 0}})}, {});
  const NetworkPlace north = net.Place({50, 8}, "main st"), south = net.Place({50, -8}, "main st");
  EXPECT_EQ(north.face / 2, south.face / 2);
  EXPECT_NE(north.face, south.face);
}

TEST(StreetNetwork, FindsAStreetByEitherOfItsNames) {
  const auto net =
      StreetNetwork::Build({Street("US Hwy 50", {{0, 0}, {200, 0}}), Street("New York Ave", {{0, 0}, {200, 0}})}, {});
  EXPECT_EQ(net.links().size(), 1u);
  EXPECT_EQ(net.Place({50, 8}, "new york ave").match, MatchKind::kByName);
  EXPECT_EQ(net.Place({50, 8}, "us rte 50").match, MatchKind::kByName);
}

TEST(StreetNetwork, StandsWithoutStreets) {
  const auto net = StreetNetwork::Build({}, {});
  EXPECT_EQ(net.corner_count(), 0);
  EXPECT_EQ(net.Place({0, 0}, "main st").face, -1);
}

}  // namespace
}  // namespace snowfield::geo
