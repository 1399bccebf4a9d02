// What changes from one cut to another, turf by turf.
#include "services/turf/cut_diff.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace snowfield::turf {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

db::TurfDoors Turf(int number, const std::vector<int64_t>& doors) {
  db::TurfDoors turf{.turf = base::TurfId(1000 + number), .number = number, .doors = {}};
  for (const int64_t door : doors) turf.doors.emplace_back(door);
  return turf;
}

TEST(CutDiff, NamesKeptNewGoneCameAndLeft) {
  const CutDiff diff = MakeDiff({Turf(1, {1, 2, 3, 4, 5}), Turf(2, {11, 12, 13, 14})},
                                {Turf(2, {11, 12, 13, 5, 21}), Turf(1, {1, 2, 3})});
  ASSERT_THAT(diff.turfs, SizeIs(2));
  const TurfDiff& first = diff.turfs[0];
  EXPECT_EQ(diff.after[first.turf].number, 1);
  EXPECT_EQ(diff.before[first.predecessor].number, 1);
  EXPECT_EQ(first.change.kept, 3);
  EXPECT_EQ(first.change.gone_doors, 1);
  ASSERT_THAT(first.change.left, SizeIs(1));
  EXPECT_EQ(diff.after[first.change.left[0].turf].number, 2);
  EXPECT_FALSE(first.same_walk);
  const TurfDiff& second = diff.turfs[1];
  EXPECT_EQ(second.change.kept, 3);
  EXPECT_EQ(second.change.new_doors, 1);
  EXPECT_EQ(second.change.gone_doors, 1);
  ASSERT_THAT(second.change.came, SizeIs(1));
  EXPECT_EQ(diff.before[second.change.came[0].turf].number, 1);
}

TEST(CutDiff, TheSameDoorsInAnotherOrderAreAnotherWalk) {
  const CutDiff diff = MakeDiff({Turf(1, {1, 2, 3}), Turf(2, {4, 5})}, {Turf(1, {3, 2, 1}), Turf(2, {4, 5})});
  EXPECT_TRUE(diff.turfs[0].change.SameDoors());
  EXPECT_FALSE(diff.turfs[0].same_walk);
  EXPECT_TRUE(diff.turfs[1].same_walk);
}

TEST(CutDiff, TurfsThatEndComeLastByNumber) {
  const CutDiff diff =
      MakeDiff({Turf(9, {1, 2, 3, 4}), Turf(4, {5}), Turf(2, {6}), Turf(7, {7, 8})}, {Turf(1, {1, 2, 3, 4, 5, 6})});
  ASSERT_THAT(diff.turfs, SizeIs(4));
  EXPECT_EQ(diff.before[diff.turfs[0].predecessor].number, 9);
  for (const auto& [place, number] : {std::pair(1, 2), {2, 4}, {3, 7}}) {
    EXPECT_EQ(diff.turfs[place].turf, -1);
    EXPECT_EQ(diff.before[diff.turfs[place].predecessor].number, number);
  }
  EXPECT_EQ(diff.turfs[3].change.gone_doors, 2);
  EXPECT_THAT(diff.turfs[3].change.left, IsEmpty());
}

TEST(CutDiff, NothingBeforeMakesEveryTurfNew) {
  const CutDiff diff = MakeDiff({}, {Turf(1, {1}), Turf(2, {2})});
  ASSERT_THAT(diff.turfs, SizeIs(2));
  EXPECT_EQ(diff.turfs[0].predecessor, -1);
  EXPECT_EQ(diff.turfs[1].change.new_doors, 1);
}

}  // namespace
}  // namespace snowfield::turf
