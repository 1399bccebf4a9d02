// A re-cut that keeps turfs where they stand.
#include "geo/cut/keep_turfs.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>

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
  CutInput input = testing::SeededTown(5, 31);
  input.previous_turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  const CutResult again = CutTurf(input, Keeping(30)).value();
  EXPECT_EQ(again.totals.moved_door_share, 0);
  for (const TurfChange& turf : MatchTurfs(input.previous_turfs, DoorsOf(again)).turfs) EXPECT_TRUE(turf.SameDoors());
}

TEST(KeepTurfs, NothingMovesWhereNothingChangedButByHand) {
  CutInput input = testing::SeededTown(5, 36);
  CutDoor unit = input.doors[40];
  unit.address_point = base::AddressPointId(900'000);
  for (int i = 0; i < 100; ++i) {  // a tower of several turfs
    unit.id = base::DoorId(900'000 + i);
    unit.unit = std::to_string(100 * (1 + i / 10) + i % 10);
    input.doors.push_back(unit);
  }
  std::vector<std::vector<base::DoorId>> turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  // Someone moved some doors far away by hand, some of them units of the tower, and one turf was halved.
  for (const int turf : {1, 3, 5}) {
    std::move(turfs[turf].end() - 7, turfs[turf].end(), std::back_inserter(turfs[turf + 1]));
    turfs[turf].resize(turfs[turf].size() - 7);
  }
  turfs.emplace_back(turfs[8].begin() + 12, turfs[8].end());
  turfs[8].resize(12);
  input.previous_turfs = turfs;
  const CutResult again = CutTurf(input, Keeping(30)).value();
  EXPECT_EQ(again.totals.moved_door_share, 0);
  for (const TurfChange& turf : MatchTurfs(turfs, DoorsOf(again)).turfs) EXPECT_TRUE(turf.SameDoors());
}

TEST(KeepTurfs, OtherBoundsHoldForAllTurfsWhereToldSo) {
  CutInput input = testing::SeededTown(5, 37);
  input.previous_turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  CutOptions options = Keeping(36);
  EXPECT_FALSE(SameBounds(options, Keeping(30)));
  EXPECT_TRUE(SameBounds(options, TownOptions(36)));
  EXPECT_LT(CutTurf(input, options)->totals.turfs_in_bounds, 0.7 * static_cast<double>(input.previous_turfs.size()))
      << "turfs that are as before are let be";
  options.bounds_changed = true;
  const CutResult result = CutTurf(input, options).value();
  EXPECT_GE(result.totals.turfs_in_bounds, 0.95 * result.totals.turf_count);
  EXPECT_EQ(result.totals.turfs_connected, result.totals.turf_count);
}

TEST(KeepTurfs, TwoGoneDoorsMoveHandfulsAtTheMost) {
  CutInput input = testing::SeededTown(6, 38);
  input.previous_turfs = DoorsOf(CutTurf(input, TownOptions(30)).value());
  for (const size_t gone : {100u, 300u, 450u}) {
    SCOPED_TRACE(gone);
    CutInput fewer = input;
    fewer.doors.erase(fewer.doors.begin() + static_cast<std::ptrdiff_t>(gone),
                      fewer.doors.begin() + static_cast<std::ptrdiff_t>(gone) + 2);
    const CutResult after = CutTurf(fewer, Keeping(30)).value();
    EXPECT_EQ(after.totals.turfs_in_bounds, after.totals.turf_count);
    EXPECT_LE(after.totals.moved_door_share * static_cast<double>(fewer.doors.size()), 12);
  }
}

TEST(KeepTurfs, AFewNewAndGoneDoorsMoveFewOthers) {
  CutInput input = testing::SeededTown(6, 32);
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
  CutInput input = testing::SeededTown(5, 33);
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

TEST(KeepTurfs, ATurfThatIsOneDoorShortTakesOneAtomFromItsNeighbour) {
  CutInput input = testing::SeededTown(5, 35);
  const CutResult before = CutTurf(input, TownOptions(30)).value();
  input.previous_turfs = DoorsOf(before);
  const auto smallest = std::min_element(before.turfs.begin(), before.turfs.end(), [](const Turf& a, const Turf& b) {
    return a.metrics.door_count < b.metrics.door_count;
  });
  // So many of its doors go that it is one short.
  const int gone = smallest->metrics.door_count - before.min_doors + 1;
  const std::set<base::DoorId> leave(smallest->doors.begin(), smallest->doors.begin() + gone);
  std::erase_if(input.doors, [&](const CutDoor& door) { return leave.contains(door.id); });
  const CutResult after = CutTurf(input, Keeping(30)).value();
  EXPECT_EQ(after.totals.turfs_in_bounds, after.totals.turf_count);
  int changed = 0;
  for (const TurfChange& turf : MatchTurfs(input.previous_turfs, DoorsOf(after)).turfs) {
    changed += turf.SameDoors() ? 0 : 1;
  }
  EXPECT_LE(changed, 3);
  EXPECT_LT(after.totals.moved_door_share * static_cast<double>(input.doors.size()), 13);
}

TEST(KeepTurfs, PreviousTurfsOfOtherDoorsAreAFirstCut) {
  CutInput input = testing::SeededTown(4, 34);
  input.previous_turfs = {{base::DoorId(900'001), base::DoorId(900'002)}, {}};
  EXPECT_EQ(DoorsOf(CutTurf(input, Keeping(30)).value()).size(),
            DoorsOf(CutTurf(input, TownOptions(30)).value()).size());
}

}  // namespace
}  // namespace snowfield::geo
