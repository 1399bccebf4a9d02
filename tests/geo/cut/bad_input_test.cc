// What comes from outside and is not as it should be: either an error that names the field, or a sound cut.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <set>

#include "base/status.h"
#include "geo/cut/cut_turf.h"
#include "geo/geos/geometry.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

using testing::AsciiTownOptions;
using testing::DrawTown;
using testing::SeededTown;
using testing::TownPlace;

CutOptions Target(int target) {
  CutOptions options;
  options.target_doors = target;
  return options;
}

void ExpectRefused(const absl::Status& status, const std::string& field, const std::string& reason) {
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_EQ(base::DetailOf(status).field, field);
  EXPECT_EQ(base::DetailOf(status).reason, reason);
  EXPECT_FALSE(base::MessageOf(status).empty());
}

// Every door in one turf; polygons valid, without overlap (areas add up) and holding their doors.
void ExpectSound(const CutInput& input, const CutResult& result) {
  std::vector<Geometry> polygons;
  std::vector<PolygonRings> all;
  std::map<int64_t, int> turf_of;
  double sum = 0;
  for (size_t turf = 0; turf < result.turfs.size(); ++turf) {
    EXPECT_FALSE(result.turfs[turf].doors.empty());
    for (const base::DoorId door : result.turfs[turf].doors) {
      EXPECT_TRUE(turf_of.emplace(door.value, turf).second) << "a door in two turfs";
    }
    polygons.push_back(Geometry::FromEwkb(result.turfs[turf].polygon_ewkb, "polygon").value());
    EXPECT_TRUE(polygons.back().FindInvalidity()->empty());
    sum += polygons.back().Area().value();
    for (PolygonRings& part : polygons.back().Polygons()) all.push_back(std::move(part));
  }
  EXPECT_EQ(turf_of.size(), input.doors.size());
  EXPECT_EQ(result.totals.polygons_invalid, 0);
  EXPECT_NEAR(sum, Geometry::FromPolygons(all)->UnaryUnion()->Area().value(), 1e-9 * sum);
  for (const CutDoor& door : input.doors) {
    // Several turfs at one place share it out within a metre.
    const double metre = 1 / 111'195.0 / std::cos(door.position.lat * std::numbers::pi / 180);
    const Geometry near = Geometry::FromPoint({door.position.lon, door.position.lat})->Buffer(1.2 * metre).value();
    EXPECT_TRUE(polygons[turf_of.at(door.id.value)].Intersects(near).value()) << "a turf without its door";
  }
}

CutResult ExpectSoundCut(const CutInput& input, const CutOptions& options) {
  const absl::StatusOr<CutResult> result = CutTurf(input, options);
  EXPECT_TRUE(result.ok()) << result.status();
  if (!result.ok()) return {};
  ExpectSound(input, *result);
  return *result;
}

std::string Ewkb(const std::vector<PolygonRings>& polygons) {
  return Geometry::FromPolygons(polygons)->ToEwkb().value();
}

Ring Box(const LonLat& low, const LonLat& high) {
  return {{low.lon, low.lat}, {high.lon, low.lat}, {high.lon, high.lat}, {low.lon, high.lat}, {low.lon, low.lat}};
}

