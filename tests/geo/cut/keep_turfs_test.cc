// A re-cut that keeps turfs where they stand.
#include "geo/cut/keep_turfs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "geo/cut/turf_identity.h"
#include "tests/geo/cut/town_ground.h"

namespace snowfield::geo {
namespace {

std::vector<std::vector<base::DoorId>> DoorsOf(const CutResult& result) {
  std::vector<std::vector<base::DoorId>> turfs;
  for (const Turf& turf : result.turfs) turfs.push_back(turf.doors);
  return turfs;
}

CutOptions Keeping(int target) {
  CutOptions options = TownOptions(target);
  options.keep_previous = true;
  return options;
}

TEST(KeepTurfs, TheSameDoorsGiveTheSameTurfs) {
  CutInput input = testing::SeededTown(8, 31);
  input.previous_turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  const CutResult again = CutTurf(input, Keeping(30)).value();
  EXPECT_EQ(again.totals.moved_door_share, 0);
  for (const TurfChange& turf : MatchTurfs(input.previous_turfs, DoorsOf(again)).turfs) EXPECT_TRUE(turf.SameDoors());
}

TEST(KeepTurfs, AFewNewAndGoneDoorsMoveFewOthers) {
  CutInput input = testing::SeededTown(8, 32);
  const std::vector<CutDoor> all = input.doors;
  std::erase_if(input.doors, [](const CutDoor& door) { return door.id.value % 20 == 3; });
  const std::vector<std::vector<base::DoorId>> before = DoorsOf(CutTurf(input, TownOptions(30)).value());
  // Another twentieth is gone, the first one has come.
  CutInput changed = input;
  changed.doors = all;
  std::erase_if(changed.doors, [](const CutDoor& door) { return door.id.value % 20 == 7; });
  changed.previous_turfs = before;
  const CutResult kept = CutTurf(changed, Keeping(30)).value();
  const CutResult fresh = CutTurf(changed, TownOptions(30)).value();
  EXPECT_EQ(kept.totals.door_count, static_cast<int>(changed.doors.size()));
  EXPECT_EQ(kept.totals.turfs_connected, kept.totals.turf_count);
  EXPECT_EQ(kept.totals.turfs_in_bounds, kept.totals.turf_count);
  EXPECT_LT(kept.totals.moved_door_share, 0.08);
  EXPECT_GT(fresh.totals.moved_door_share, 2 * kept.totals.moved_door_share);
}

TEST(KeepTurfs, AHalvedUniverseJoinsTurfsAndADoubledOneSplitsThem) {
  CutInput input = testing::SeededTown(8, 33);
  const std::vector<CutDoor> all = input.doors;
  input.previous_turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  CutInput half = input;
  std::erase_if(half.doors, [](const CutDoor& door) { return door.id.value % 2 == 0; });
  CutResult result = CutTurf(half, Keeping(30)).value();
  EXPECT_EQ(result.totals.door_count, static_cast<int>(half.doors.size()));
  EXPECT_GE(result.totals.turfs_in_bounds, 0.9 * result.totals.turf_count);
  EXPECT_NEAR(result.totals.turf_count, static_cast<double>(half.doors.size()) / 30, 0.15 * result.totals.turf_count);

  CutInput whole = half;
  whole.doors = all;
  whole.previous_turfs = DoorsOf(CutTurf(half, TownOptions(30)).value());
  result = CutTurf(whole, Keeping(30)).value();
  EXPECT_GE(result.totals.turfs_in_bounds, 0.9 * result.totals.turf_count);
  EXPECT_NEAR(result.totals.turf_count, static_cast<double>(all.size()) / 30, 0.15 * result.totals.turf_count);
}

TEST(KeepTurfs, PreviousTurfsOfOtherDoorsAreAFirstCut) {
  CutInput input = testing::SeededTown(5, 34);
  input.previous_turfs = {{base::DoorId(900'001), base::DoorId(900'002)}, {}};
  EXPECT_EQ(DoorsOf(CutTurf(input, Keeping(30)).value()).size(),
            DoorsOf(CutTurf(input, TownOptions(30)).value()).size());
}

}  // namespace
}  // namespace snowfield::geo
