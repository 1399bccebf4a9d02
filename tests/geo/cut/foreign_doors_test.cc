#include "geo/cut/foreign_doors.h"

#include <gtest/gtest.h>

namespace snowfield::geo {
namespace {

TEST(ForeignDoors, CountsDoorsInsideAnotherHullOnceAndNotThoseOnItsRim) {
  // Turf 0 is a square; turf 1 has a building of 7 inside, a door on the rim and one far out; turf 2 holds all of it.
  const std::vector<PlacedDoors> places{
      {{0, 0}, 1, 0},  {{10, 0}, 1, 0},  {{10, 10}, 1, 0},     {{0, 10}, 1, 0},     {{5, 5}, 7, 1},
      {{10, 5}, 1, 1}, {{300, 5}, 1, 1}, {{-900, -900}, 1, 2}, {{900, -900}, 1, 2}, {{0, 900}, 1, 2},
  };
  const ForeignDoors foreign = CountForeignDoors(places, 3);
  EXPECT_EQ(foreign.in_turf, (std::vector<int>{7, 0, 13}));
  EXPECT_EQ(foreign.doors, 13);
}

TEST(ForeignDoors, ALineHasNoInside) {
  EXPECT_EQ(CountForeignDoors({{{0, 0}, 1, 0}, {{10, 0}, 1, 0}, {{5, 0}, 1, 1}}, 2).doors, 0);
}

TEST(ConvexHull, DropsPointsOnItsSides) {
  EXPECT_EQ(ConvexHull({{0, 0}, {2, 0}, {4, 0}, {4, 4}, {0, 4}, {1, 1}, {0, 0}}).size(), 4u);
}

}  // namespace
}  // namespace snowfield::geo
