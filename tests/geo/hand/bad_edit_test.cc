// Edits that can't be: each is refused with its reason, and the board stays as it is.
#include <gtest/gtest.h>

#include "base/status.h"
#include "geo/hand/turf_board.h"
#include "tests/geo/hand/town_board.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

using testing::BoardOf;
using testing::ReasonOf;
using testing::SeededTown;

class BadEdit : public ::testing::Test {
 protected:
  std::string Why(const HandEdit& edit) const { return ReasonOf(board_.Plan(edit).status()); }
  base::DoorId DoorOf(int turf) const { return board_.Find(turf)->turf.doors.front(); }

  TurfBoard board_ = BoardOf(SeededTown(3, 51), 45);
};

TEST_F(BadEdit, Doors) {
  EXPECT_EQ(Why(MoveDoors{{}, 1}), "NO_DOORS");
  EXPECT_EQ(Why(MoveDoors{{base::DoorId(999'999)}, 1}), "DOOR_UNKNOWN");
  EXPECT_EQ(Why(MoveDoors{{base::DoorId(-1)}, 1}), "DOOR_UNKNOWN");
  EXPECT_EQ(Why(MoveDoors{{DoorOf(1), DoorOf(1)}, 2}), "DOOR_REPEATED");
  EXPECT_EQ(Why(MoveDoors{std::vector<base::DoorId>(kEditDoorsMax + 1, DoorOf(1)), 2}), "EDIT_TOO_LARGE");
  EXPECT_EQ(Why(MoveDoors{{DoorOf(1)}, 1}), "EDIT_CHANGES_NOTHING");
}

TEST_F(BadEdit, Turfs) {
  EXPECT_EQ(Why(MoveDoors{{DoorOf(1)}, 999}), "TURF_UNKNOWN");
  EXPECT_EQ(Why(MoveDoors{{DoorOf(1)}, -1}), "TURF_UNKNOWN");
  EXPECT_EQ(Why(MergeTurfs{{}}), "TOO_FEW_TURFS");
  EXPECT_EQ(Why(MergeTurfs{{1}}), "TOO_FEW_TURFS");
  EXPECT_EQ(Why(MergeTurfs{{1, 1}}), "TURF_REPEATED");
  EXPECT_EQ(Why(MergeTurfs{{1, 999}}), "TURF_UNKNOWN");
  EXPECT_EQ(Why(MergeTurfs{std::vector<int>(kEditTurfsMax + 1, 1)}), "EDIT_TOO_LARGE");
}

TEST_F(BadEdit, Splits) {
  const auto doors = static_cast<int>(board_.Find(1)->turf.doors.size());
  EXPECT_EQ(Why(SplitTurf{1, 1}), "PARTS_OUT_OF_RANGE");
  EXPECT_EQ(Why(SplitTurf{1, 0}), "PARTS_OUT_OF_RANGE");
  EXPECT_EQ(Why(SplitTurf{1, kEditTurfsMax + 1}), "PARTS_OUT_OF_RANGE");
  EXPECT_EQ(Why(SplitTurf{1, doors + 1}), "SPLIT_TOO_FINE");
  EXPECT_EQ(Why(SplitTurf{999, 2}), "TURF_UNKNOWN");
}

TEST_F(BadEdit, SettingAside) {
  EXPECT_EQ(Why(SetAsideDoors{{DoorOf(1)}, ""}), "ASIDE_REASON_OUT_OF_RANGE");
  EXPECT_EQ(Why(SetAsideDoors{{DoorOf(1)}, std::string(kAsideReasonBytesMax + 1, 'x')}), "ASIDE_REASON_OUT_OF_RANGE");
  EXPECT_EQ(Why(PutBackDoors{{DoorOf(1)}}), "DOOR_NOT_ASIDE");
  const base::DoorId door = DoorOf(1);
  ASSERT_TRUE(board_.Apply(board_.Plan(SetAsideDoors{{door}, "dog"}).value()).ok());
  EXPECT_EQ(Why(SetAsideDoors{{door}, "dog"}), "DOOR_ASIDE_ALREADY");
}

TEST_F(BadEdit, NowhereToPutBack) {
  const int turfs = static_cast<int>(board_.numbers().size());
  std::vector<base::DoorId> all;
  for (int turf = 1; turf <= turfs; ++turf) {
    const auto& doors = board_.Find(turf)->turf.doors;
    all.insert(all.end(), doors.begin(), doors.end());
  }
  ASSERT_TRUE(board_.Apply(board_.Plan(SetAsideDoors{all, "all of it"}).value()).ok());
  testing::ExpectSound(board_);
  EXPECT_EQ(Why(PutBackDoors{{all.front()}}), "TURF_UNKNOWN");
  EXPECT_TRUE(board_.Plan(MoveDoors{all, 0}).ok()) << "a new turf can still be made of them";
}

TEST_F(BadEdit, BoardsThatAreNotWhole) {
  const CutInput input = SeededTown(3, 51);
  const auto ground = BoardGround::Load(input, {}).value();
  std::vector<BoardTurf> turfs;
  const auto make = [&] { return ReasonOf(TurfBoard::Make(ground, turfs, {}).status()); };
  EXPECT_EQ(make(), "DOOR_LOST");
  Turf all;
  for (const CutDoor& door : input.doors) all.doors.push_back(door.id);
  turfs = {{1, 1, all}};
  EXPECT_TRUE(TurfBoard::Make(ground, turfs, {}).ok());
  turfs.push_back({1, 1, {}});
  EXPECT_EQ(make(), "TURF_NUMBER_REPEATED");
  turfs[1] = {2, 1, all};
  EXPECT_EQ(make(), "DOOR_IN_TWO_TURFS");
  turfs[1].turf.doors = {base::DoorId(1'000'000)};
  EXPECT_EQ(make(), "DOOR_UNKNOWN");
}

}  // namespace
}  // namespace snowfield::geo
