// Edits by hand: what each does, and what must hold after any. Random edits print their seed.
#include "geo/hand/turf_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>

#include "tests/geo/hand/town_board.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

using testing::BoardOf;
using ::testing::Contains;
using testing::ExpectSound;
using ::testing::IsEmpty;
using testing::Picture;
using testing::SeededTown;
using ::testing::SizeIs;

TurfBoard Town(uint64_t seed = 11) { return BoardOf(SeededTown(4, seed), 45); }

EditPlan Do(TurfBoard* board, const HandEdit& edit) {
  EditPlan plan = board->Plan(edit).value();
  EXPECT_TRUE(board->Apply(plan).ok());
  return plan;
}

const TurfEdit& Of(const EditPlan& plan, int number) {
  return *std::find_if(plan.turfs.begin(), plan.turfs.end(), [&](const TurfEdit& e) { return e.number == number; });
}

std::vector<base::DoorId> FirstDoors(const TurfBoard& board, int number, size_t count) {
  const std::vector<base::DoorId>& doors = board.Find(number)->turf.doors;
  return {doors.begin(), doors.begin() + static_cast<std::ptrdiff_t>(std::min(count, doors.size()))};
}

// A turf that has a neighbour, and the neighbour: two whose merger raises no warning.
std::pair<int, int> Neighbors(const TurfBoard& board) {
  for (const int a : board.numbers()) {
    for (const int b : board.numbers()) {
      if (a >= b) continue;
      if (Of(board.Plan(MergeTurfs{{a, b}}).value(), a).warnings.empty()) return {a, b};
    }
  }
  return {0, 0};
}

TEST(TurfBoard, PlanningLeavesTheBoardAsItIs) {
  const TurfBoard board = Town();
  const std::string before = Picture(board);
  ASSERT_TRUE(board.Plan(SplitTurf{1, 3}).ok());
  ASSERT_TRUE(board.Plan(MergeTurfs{{1, 2}}).ok());
  EXPECT_EQ(Picture(board), before);
}

TEST(TurfBoard, MovingDoorsSaysWhatBothTurfsBecome) {
  TurfBoard board = Town();
  const auto [a, b] = Neighbors(board);
  const std::vector<base::DoorId> doors = FirstDoors(board, b, 5);
  const size_t before_a = board.Find(a)->turf.doors.size(), before_b = board.Find(b)->turf.doors.size();
  const EditPlan plan = Do(&board, MoveDoors{doors, a});
  ASSERT_THAT(plan.turfs, SizeIs(2));
  ASSERT_THAT(plan.moves, SizeIs(5));
  for (const DoorMove& move : plan.moves) {
    EXPECT_THAT(doors, Contains(move.door));
    EXPECT_EQ(move.from, b);
    EXPECT_EQ(move.to, a);
  }
  EXPECT_EQ(Of(plan, a).before->metrics.door_count, static_cast<int>(before_a));
  EXPECT_EQ(Of(plan, a).after->metrics.door_count, static_cast<int>(before_a + 5));
  EXPECT_EQ(Of(plan, b).after->metrics.door_count, static_cast<int>(before_b - 5));
  EXPECT_GT(Of(plan, a).after->metrics.walk_length_m, 0);
  ExpectSound(board);
}

TEST(TurfBoard, MovingDoorsToANewTurfMakesOne) {
  TurfBoard board = Town();
  const int last = board.last_number();
  const EditPlan plan = Do(&board, MoveDoors{FirstDoors(board, 1, 12), 0});
  EXPECT_FALSE(Of(plan, last + 1).before.has_value());
  EXPECT_EQ(Of(plan, last + 1).version, 0);
  EXPECT_EQ(board.Find(last + 1)->turf.doors.size(), 12u);
  EXPECT_THAT(Of(plan, last + 1).problems, Contains(CutReason::kUneven)) << "12 doors where 45 are wanted";
  ExpectSound(board);
}

TEST(TurfBoard, ATurfThatLosesItsLastDoorEnds) {
  TurfBoard board = Town();
  const EditPlan plan = Do(&board, MoveDoors{board.Find(2)->turf.doors, 1});
  EXPECT_FALSE(Of(plan, 2).after.has_value());
  EXPECT_EQ(board.Find(2), nullptr);
  EXPECT_EQ(board.VersionOf(2), 2);
  ExpectSound(board);
}

