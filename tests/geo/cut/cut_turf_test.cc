// What must hold for every cut. Random towns print their seed.
#include "geo/cut/cut_turf.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "geo/geos/geometry.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

using testing::AsciiTownOptions;
using testing::DrawTown;
using testing::SeededTown;
using testing::TownPlace;

CutOptions Target(int target, int threads = 1) {
  CutOptions options;
  options.target_doors = target;
  options.threads = threads;
  return options;
}

std::map<int64_t, int> TurfOfDoor(const CutResult& result) {
  std::map<int64_t, int> turf_of;
  for (int turf = 0; turf < static_cast<int>(result.turfs.size()); ++turf) {
    for (const base::DoorId door : result.turfs[turf].doors) {
      EXPECT_TRUE(turf_of.emplace(door.value, turf).second) << "a door in two turfs";
    }
  }
  return turf_of;
}

// Soundness of any cut: doors, polygons, lines, metrics.
void ExpectSound(const CutInput& input, const CutResult& result) {
  const std::map<int64_t, int> turf_of = TurfOfDoor(result);
  EXPECT_EQ(turf_of.size(), input.doors.size());
  std::vector<Geometry> polygons;
  for (const Turf& turf : result.turfs) {
    EXPECT_FALSE(turf.doors.empty());
    polygons.push_back(Geometry::FromEwkb(turf.polygon_ewkb, "polygon").value());
    EXPECT_TRUE(polygons.back().FindInvalidity()->empty());
    EXPECT_EQ(polygons.back().srid(), kSridWgs84);
    const Geometry line = Geometry::FromEwkb(turf.walk_line_ewkb, "line").value();
    EXPECT_EQ(line.kind(), GeometryKind::kLine);
    EXPECT_EQ(turf.metrics.door_count, static_cast<int>(turf.doors.size()));
    const bool in_bounds = turf.metrics.door_count >= result.min_doors && turf.metrics.door_count <= result.max_doors;
    EXPECT_EQ(turf.metrics.in_bounds, in_bounds);
    EXPECT_EQ(turf.metrics.bounds_reason == CutReason::kNone, in_bounds) << "an exception without its reason";
  }
  for (size_t a = 0; a < polygons.size(); ++a) {
    for (size_t b = a + 1; b < polygons.size(); ++b) {
      if (!polygons[a].Intersects(polygons[b]).value()) continue;
      EXPECT_LT(polygons[a].Intersection(polygons[b])->Area().value(), 1e-14);
    }
  }
  for (const CutDoor& door : input.doors) {
    const Geometry near = Geometry::FromPoint({door.position.lon, door.position.lat})->Buffer(1.6e-5).value();
    EXPECT_TRUE(polygons[turf_of.at(door.id.value)].Intersects(near).value());
  }
  EXPECT_EQ(result.totals.polygons_invalid, 0);
  EXPECT_EQ(result.totals.door_count, static_cast<int>(input.doors.size()));
}

TEST(CutTurf, HoldsItsRulesOnRandomTowns) {
  for (const uint64_t seed : {11u, 12u, 13u, 14u}) {
    SCOPED_TRACE(seed);
    const CutInput input = SeededTown(4, seed);
    for (const int target : {20, 45}) {
      const CutResult result = CutTurf(input, Target(target)).value();
      ExpectSound(input, result);
      EXPECT_EQ(result.totals.turfs_connected, result.totals.turf_count);
      EXPECT_EQ(result.totals.turfs_in_bounds, result.totals.turf_count);
      EXPECT_EQ(result.totals.turfs_with_barrier_leg, 0);
    }
  }
}

TEST(CutTurf, DoesNotMindTheOrderOfTheInput) {
  const uint64_t seed = 21;
  SCOPED_TRACE(seed);
  CutInput input = SeededTown(4, seed);
  const CutResult first = CutTurf(input, Target(30)).value();
  std::mt19937_64 random(seed);
  std::shuffle(input.doors.begin(), input.doors.end(), random);
  std::shuffle(input.streets.begin(), input.streets.end(), random);
  const CutResult second = CutTurf(input, Target(30)).value();
  ASSERT_EQ(first.turfs.size(), second.turfs.size());
  for (size_t i = 0; i < first.turfs.size(); ++i) {
    EXPECT_EQ(first.turfs[i].doors, second.turfs[i].doors);
    EXPECT_EQ(first.turfs[i].polygon_ewkb, second.turfs[i].polygon_ewkb);
  }
}

