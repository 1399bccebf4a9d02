#include "services/rpc/geometry.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/status.h"

namespace snowfield::rpc {
namespace {
using geometry::v1::Line;
using geometry::v1::MultiPolygon;
using geometry::v1::Point;

Point MakePoint(double longitude, double latitude) {
  Point point;
  point.set_longitude(longitude);
  point.set_latitude(latitude);
  return point;
}

Line MakeLine(std::initializer_list<double> coordinates) {
  Line line;
  for (const double value : coordinates) line.add_coordinates(value);
  return line;
}

std::string Reason(const absl::Status& status) { return base::DetailOf(status).reason; }

TEST(Geometry, PointSurvivesTheRoundTrip) {
  const auto ewkb = ToEwkb(MakePoint(-77.03, 38.91), "position");
  ASSERT_TRUE(ewkb.ok());
  const auto point = PointFromEwkb(*ewkb);
  ASSERT_TRUE(point.ok());
  EXPECT_EQ(point->longitude(), -77.03);
  EXPECT_EQ(point->latitude(), 38.91);
}

TEST(Geometry, PolygonWithAHoleSurvivesTheRoundTrip) {
  MultiPolygon area;
  auto* polygon = area.add_polygons();
  *polygon->add_rings() = MakeLine({0, 0, 4, 0, 4, 4, 0, 0});
  *polygon->add_rings() = MakeLine({2, 1, 3, 1, 3, 2, 2, 1});
  const auto ewkb = ToEwkb(area, "area");
  ASSERT_TRUE(ewkb.ok());
  const auto back = MultiPolygonFromEwkb(*ewkb);
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->SerializeAsString(), area.SerializeAsString());
}

TEST(Geometry, RefusesWhatIsNoPlaceOnTheGlobe) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(Reason(ToEwkb(MakePoint(nan, 1), "position").status()), "COORDINATE_NOT_FINITE");
  EXPECT_EQ(Reason(ToEwkb(MakePoint(1, -infinity), "position").status()), "COORDINATE_NOT_FINITE");
  EXPECT_EQ(Reason(ToEwkb(MakePoint(500, 95), "position").status()), "COORDINATE_OUT_OF_RANGE");
  EXPECT_EQ(Reason(ToEwkb(MakeLine({0, 0, 1, nan, 2, 2}), "line").status()), "COORDINATE_NOT_FINITE");
  EXPECT_EQ(base::DetailOf(ToEwkb(MakePoint(500, 95), "position").status()).field, "position");
}

TEST(Geometry, RefusesLinesAndRingsThatAreNone) {
  EXPECT_EQ(Reason(ToEwkb(MakeLine({0, 0}), "line").status()), "LINE_TOO_SHORT");
  EXPECT_EQ(Reason(ToEwkb(MakeLine({0, 0, 1}), "line").status()), "LINE_TOO_SHORT");
  EXPECT_EQ(Reason(ToEwkb(MultiPolygon(), "area").status()), "GEOMETRY_MISSING");
  MultiPolygon open;
  *open.add_polygons()->add_rings() = MakeLine({0, 0, 4, 0, 4, 4, 0, 1});
  EXPECT_EQ(Reason(ToEwkb(open, "area").status()), "RING_NOT_CLOSED");
  EXPECT_EQ(Reason(ToEwkb(geometry::v1::Geometry(), "shape").status()), "GEOMETRY_MISSING");
}

TEST(Geometry, NoBytesCrashTheReader) {
  MultiPolygon area;
  *area.add_polygons()->add_rings() = MakeLine({0, 0, 4, 0, 4, 4, 0, 0});
  const std::string whole = *ToEwkb(area, "area");
  for (size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(MultiPolygonFromEwkb(std::string_view(whole).substr(0, length)).ok()) << length;
  }
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string bent = whole;
    bent[at] = static_cast<char>(0xFF);
    (void)MultiPolygonFromEwkb(bent).ok();  // any answer, no crash
    (void)LineFromEwkb(bent).ok();
  }
}

}  // namespace
}  // namespace snowfield::rpc
