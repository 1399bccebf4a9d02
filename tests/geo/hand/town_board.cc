#include "tests/geo/hand/town_board.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "geo/geos/geometry.h"

namespace snowfield::testing {
namespace {

using geo::Geometry;

// A door lies in its polygon, or within a metre where several turfs share its place.
constexpr double kNudge_deg = 1.6e-5;
// What rounding may leave where a line ends on a neighbour's edge (ten square centimetres).
constexpr double kOverlap_deg2 = 1e-13;

// Lines within rounding of each other can be too close for GEOS to overlay: then one area is drawn in by a centimetre.
double OverlapOf(const Geometry& a, const Geometry& b) {
  absl::StatusOr<Geometry> both = a.Intersection(b);
  if (!both.ok()) both = a.Buffer(-1e-7)->Intersection(b);
  return both->Area().value();
}

void ExpectPolygons(const geo::TurfBoard& board) {
  std::vector<Geometry> polygons;
  for (const int number : board.numbers()) {
    SCOPED_TRACE(absl::StrCat("turf ", number));
    const geo::Turf& turf = board.Find(number)->turf;
    polygons.push_back(Geometry::FromEwkb(turf.polygon_ewkb, "polygon").value());
    EXPECT_TRUE(polygons.back().FindInvalidity()->empty());
    EXPECT_FALSE(polygons.back().empty());
    EXPECT_EQ(polygons.back().srid(), geo::kSridWgs84);
    EXPECT_EQ(Geometry::FromEwkb(turf.walk_line_ewkb, "line")->kind(), geo::GeometryKind::kLine);
    for (const base::DoorId door : turf.doors) {
      const geo::LonLat& place = board.ground().position(board.ground().Find(door));
      const Geometry near = Geometry::FromPoint({place.lon, place.lat})->Buffer(kNudge_deg).value();
      EXPECT_TRUE(polygons.back().Intersects(near).value()) << "door " << door.value << " is outside";
    }
  }
  for (size_t a = 0; a < polygons.size(); ++a) {
    for (size_t b = a + 1; b < polygons.size(); ++b) {
      const absl::StatusOr<bool> meet = polygons[a].Intersects(polygons[b]);
      if (meet.ok() && !*meet) continue;
      EXPECT_LT(OverlapOf(polygons[a], polygons[b]), kOverlap_deg2) << a << " and " << b;
    }
  }
}

}  // namespace

geo::TurfBoard BoardOf(const geo::CutInput& input, int target_doors) {
  geo::CutOptions options;
  options.target_doors = target_doors;
  const geo::CutResult cut = geo::CutTurf(input, options).value();
  std::vector<geo::BoardTurf> turfs;
  for (const geo::Turf& turf : cut.turfs) {
    turfs.push_back({.number = static_cast<int>(turfs.size()) + 1, .version = 1, .turf = turf});
  }
  return geo::TurfBoard::Make(geo::BoardGround::Load(input, options).value(), std::move(turfs), {}).value();
}

void ExpectSound(const geo::TurfBoard& board) {
  std::set<base::DoorId> seen;
  for (const int number : board.numbers()) {
    const geo::Turf& turf = board.Find(number)->turf;
    for (const base::DoorId door : turf.doors) {
      EXPECT_TRUE(seen.insert(door).second) << "a door in two turfs";
      EXPECT_EQ(board.TurfOf(board.ground().Find(door)), number);
    }
    EXPECT_EQ(turf.metrics.door_count, static_cast<int>(turf.doors.size()));
    EXPECT_GT(turf.metrics.estimated_minutes, 0);
    EXPECT_GT(turf.metrics.polsby_popper, 0);
    EXPECT_EQ(turf.metrics.in_bounds, turf.metrics.bounds_reason == geo::CutReason::kNone);
  }
  for (const geo::AsideDoor& aside : board.aside()) {
    EXPECT_TRUE(seen.insert(aside.door).second) << "a door in a turf and set aside";
    EXPECT_EQ(board.TurfOf(board.ground().Find(aside.door)), 0);
  }
  EXPECT_EQ(static_cast<int>(seen.size()), board.ground().door_count());
  ExpectPolygons(board);
}

std::string Picture(const geo::TurfBoard& board) {
  std::string picture;
  for (const int number : board.numbers()) {
    const geo::Turf& turf = board.Find(number)->turf;
    absl::StrAppend(&picture, number, ":");
    for (const base::DoorId door : turf.doors) absl::StrAppend(&picture, " ", door.value);
    absl::StrAppend(&picture, "|", turf.polygon_ewkb, "|", turf.walk_line_ewkb, "|", turf.metrics.walk_length_m, "\n");
  }
  for (const geo::AsideDoor& aside : board.aside()) {
    absl::StrAppend(&picture, aside.door.value, "<", aside.from_turf, aside.reason, "\n");
  }
  return picture;
}

std::string ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

}  // namespace snowfield::testing
