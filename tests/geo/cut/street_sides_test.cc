#include "geo/cut/street_sides.h"

#include <gtest/gtest.h>

namespace snowfield::geo {
namespace {

GroundStop Stop(int face, int64_t number, double distance_m = 15, MatchKind match = MatchKind::kByName) {
  GroundStop stop;
  stop.walk.place = {face, 10, distance_m, match};
  stop.house_number = number;
  return stop;
}

// Odd numbers on face 0, even ones on face 1; then the stop under test.
std::vector<GroundStop> StreetWith(const GroundStop& stop) {
  std::vector<GroundStop> stops;
  for (int i = 0; i < 6; ++i) stops.push_back(Stop(i % 2, 11 + i));
  stops.push_back(stop);
  return stops;
}

GroundStop Checked(const GroundStop& stop) {
  std::vector<GroundStop> stops = StreetWith(stop);
  CheckSides(&stops);
  return stops.back();
}

TEST(CheckSides, AStopOnTheMiddleLineGoesToTheSideOfItsNumber) {
  const GroundStop stop = Checked(Stop(0, 14, 2));
  EXPECT_EQ(stop.walk.place.face, 1);
  EXPECT_EQ(stop.walk.place.offset_m, 10);
  EXPECT_FALSE(stop.number_of_other_side);
}

TEST(CheckSides, AStopThatStandsClearlyOnTheOtherSideStaysAndIsMarked) {
  const GroundStop stop = Checked(Stop(0, 14, 20));
  EXPECT_EQ(stop.walk.place.face, 0);
  EXPECT_TRUE(stop.number_of_other_side);
}

TEST(CheckSides, LeavesAloneWhatItCannotJudge) {
  for (const GroundStop& stop : {Stop(0, 13, 2), Stop(0, 0, 2), Stop(0, 14, 2, MatchKind::kByDistance), Stop(-1, 14)}) {
    const GroundStop checked = Checked(stop);
    EXPECT_EQ(checked.walk.place.face, stop.walk.place.face);
    EXPECT_FALSE(checked.number_of_other_side);
  }
}

TEST(CheckSides, AStreetThatNumbersAsItLikesIsNoWitness) {
  std::vector<GroundStop> stops;
  for (int i = 0; i < 12; ++i) stops.push_back(Stop(i % 2, 11 + i / 2, 2));
  CheckSides(&stops);
  for (int i = 0; i < 12; ++i) EXPECT_EQ(stops[i].walk.place.face, i % 2);
}

TEST(CheckSides, OneSideAloneIsNoWitness) {
  std::vector<GroundStop> stops{Stop(0, 11, 2), Stop(0, 13, 2), Stop(0, 15, 2), Stop(0, 17, 2), Stop(0, 18, 2)};
  CheckSides(&stops);
  EXPECT_EQ(stops.back().walk.place.face, 0);
  EXPECT_FALSE(stops.back().number_of_other_side);
}

}  // namespace
}  // namespace snowfield::geo