TEST(CutTurf, GivesTheSameBytesOnOneAndTwoThreads) {
  const uint64_t seed = 31;
  SCOPED_TRACE(seed);
  const CutInput input = SeededTown(5, seed);
  const CutResult one = CutTurf(input, Target(45, 1)).value(), two = CutTurf(input, Target(45, 2)).value();
  ASSERT_EQ(one.turfs.size(), two.turfs.size());
  for (size_t i = 0; i < one.turfs.size(); ++i) {
    EXPECT_EQ(one.turfs[i].doors, two.turfs[i].doors);
    EXPECT_EQ(one.turfs[i].polygon_ewkb, two.turfs[i].polygon_ewkb);
    EXPECT_EQ(one.turfs[i].walk_line_ewkb, two.turfs[i].walk_line_ewkb);
  }
}

TEST(CutTurf, KeepsToOneSideOfARiver) {
  const CutInput input = DrawTown({
      "  o o o o o o o o o o   ",
      "+----------------------+",
      "  o o o o o o o o o o   ",
      "~~~~~~~~~~~~~~~~~~~~~~~~",
      "  o o o o o o o o o o   ",
      "+----------------------+",
      "  o o o o o o o o o o   ",
  });
  const CutResult result = CutTurf(input, Target(20)).value();
  ExpectSound(input, result);
  ASSERT_EQ(result.turfs.size(), 2u);
  for (const Turf& turf : result.turfs) {
    std::set<bool> banks;
    for (const base::DoorId door : turf.doors) banks.insert(door.value > 20);
    EXPECT_EQ(banks.size(), 1u) << "a turf on both banks";
  }
}

TEST(CutTurf, CrossesARiverByItsBridge) {
  const CutInput input = DrawTown({
      "  o o o o o o      ",
      "+--------+--------+",
      "         |         ",
      "~~~~~~~~~#~~~~~~~~~",
      "         |         ",
      "+--------+--------+",
      "  o o o o o o      ",
  });
  const CutResult result = CutTurf(input, Target(12)).value();
  ASSERT_EQ(result.turfs.size(), 1u) << "the bridge joins both banks";
  EXPECT_TRUE(result.turfs[0].metrics.connected);
  EXPECT_EQ(result.turfs[0].metrics.barrier_leg_count, 0);
}

TEST(CutTurf, NamesAPieceThatARiverCutsOff) {
  const CutInput input = DrawTown({
      "  o o o                 ",
      "+---------+             ",
      "~~~~~~~~~~~~~~~~~~~~~~~~",
      "  o o o o o o o o o o   ",
      "+----------------------+",
      "  o o o o o o o o o o   ",
  });
  const CutResult result = CutTurf(input, Target(20)).value();
  ASSERT_EQ(result.turfs.size(), 2u);
  EXPECT_EQ(result.totals.turfs_in_bounds, 1);
  EXPECT_EQ(result.totals.turfs_excused, 1);
  const auto named = std::count_if(result.problems.begin(), result.problems.end(),
                                   [](const CutProblem& p) { return p.reason == CutReason::kCutOffPiece; });
  EXPECT_EQ(named, 1);
}

TEST(CutTurf, SpansNoTwoKeptBoundaries) {
  CutInput input = SeededTown(6, 41);
  const int rows = 61;
  const LonLat low = TownPlace(-5, rows + 5, rows), middle = TownPlace(27, 0, rows), high = TownPlace(70, -5, rows);
  const auto area = [](LonLat a, LonLat b) {
    const Ring ring = {{a.lon, a.lat}, {b.lon, a.lat}, {b.lon, b.lat}, {a.lon, b.lat}, {a.lon, a.lat}};
    return Geometry::FromPolygons({{ring, {}}})->ToEwkb().value();
  };
  input.kept_boundaries = {{base::BoundaryId(1), area(low, {middle.lon, high.lat})},
                           {base::BoundaryId(2), area({middle.lon, low.lat}, high)}};
  const CutResult result = CutTurf(input, Target(30)).value();
  ExpectSound(input, result);
  std::map<int64_t, LonLat> place;
  for (const CutDoor& door : input.doors) place[door.id.value] = door.position;
  for (const Turf& turf : result.turfs) {
    std::set<bool> west;
    for (const base::DoorId door : turf.doors) west.insert(place[door.value].lon <= middle.lon);
    EXPECT_EQ(west.size(), 1u) << "a turf over the line";
    ASSERT_TRUE(turf.boundary.has_value());
    EXPECT_EQ(*turf.boundary, base::BoundaryId(*west.begin() ? 1 : 2));
  }
}

