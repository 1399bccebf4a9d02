// What CutTurf refuses, and odd input that it takes.
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <set>
#include <thread>

#include "base/status.h"
#include "geo/cut/cut_turf.h"
#include "geo/geos/geometry.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

using testing::DrawTown;

CutInput SmallTown() {
  return DrawTown({
      "   o o o o o o   ",
      "+-------+-------+",
      "|  o o o|o o o o|",
      "|       |       |",
      "+-------+-------+",
      "   o o o o o o   ",
  });
}

CutOptions Target(int target) {
  CutOptions options;
  options.target_doors = target;
  return options;
}

void ExpectRefused(const CutInput& input, const CutOptions& options, const std::string& field,
                   const std::string& reason) {
  const absl::Status status = CutTurf(input, options).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::DetailOf(status).field, field);
  EXPECT_EQ(base::DetailOf(status).reason, reason);
  EXPECT_FALSE(base::MessageOf(status).empty());
}

void ExpectEveryDoorOnce(const CutInput& input, const CutResult& result) {
  std::multiset<int64_t> given, cut;
  for (const CutDoor& door : input.doors) given.insert(door.id.value);
  for (const Turf& turf : result.turfs) {
    for (const base::DoorId door : turf.doors) cut.insert(door.value);
  }
  EXPECT_EQ(given, cut);
}

TEST(CutTurf, RejectsNoDoors) { ExpectRefused({}, {}, "doors", "NO_DOORS"); }

TEST(CutTurf, RejectsTargetsOutOfRange) {
  ExpectRefused(SmallTown(), Target(0), "target_doors", "TARGET_OUT_OF_RANGE");
  ExpectRefused(SmallTown(), Target(-3), "target_doors", "TARGET_OUT_OF_RANGE");
  ExpectRefused(SmallTown(), Target(kTargetDoorsMax + 1), "target_doors", "TARGET_OUT_OF_RANGE");
}

TEST(CutTurf, RejectsMinAboveMax) {
  CutOptions options;
  options.min_doors = 60;
  options.max_doors = 50;
  ExpectRefused(SmallTown(), options, "min_doors", "MIN_ABOVE_MAX");
  options = {};
  options.max_doors = -1;
  ExpectRefused(SmallTown(), options, "max_doors", "BOUNDS_OUT_OF_RANGE");
}

TEST(CutTurf, RejectsRepeatedDoorId) {
  CutInput input = SmallTown();
  input.doors[5].id = input.doors[2].id;
  ExpectRefused(input, {}, "doors[5].id", "DOOR_ID_REPEATED");
  input.doors[5].id = base::DoorId();
  ExpectRefused(input, {}, "doors[5].id", "DOOR_ID_MISSING");
}

TEST(CutTurf, RejectsCoordinatesThatAreNone) {
  CutInput input = SmallTown();
  input.doors[1].position.lat = std::numeric_limits<double>::quiet_NaN();
  ExpectRefused(input, {}, "doors[1].position", "COORDINATE_OUT_OF_RANGE");
  input = SmallTown();
  input.streets[0].line[0] = {500, 95};
  ExpectRefused(input, {}, "streets[0]", "COORDINATE_OUT_OF_RANGE");
}

TEST(CutTurf, RejectsABoundaryThatIntersectsItselfAndSaysWhere) {
  CutInput input = SmallTown();
  const Geometry bow_tie = Geometry::FromPolygons({{{{10, 49}, {12, 51}, {12, 49}, {10, 51}, {10, 49}}, {}}}).value();
  input.kept_boundaries.push_back({base::BoundaryId(1), bow_tie.ToEwkb().value()});
  ExpectRefused(input, {}, "kept_boundaries[0]", "GEOMETRY_INVALID");
  EXPECT_NE(base::MessageOf(CutTurf(input, {}).status()).find("Self-intersection at 11.0"), std::string::npos);
}

TEST(CutTurf, RejectsGeometriesOfTheWrongKind) {
  CutInput input = SmallTown();
  input.streets[1].ewkb = PointToEwkb({11, 49.5}).value();
  ExpectRefused(input, {}, "streets[1]", "GEOMETRY_WRONG_KIND");
  input = SmallTown();
  input.kept_boundaries.push_back({base::BoundaryId(1), LineToEwkb({{11, 49}, {12, 49}}).value()});
  ExpectRefused(input, {}, "kept_boundaries[0]", "GEOMETRY_WRONG_KIND");
  input = SmallTown();
  input.barriers.push_back({BarrierKind::kRail, "no geometry"});
  ExpectRefused(input, {}, "barriers[0]", "GEOMETRY_UNREADABLE");
}