TEST(TurfBoard, MergingKeepsTheFirstNumber) {
  TurfBoard board = Town();
  const auto [a, b] = Neighbors(board);
  const size_t doors = board.Find(a)->turf.doors.size() + board.Find(b)->turf.doors.size();
  const EditPlan plan = Do(&board, MergeTurfs{{b, a}});
  EXPECT_EQ(board.Find(a), nullptr);
  EXPECT_EQ(board.Find(b)->turf.doors.size(), doors);
  EXPECT_TRUE(board.Find(b)->turf.metrics.connected);
  EXPECT_FALSE(board.Find(b)->turf.metrics.in_bounds);
  EXPECT_THAT(Of(plan, b).warnings, IsEmpty());
  ExpectSound(board);
}

TEST(TurfBoard, TurfsApartAreMergedWithAWarning) {
  TurfBoard board = Town();
  // The turf with the centre furthest from the first one's.
  int far = 2;
  const LonLat home = board.Find(1)->turf.centre;
  for (const int number : board.numbers()) {
    if (GeodesicM(home, board.Find(number)->turf.centre) > GeodesicM(home, board.Find(far)->turf.centre)) far = number;
  }
  const EditPlan plan = Do(&board, MergeTurfs{{1, far}});
  EXPECT_THAT(Of(plan, 1).warnings, Contains(EditWarning::kNotAdjacent));
  EXPECT_THAT(Of(plan, 1).problems, Contains(CutReason::kInPieces));
  ExpectSound(board);
}

TEST(TurfBoard, SplitsIntoConnectedPartsOfAboutEqualSize) {
  for (const uint64_t seed : {11u, 12u, 13u}) {
    for (const int parts : {2, 3, 5}) {
      SCOPED_TRACE(::testing::Message() << "seed " << seed << ", parts " << parts);
      TurfBoard board = Town(seed);
      const auto whole = static_cast<int>(board.Find(3)->turf.doors.size());
      const int number_before = board.last_number();
      const EditPlan plan = Do(&board, SplitTurf{3, parts});
      EXPECT_EQ(board.last_number(), number_before + parts - 1);
      for (const TurfEdit& edit : plan.turfs) {
        // A turf that shares a place with it is drawn anew, and keeps its doors.
        if (edit.number != 3 && edit.number <= number_before) {
          EXPECT_EQ(edit.after->doors, edit.before->doors);
          continue;
        }
        EXPECT_TRUE(edit.after->metrics.connected);
        EXPECT_NEAR(edit.after->metrics.door_count, static_cast<double>(whole) / parts, 6);  // half a building
        EXPECT_GE(board.Find(3)->turf.doors.size(), edit.after->doors.size()) << "the largest keeps the number";
      }
      ExpectSound(board);
    }
  }
}

TEST(TurfBoard, ATowerIsSplitByFloors) {
  CutInput input;
  for (int i = 1; i <= 90; ++i) {
    input.doors.push_back({.id = base::DoorId(i),
                           .address_point = base::AddressPointId(1),
                           .position = {11, 49.5},
                           .house_number = "1",
                           .street = "",
                           .unit = std::to_string(100 * (1 + i / 10) + i % 10),
                           .floor = std::nullopt});
  }
  TurfBoard board = BoardOf(input, 90);
  ASSERT_THAT(board.numbers(), SizeIs(1));
  Do(&board, SplitTurf{1, 4});
  EXPECT_THAT(board.numbers(), SizeIs(4));
  for (const int number : board.numbers()) {
    EXPECT_NEAR(static_cast<double>(board.Find(number)->turf.doors.size()), 22.5, 6);
  }
  ExpectSound(board);
}

TEST(TurfBoard, SplitsDownToSingleDoors) {
  TurfBoard board = Town();
  const auto doors = static_cast<int>(board.Find(1)->turf.doors.size());
  Do(&board, SplitTurf{1, doors});
  EXPECT_EQ(board.Find(1)->turf.doors.size(), 1u);
  ExpectSound(board);
}