TEST(CutTurf, NamesDoorsOutsideAllKeptBoundaries) {
  CutInput input = SeededTown(3, 42);
  const Ring far = {{50, 10}, {51, 10}, {51, 11}, {50, 10}};
  input.kept_boundaries = {{base::BoundaryId(9), Geometry::FromPolygons({{far, {}}})->ToEwkb().value()}};
  const CutResult result = CutTurf(input, Target(30)).value();
  ExpectSound(input, result);
  const auto outside = std::count_if(result.problems.begin(), result.problems.end(),
                                     [](const CutProblem& p) { return p.reason == CutReason::kOutsideBoundaries; });
  EXPECT_EQ(outside, static_cast<int>(input.doors.size()));
}

TEST(CutTurf, TakesANetworkWithNoLinkToHalfOfTheDoors) {
  CutInput input = SeededTown(4, 51);
  // The streets of the eastern half are gone, and the doors there are out of reach of the others.
  for (CutDoor& door : input.doors) {
    if (door.id.value % 2 == 0) door.position.lat += 0.1;
    if (door.id.value % 2 == 0) door.address_point = base::AddressPointId();
  }
  const CutResult result = CutTurf(input, Target(25)).value();
  ExpectSound(input, result);
  EXPECT_LE(result.totals.turf_count - result.totals.turfs_in_bounds, 2);
}

TEST(CutTurf, WorksAtSixtyDegreesNorthAndOverTheAntimeridian) {
  for (const LonLat origin : {LonLat{10.7, 60.0}, LonLat{179.9985, -17.0}}) {
    AsciiTownOptions options;
    options.origin = origin;
    const CutInput input = SeededTown(4, 61, options);
    const CutResult result = CutTurf(input, Target(30)).value();
    ExpectSound(input, result);
    EXPECT_EQ(result.totals.turfs_connected, result.totals.turf_count);
    for (const Turf& turf : result.turfs) EXPECT_LT(turf.metrics.walk_length_m, 4'000);
  }
}

TEST(CutTurf, KeepsABuildingTogether) {
  const CutInput input = SeededTown(3, 71);
  const std::map<int64_t, int> turf_of = TurfOfDoor(CutTurf(input, Target(30)).value());
  std::map<int64_t, std::set<int>> turfs;
  for (const CutDoor& door : input.doors) turfs[door.address_point.value].insert(turf_of.at(door.id.value));
  for (const auto& [point, of] : turfs) EXPECT_EQ(of.size(), 1u);
}

TEST(CutTurf, KeepsToItsBounds) {
  CutOptions options = Target(45);
  EXPECT_EQ(ResolveBounds(options)->min_doors, 41);
  EXPECT_EQ(ResolveBounds(options)->max_doors, 49);
  EXPECT_EQ(ResolveBounds(Target(50))->max_doors, 55);
  EXPECT_EQ(ResolveBounds(Target(1))->min_doors, 1);
  EXPECT_EQ(ResolveBounds(Target(5))->max_doors, 6);
  options.min_doors = 30;
  options.max_doors = 60;
  const CutResult result = CutTurf(SeededTown(5, 81), options).value();
  EXPECT_GE(result.totals.doors_min, 30);
  EXPECT_LE(result.totals.doors_max, 60);
}

TEST(MovedDoorShare, CountsDoorsThatLeftMostOfTheirTurf) {
  const auto ids = [](std::vector<int> numbers) {
    std::vector<base::DoorId> doors;
    for (const int n : numbers) doors.push_back(base::DoorId(n));
    return doors;
  };
  EXPECT_EQ(MovedDoorShare({ids({1, 2, 3, 4})}, {ids({4, 3, 2, 1})}), 0);
  EXPECT_EQ(MovedDoorShare({ids({1, 2, 3, 4})}, {ids({1, 2, 3}), ids({4})}), 0.25);
  EXPECT_EQ(MovedDoorShare({ids({1, 2, 9})}, {ids({1, 2, 3})}), 0) << "doors of one cut only do not count";
}

}  // namespace
}  // namespace snowfield::geo