TEST(CutTurf, RejectsThreadsOutOfRange) {
  CutOptions options;
  options.threads = 0;
  ExpectRefused(SmallTown(), options, "threads", "THREADS_OUT_OF_RANGE");
}

TEST(CutTurf, StopsWhenCancelled) {
  int polls = 0;
  CutControl control;
  control.cancelled = [&polls] { return ++polls > 4; };
  EXPECT_TRUE(absl::IsCancelled(CutTurf(testing::SeededTown(6, 1), {}, control).status()));
  EXPECT_LE(polls, 8) << "it goes on after it was told to stop";
}

TEST(CutTurf, TellsItsProgress) {
  double last = 0;
  int doors = 0;
  CutControl control;
  control.progress = [&](CutStage, double fraction, int doors_done) {
    EXPECT_GE(fraction, last);
    last = fraction;
    doors = doors_done;
  };
  const CutInput input = testing::SeededTown(4, 1);
  ASSERT_TRUE(CutTurf(input, {}, control).ok());
  EXPECT_EQ(last, 1);
  EXPECT_EQ(doors, static_cast<int>(input.doors.size()));
}

TEST(CutTurf, TakesOneDoor) {
  CutInput input = SmallTown();
  input.doors.resize(1);
  const CutResult result = CutTurf(input, {}).value();
  ASSERT_EQ(result.turfs.size(), 1u);
  EXPECT_EQ(result.turfs[0].metrics.bounds_reason, CutReason::kCutOffPiece);
  EXPECT_EQ(result.totals.turfs_excused, 1);
}

TEST(CutTurf, TakesAllDoorsAtOnePoint) {
  CutInput input = SmallTown();
  const CutDoor first = input.doors[0];
  input.doors.clear();
  for (int i = 1; i <= 225; ++i) {
    input.doors.push_back(first);
    input.doors.back().id = base::DoorId(i);
    input.doors.back().address_point = base::AddressPointId();
  }
  const CutResult result = CutTurf(input, {}).value();
  ExpectEveryDoorOnce(input, result);
  EXPECT_EQ(result.totals.turfs_in_bounds, result.totals.turf_count);
  EXPECT_EQ(result.totals.polygons_invalid, 0);
}

TEST(CutTurf, SplitsABuildingOfTwoThousandUnitsByFloors) {
  CutInput input = SmallTown();
  CutDoor tower = input.doors[0];
  tower.address_point = base::AddressPointId(77'777);
  for (int unit = 0; unit < 2'000; ++unit) {
    tower.id = base::DoorId(10'000 + unit);
    tower.floor = unit / 20;
    input.doors.push_back(tower);
  }
  const CutResult result = CutTurf(input, {}).value();
  ExpectEveryDoorOnce(input, result);
  EXPECT_EQ(result.totals.polygons_invalid, 0);
  // All but what the little town round about cannot fill up.
  EXPECT_LE(result.totals.turf_count - result.totals.turfs_in_bounds, 1);
}

TEST(CutTurf, WorksWithoutStreets) {
  CutInput input = testing::SeededTown(4, 3);
  input.streets.clear();
  const CutResult result = CutTurf(input, {}).value();
  ExpectEveryDoorOnce(input, result);
  EXPECT_GE(result.totals.turfs_in_bounds, 0.9 * result.totals.turf_count);
  EXPECT_TRUE(result.problems.size() < 5);
}

TEST(CutTurf, PlacesAndNamesDoorsFarFromAnyStreet) {
  CutInput input = SmallTown();
  input.doors[0].position.lat += 0.1;  // 11 km
  input.doors[1].position.lat += 0.005;
  input.doors[2].street = "Nowhere Lane";
  const CutResult result = CutTurf(input, Target(10)).value();
  ExpectEveryDoorOnce(input, result);
  std::map<int64_t, CutReason> reasons;
  for (const CutProblem& problem : result.problems) {
    if (problem.door) reasons[problem.door.value] = problem.reason;
  }
  EXPECT_EQ(reasons[input.doors[0].id.value], CutReason::kNoStreet);
  EXPECT_EQ(reasons[input.doors[1].id.value], CutReason::kFarFromStreet);
  EXPECT_EQ(reasons[input.doors[2].id.value], CutReason::kStreetNotMatched);
  EXPECT_EQ(reasons.size(), 3u);
}

// METIS draws from the C library's rand(), and so do threads of gRPC: the same seed must give the same cut beside them.
TEST(CutInput, RandomNumbersOfAThreadAreItsOwn) {
  std::srand(7);
  const int first = std::rand(), second = std::rand();
  std::srand(7);
  EXPECT_EQ(std::rand(), first);
  std::thread([] { std::rand(); }).join();
  EXPECT_EQ(std::rand(), second);
}

}  // namespace
}  // namespace snowfield::geo