TEST(TurfBoard, DoorsSetAsideLeaveTheirTurfAndComeBack) {
  TurfBoard board = Town();
  const std::string before = Picture(board);
  const std::vector<base::DoorId> doors = FirstDoors(board, 2, 4);
  const EditPlan away = Do(&board, SetAsideDoors{doors, "gated"});
  ASSERT_THAT(board.aside(), SizeIs(4));
  EXPECT_EQ(board.aside().front().reason, "gated");
  EXPECT_EQ(board.aside().front().from_turf, 2);
  EXPECT_THAT(away.turfs, SizeIs(1));
  ExpectSound(board);
  const EditPlan back = Do(&board, PutBackDoors{doors});
  EXPECT_THAT(back.put_back, SizeIs(4));
  EXPECT_THAT(board.aside(), IsEmpty());
  for (const base::DoorId door : doors) EXPECT_THAT(board.Find(2)->turf.doors, Contains(door));
  ExpectSound(board);
  Do(&board, UndoOf(back));
  EXPECT_THAT(board.aside(), SizeIs(4));
  Do(&board, UndoOf(away));
  EXPECT_EQ(Picture(board), before);
}

TEST(TurfBoard, DoorsOfATurfThatHasEndedAreTakenInByTheNearest) {
  TurfBoard board = Town();
  const std::vector<base::DoorId> doors = board.Find(2)->turf.doors;
  Do(&board, SetAsideDoors{doors, "the whole park"});
  EXPECT_EQ(board.Find(2), nullptr);
  ExpectSound(board);
  Do(&board, PutBackDoors{{doors.front()}});
  EXPECT_NE(board.TurfOf(board.ground().Find(doors.front())), 0);
  EXPECT_NE(board.TurfOf(board.ground().Find(doors.front())), 2);
  ExpectSound(board);
}

TEST(TurfBoard, MovedFromAsideGoesWhereItIsSent) {
  TurfBoard board = Town();
  const std::vector<base::DoorId> doors = FirstDoors(board, 2, 2);
  Do(&board, SetAsideDoors{doors, "dog"});
  const EditPlan plan = Do(&board, MoveDoors{doors, 3});
  EXPECT_EQ(plan.moves.front().from, 0);
  EXPECT_THAT(board.aside(), IsEmpty());
  ExpectSound(board);
}

TEST(TurfBoard, ALassoNamesTheDoorsOfEachTurf) {
  TurfBoard board = Town();
  const LonLat middle = board.Find(1)->turf.centre;
  Ring ring = {{middle.lon - 0.001, middle.lat - 0.001},
               {middle.lon + 0.001, middle.lat - 0.001},
               {middle.lon + 0.001, middle.lat + 0.001},
               {middle.lon - 0.001, middle.lat + 0.001},
               {middle.lon - 0.001, middle.lat - 0.001}};
  const std::string ewkb = Geometry::FromPolygons({{ring, {}}})->ToEwkb().value();
  const Selection selection = board.Select(Lasso::FromEwkb(ewkb, "lasso").value());
  size_t count = 0;
  for (const Selection::OfTurf& of : selection.turfs) {
    count += of.doors.size();
    for (const base::DoorId door : of.doors) EXPECT_THAT(board.Find(of.turf)->turf.doors, Contains(door));
  }
  EXPECT_GT(count, 10u);
  EXPECT_EQ(count, static_cast<size_t>(selection.door_count));
}

TEST(TurfBoard, TurfsOverAKeptBoundaryAreWarnedOf) {
  CutInput input = SeededTown(4, 21);
  double low = 180, high = -180;
  for (const CutDoor& door : input.doors) {
    low = std::min(low, door.position.lon);
    high = std::max(high, door.position.lon);
  }
  const double middle = (low + high) / 2;
  const auto area = [](double west, double east) {
    return Geometry::FromPolygons({{{{west, 40}, {east, 40}, {east, 60}, {west, 60}, {west, 40}}, {}}})
        ->ToEwkb()
        .value();
  };
  input.kept_boundaries = {{base::BoundaryId(1), area(middle - 1, middle)},
                           {base::BoundaryId(2), area(middle, middle + 1)}};
  TurfBoard board = BoardOf(input, 45);
  bool warned = false;
  for (const int number : board.numbers()) {
    if (board.Find(number)->turf.boundary == board.Find(1)->turf.boundary) continue;
    const EditPlan plan = board.Plan(MergeTurfs{{1, number}}).value();
    EXPECT_THAT(Of(plan, 1).warnings, Contains(EditWarning::kOverBoundary));
    EXPECT_FALSE(Of(plan, 1).after->boundary.has_value());
    warned = true;
  }
  EXPECT_TRUE(warned);
}

