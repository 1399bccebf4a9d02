#include "geo/walk/leg_table.h"

#include <gtest/gtest.h>

#include <random>

namespace snowfield::geo {
namespace {

// A grid of streets of two classes, a second one that no street joins to it, and a dead end.
StreetNetwork TwoTowns() {
  std::vector<StreetLine> streets;
  for (const double west : {0.0, 2'000.0}) {
    for (int i = 0; i < 5; ++i) {
      const auto street_class = i == 2 ? StreetClass::kArterial : StreetClass::kResidential;
      streets.push_back({"", street_class, 0, {{west, i * 90.0}, {west + 400, i * 90.0 + 7}}});
      streets.push_back({"", street_class, 0, {{west + i * 100.0, -20}, {west + i * 100.0 + 9, 380}}});
    }
  }
  streets.push_back({"", StreetClass::kResidential, 0, {{400, 187}, {600, 300}}});
  return StreetNetwork::Build(streets, {{{1'000, -1'000}, {1'000, 1'000}}});
}

std::vector<WalkStop> RandomStops(const StreetNetwork& network, int count, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<WalkStop> stops;
  while (static_cast<int>(stops.size()) < count) {
    const PointM point{static_cast<double>(random() % 2'700), static_cast<double>(random() % 500) - 50};
    if (point.x > 700 && point.x < 1'900) continue;
    stops.push_back({point, network.Place(point, "")});
  }
  stops.push_back({{5'000, 9'000}, {}});  // on no street
  return stops;
}

TEST(LegTable, SaysOfManyStopsWhatItSaysOfEachPair) {
  const StreetNetwork network = TwoTowns();
  const uint64_t seed = 4;
  SCOPED_TRACE(seed);
  const std::vector<WalkStop> stops = RandomStops(network, 40, seed);
  LegTable all(network), pair(network);
  all.Build(stops, 1);
  ASSERT_EQ(all.size(), 41);
  for (int a = 0; a < all.size(); ++a) {
    for (int b = 0; b < all.size(); ++b) {
      if (a == b) continue;
      const Leg leg = all.Between(a, b);
      const std::vector<WalkStop> two = {stops[a], stops[b]};
      pair.Build(two, 1);
      EXPECT_NEAR(leg.cost_m, pair.Between(0, 1).cost_m, 0.01) << a << " to " << b;
      EXPECT_EQ(leg.off_network, pair.Between(0, 1).off_network);
    }
  }
}

TEST(LegTable, CostsTheSameBothWaysAndNoMoreThanOverAThirdStop) {
  const StreetNetwork network = TwoTowns();
  const uint64_t seed = 5;
  SCOPED_TRACE(seed);
  const std::vector<WalkStop> stops = RandomStops(network, 25, seed);
  LegTable legs(network);
  legs.Build(stops, 1);
  for (int a = 0; a < legs.size(); ++a) {
    for (int b = 0; b < a; ++b) {
      const Leg leg = legs.Between(a, b);
      EXPECT_NEAR(leg.cost_m, legs.Between(b, a).cost_m, 0.01);
      EXPECT_GE(leg.cost_m, leg.length_m);
      for (int c = 0; c < legs.size(); ++c) {
        if (c == a || c == b || leg.off_network) continue;
        EXPECT_LE(leg.cost_m, legs.Between(a, c).cost_m + legs.Between(c, b).cost_m + 0.01);
      }
    }
  }
}

TEST(LegTable, LeavesTheNetworkOnlyBetweenWhatNoStreetJoins) {
  const StreetNetwork network = TwoTowns();
  const std::vector<WalkStop> stops = {{{50, 5}, network.Place({50, 5}, "")},
                                       {{350, 275}, network.Place({350, 275}, "")},
                                       {{2'050, 5}, network.Place({2'050, 5}, "")}};
  LegTable legs(network);
  legs.Build(stops, 1);
  EXPECT_FALSE(legs.Between(0, 1).off_network);
  EXPECT_TRUE(legs.Between(0, 2).off_network);
  EXPECT_TRUE(legs.MeetsBarrier(0, 2, legs.Between(0, 2)));
  EXPECT_NEAR(legs.Between(0, 2).cost_m, kOffNetworkDetour * 2'000 + kBarrierLegCost_m, 0.1);
}

}  // namespace
}  // namespace snowfield::geo