// A ring of `count` points round the town.
Ring Wheel(size_t count) {
  Ring ring;
  for (size_t i = 0; i + 1 < count; ++i) {
    const double angle = 2 * std::numbers::pi * static_cast<double>(i) / static_cast<double>(count - 1);
    ring.push_back({11 + 0.1 * std::cos(angle), 49.5 + 0.1 * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

TEST(BadInput, EnormousBoundaryIsRefusedAndALargeOneTaken) {
  CutInput input = SeededTown(2, 1);
  input.kept_boundaries.push_back({base::BoundaryId(1), Ewkb({{Wheel(kGeometryPointsMax + 1), {}}})});
  ExpectRefused(CutTurf(input, {}).status(), "kept_boundaries[0]", "GEOMETRY_TOO_LARGE");
  input.kept_boundaries[0].ewkb = Ewkb({{Wheel(100'000), {}}});
  const CutResult result = ExpectSoundCut(input, Target(20));
  for (const Turf& turf : result.turfs) EXPECT_EQ(turf.boundary, base::BoundaryId(1));
}

TEST(BadInput, EnormousBarrierIsRefused) {
  CutInput input = SeededTown(2, 1);
  input.barriers.push_back({BarrierKind::kWater, Ewkb({{Wheel(kGeometryPointsMax + 1), {}}})});
  ExpectRefused(CutTurf(input, {}).status(), "barriers[0]", "GEOMETRY_TOO_LARGE");
}

TEST(BadInput, BarrierThatIntersectsItselfIsTakenByItsLines) {
  CutInput input = SeededTown(3, 2);
  const LonLat a = TownPlace(5, 5, 31), b = TownPlace(25, 25, 31);
  input.barriers.push_back(
      {BarrierKind::kWater,
       Ewkb({{{{a.lon, a.lat}, {b.lon, b.lat}, {b.lon, a.lat}, {a.lon, b.lat}, {a.lon, a.lat}}, {}}})});
  ExpectSoundCut(input, Target(20));
}

TEST(BadInput, BarrierOfPointsOrOfAnythingIsRefused) {
  CutInput input = SeededTown(2, 1);
  input.barriers.push_back({BarrierKind::kRail, PointToEwkb({11, 49.5}).value()});
  ExpectRefused(CutTurf(input, {}).status(), "barriers[0]", "GEOMETRY_WRONG_KIND");
}

TEST(BadInput, PlacesThatAreNoneAreRefusedWhereverTheyStand) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const LonLat& place : {LonLat{nan, 49}, LonLat{11, nan}, LonLat{infinity, 49}, LonLat{500, 95}}) {
    CutInput input = SeededTown(2, 1);
    input.doors[3].position = place;
    ExpectRefused(CutTurf(input, {}).status(), "doors[3].position", "COORDINATE_OUT_OF_RANGE");
    input = SeededTown(2, 1);
    input.streets[1].line[1] = place;
    ExpectRefused(CutTurf(input, {}).status(), "streets[1]", "COORDINATE_OUT_OF_RANGE");
    input = SeededTown(2, 1);
    const Ring ring{{11, 49}, {place.lon, place.lat}, {12, 49}, {11, 49}};
    input.barriers.push_back({BarrierKind::kWater, Ewkb({{ring, {}}})});
    ExpectRefused(CutTurf(input, {}).status(), "barriers[0]", "COORDINATE_OUT_OF_RANGE");
    input.barriers.clear();
    input.kept_boundaries.push_back({base::BoundaryId(1), Ewkb({{ring, {}}})});
    ExpectRefused(CutTurf(input, {}).status(), "kept_boundaries[0]", "COORDINATE_OUT_OF_RANGE");
  }
}

TEST(BadInput, AllDoorsAtOnePoint) {
  CutInput input = SeededTown(2, 3);
  for (CutDoor& door : input.doors) door.position = input.doors[0].position;
  const CutResult result = ExpectSoundCut(input, Target(20));
  // They stand in a row, buildings among them: not every row can be cut evenly.
  EXPECT_GE(result.totals.turfs_in_bounds, result.totals.turf_count - 1);
}

TEST(BadInput, OneBuildingOfTwoThousandUnitsAndNothingElse) {
  CutInput input = SeededTown(2, 4);
  CutDoor tower = input.doors[0];
  input.doors.clear();
  tower.address_point = base::AddressPointId(9);
  for (int unit = 0; unit < 2'000; ++unit) {
    tower.id = base::DoorId(unit + 1);
    tower.floor = unit / 40;
    tower.unit = std::to_string(unit);
    input.doors.push_back(tower);
  }
  const CutResult result = ExpectSoundCut(input, Target(45));
  EXPECT_EQ(result.totals.turfs_in_bounds, result.totals.turf_count);
  EXPECT_EQ(result.totals.walk_length_m, 0);
}

TEST(BadInput, HalfOfTheDoorsHaveNoStreet) {
  for (const double away_deg : {0.004, 0.3}) {
    CutInput input = SeededTown(4, 5);
    std::set<int64_t> without;
    for (size_t i = 0; i < input.doors.size(); ++i) {
      if (input.doors[i].id.value % 2 != 0) continue;
      // On ground of their own, with and without a street within reach.
      input.doors[i].position.lat += away_deg;
      input.doors[i].street = "";
      input.doors[i].address_point = base::AddressPointId();
      without.insert(input.doors[i].id.value);
    }
    const CutResult result = ExpectSoundCut(input, Target(20));
    if (away_deg < 0.1) continue;
    std::set<int64_t> named;
    for (const CutProblem& problem : result.problems) {
      if (problem.reason == CutReason::kNoStreet) named.insert(problem.door.value);
    }
    EXPECT_EQ(named, without);
  }
}

TEST(BadInput, BarriersThatEncloseThreeDoors) {
  CutInput input = DrawTown({
      "   o o o o o o   ",
      "+-------+-------+",
      "|  o o o|o o o o|",
      "|       |       |",
      "+-------+-------+",
      "   o o o o o o   ",
  });
  std::set<int64_t> enclosed;
  for (int i = 0; i < 3; ++i) {
    CutDoor& door = input.doors.emplace_back(input.doors[0]);
    door.id = base::DoorId(1'000 + i);
    door.address_point = base::AddressPointId();
    door.position = TownPlace(40 + i, 3, 6);
    door.street = "Island Lane";
    enclosed.insert(door.id.value);
  }
  input.streets.push_back(
      {"Island Lane", StreetClass::kResidential, 0, {TownPlace(39, 2.5, 6), TownPlace(43, 2.5, 6)}, {}});
  input.barriers.push_back({BarrierKind::kWater, Ewkb({{Box(TownPlace(37, 5, 6), TownPlace(45, 0, 6)), {}}})});
  const CutResult result = ExpectSoundCut(input, Target(8));
  EXPECT_EQ(result.totals.turfs_with_barrier_leg, 0);
  for (const Turf& turf : result.turfs) {
    if (!enclosed.contains(turf.doors[0].value)) continue;
    EXPECT_EQ(turf.doors.size(), 3u);
    EXPECT_EQ(turf.metrics.bounds_reason, CutReason::kCutOffPiece);
  }
}

TEST(BadInput, TargetAboveTheNumberOfDoors) {
  const CutInput input = SeededTown(1, 6);
  const CutResult result = ExpectSoundCut(input, Target(kTargetDoorsMax));
  ASSERT_EQ(result.turfs.size(), 1u);
  EXPECT_EQ(result.turfs[0].metrics.bounds_reason, CutReason::kCutOffPiece);
}

TEST(BadInput, ATownOverTheAntimeridianIsCutAsAnywhere) {
  AsciiTownOptions options;
  options.origin = {11, -16.8};
  const CutResult anywhere = ExpectSoundCut(SeededTown(3, 7, options), Target(20));
  options.origin = {179.998, -16.8};
  const CutResult result = ExpectSoundCut(SeededTown(3, 7, options), Target(20));
  EXPECT_EQ(result.totals.turfs_in_bounds, anywhere.totals.turfs_in_bounds);
  EXPECT_EQ(result.totals.turfs_connected, anywhere.totals.turfs_connected);
  EXPECT_NEAR(result.totals.walk_m_per_door, anywhere.totals.walk_m_per_door, 1);
  for (const Turf& turf : result.turfs) {
    const auto bounds = Geometry::FromEwkb(turf.polygon_ewkb, "polygon")->Bounds();
    EXPECT_GE(bounds.min_x, -180);
    EXPECT_LE(bounds.max_x, 180);
  }
}

TEST(BadInput, TownsFarNorthAreCutAsAnywhere) {
  for (const double lat : {60.2, 69.65, 78.22}) {
    AsciiTownOptions options;
    options.origin = {15.6, lat};
    const CutResult result = ExpectSoundCut(SeededTown(3, 8, options), Target(20));
    EXPECT_EQ(result.totals.turfs_connected, result.totals.turf_count);
    EXPECT_LT(result.totals.walk_m_per_door, 200);
  }
}

TEST(BadInput, DoorsSpreadOverTheWorldAreRefused) {
  CutInput input = SeededTown(2, 9);
  input.doors[0].position = {-100, -40};
  ExpectRefused(CutTurf(input, {}).status(), "doors", "PLACES_TOO_FAR_APART");
}

TEST(BadInput, StreetsOfOnePointOrNoLengthAreTaken) {
  CutInput input = SeededTown(2, 10);
  const LonLat place = input.doors[0].position;
  input.streets.push_back({"Dot", StreetClass::kResidential, 0, {place}, {}});
  input.streets.push_back({"Knot", StreetClass::kResidential, 0, {place, place, place}, {}});
  input.streets.push_back({"Nothing", StreetClass::kResidential, 0, {}, {}});
  ExpectSoundCut(input, Target(20));
}

TEST(BadInput, BoundariesThatOverlapGiveADoorToTheFirst) {
  CutInput input = SeededTown(3, 11);
  const std::string all = Ewkb({{Box({10.9, 49.4}, {11.1, 49.6}), {}}});
  input.kept_boundaries.push_back({base::BoundaryId(7), all});
  input.kept_boundaries.push_back({base::BoundaryId(8), all});
  const CutResult result = ExpectSoundCut(input, Target(20));
  for (const Turf& turf : result.turfs) EXPECT_EQ(turf.boundary, base::BoundaryId(7));
}

}  // namespace
}  // namespace snowfield::geo