TEST(TurfBoard, OfTwoPlansOnOneTurfTheSecondIsRefused) {
  TurfBoard board = Town();
  const EditPlan one = board.Plan(SplitTurf{1, 2}).value();
  const EditPlan two = board.Plan(MergeTurfs{{1, 2}}).value();
  EXPECT_TRUE(board.Apply(one).ok());
  const std::string between = Picture(board);
  const absl::Status second = board.Apply(two);
  EXPECT_EQ(second.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(testing::ReasonOf(second), "TURF_CHANGED");
  EXPECT_EQ(Picture(board), between);
}

TEST(TurfBoard, AFingerprintTellsPlansApart) {
  TurfBoard board = Town();
  const uint64_t split = Fingerprint(board.Plan(SplitTurf{1, 2}).value());
  EXPECT_EQ(Fingerprint(board.Plan(SplitTurf{1, 2}).value()), split);
  EXPECT_NE(Fingerprint(board.Plan(SplitTurf{1, 3}).value()), split);
  Do(&board, UndoOf(Do(&board, SplitTurf{1, 2})));
  EXPECT_NE(Fingerprint(board.Plan(SplitTurf{1, 2}).value()), split) << "the versions have moved on";
}

TEST(TurfBoard, AnUndoThatWouldLoseDoorsIsRefused) {
  TurfBoard board = Town();
  const EditPlan split = Do(&board, SplitTurf{1, 2});
  Do(&board, MoveDoors{FirstDoors(board, 1, 3), 2});
  EXPECT_EQ(testing::ReasonOf(board.Plan(UndoOf(split)).status()), "DOORS_DIFFER");
}

// Any edit that may come, valid for the board as it stands.
HandEdit RandomEdit(const TurfBoard& board, std::mt19937_64* random) {
  const std::vector<int> numbers = board.numbers();
  const auto pick = [&](size_t count) { return std::uniform_int_distribution<size_t>(0, count - 1)(*random); };
  const int a = numbers[pick(numbers.size())], b = numbers[pick(numbers.size())];
  const std::vector<base::DoorId>& doors = board.Find(a)->turf.doors;
  std::vector<base::DoorId> some;
  const size_t begin = pick(doors.size()), end = std::min(doors.size(), begin + 1 + pick(15));
  some.assign(doors.begin() + static_cast<std::ptrdiff_t>(begin), doors.begin() + static_cast<std::ptrdiff_t>(end));
  const std::vector<AsideDoor> aside = board.aside();
  switch (pick(6)) {
    case 0:
      if (doors.size() >= 4) return SplitTurf{a, static_cast<int>(2 + pick(3))};
      break;
    case 1:
      if (a != b) return MergeTurfs{{a, b}};
      break;
    case 2:
      return SetAsideDoors{some, "seeded"};
    case 3:
      if (!aside.empty()) return PutBackDoors{{aside[pick(aside.size())].door}};
      break;
    case 4:
      if (!aside.empty()) return MoveDoors{{aside[pick(aside.size())].door}, b};
      break;
    default:
      break;
  }
  return MoveDoors{some, a != b ? b : 0};
}

TEST(TurfBoard, StaysSoundUnderAnyEditsAndAllCanBeUndone) {
  for (const uint64_t seed : {31u, 32u, 33u, 34u}) {
    SCOPED_TRACE(::testing::Message() << "seed " << seed);
    std::mt19937_64 random(seed);
    TurfBoard board = Town(seed);
    std::vector<std::string> pictures;
    std::vector<EditPlan> plans;
    for (int step = 0; step < 25; ++step) {
      pictures.push_back(Picture(board));
      plans.push_back(Do(&board, RandomEdit(board, &random)));
      ExpectSound(board);
      if (::testing::Test::HasFailure()) FAIL() << "at step " << step;
    }
    while (!plans.empty()) {
      Do(&board, UndoOf(plans.back()));
      ASSERT_EQ(Picture(board), pictures.back());
      plans.pop_back();
      pictures.pop_back();
    }
  }
}

TEST(TurfBoard, OneEditOverFiveThousandDoorsIsSound) {
  TurfBoard board = BoardOf(SeededTown(10, 41), 45);
  const std::vector<int> numbers = board.numbers();
  Do(&board, MergeTurfs{numbers});
  ASSERT_THAT(board.numbers(), SizeIs(1));
  ExpectSound(board);
  Do(&board, SplitTurf{numbers.front(), static_cast<int>(numbers.size())});
  EXPECT_EQ(board.numbers().size(), numbers.size());
  ExpectSound(board);
}

}  // namespace
}  // namespace snowfield::geo
