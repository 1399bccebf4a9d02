// A lasso takes the doors that a plain look at each door would.
#include "geo/hand/door_index.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <random>

#include "base/status.h"

namespace snowfield::geo {
namespace {

constexpr LonLat kMiddle{11.0, 49.5};

std::string Ewkb(const std::vector<PolygonRings>& polygons) {
  Geometry geometry = Geometry::FromPolygons(polygons).value();
  geometry.set_srid(kSridWgs84);
  return geometry.ToEwkb().value();
}

Ring Square(double west, double south, double east, double north) {
  return {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
}

std::string ReasonOf(const std::string& ewkb) { return base::DetailOf(Lasso::FromEwkb(ewkb, "lasso").status()).reason; }

std::vector<LonLat> Scattered(int count, const LonLat& middle, std::mt19937_64* random) {
  std::normal_distribution<double> off(0, 0.01);
  std::vector<LonLat> places;
  for (int i = 0; i < count; ++i) places.push_back({WrapLon(middle.lon + off(*random)), middle.lat + off(*random)});
  return places;
}

// A star about a place: jagged, without crossing itself.
Ring Star(const LonLat& middle, int points, std::mt19937_64* random) {
  std::uniform_real_distribution<double> radius(0.002, 0.02);
  Ring ring;
  for (int i = 0; i < points; ++i) {
    const double angle = 2 * std::numbers::pi * i / points, r = radius(*random);
    ring.push_back({middle.lon + r * std::cos(angle), middle.lat + r * std::sin(angle)});
  }
  ring.push_back(ring.front());
  return ring;
}

TEST(DoorIndex, TakesWhatAPlainLookAtEachDoorWould) {
  for (const uint64_t seed : {1u, 2u, 3u, 4u, 5u, 6u}) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const std::vector<LonLat> places = Scattered(5'000, kMiddle, &random);
    const DoorIndex index(places, Frame::About(kMiddle).value());
    PolygonRings polygon{Star(kMiddle, static_cast<int>(5 + 40 * seed), &random), {}};
    if (seed % 2 == 0) polygon.holes.push_back(Square(10.9995, 49.4995, 11.0005, 49.5005));
    const std::string ewkb = Ewkb({polygon});
    const std::vector<Geometry> areas = [&] {
      std::vector<Geometry> list;
      list.push_back(Geometry::FromEwkb(ewkb, "").value());
      return list;
    }();
    const AreaIndex finder = AreaIndex::Over(areas).value();
    std::vector<int> wanted;
    for (int door = 0; door < static_cast<int>(places.size()); ++door) {
      if (finder.Find({places[door].lon, places[door].lat}) >= 0) wanted.push_back(door);
    }
    EXPECT_GT(wanted.size(), 200u);
    EXPECT_EQ(index.Within(Lasso::FromEwkb(ewkb, "lasso").value()), wanted);
  }
}

TEST(DoorIndex, LevelEdgesInsideARowOfCellsAreSeen) {
  std::mt19937_64 random(7);
  const std::vector<LonLat> places = Scattered(3'000, kMiddle, &random);
  const DoorIndex index(places, Frame::About(kMiddle).value());
  const auto count = std::count_if(places.begin(), places.end(), [](const LonLat& p) {
    return p.lon > 10.995 && p.lon < 11.0051 && p.lat > 49.49713 && p.lat < 49.50301;
  });
  EXPECT_EQ(index.Within(Lasso::FromEwkb(Ewkb({{Square(10.995, 49.49713, 11.0051, 49.50301), {}}}), "").value()).size(),
            static_cast<size_t>(count));
}

TEST(DoorIndex, TwoLassosWithACommonEdgeShareTheDoorsOnIt) {
  const std::vector<LonLat> places = {{11.0, 49.5}, {11.0, 49.5005}, {11.001, 49.5}};
  const DoorIndex index(places, Frame::About(kMiddle).value());
  const auto left = index.Within(Lasso::FromEwkb(Ewkb({{Square(10.99, 49.49, 11.0, 49.51), {}}}), "").value());
  const auto right = index.Within(Lasso::FromEwkb(Ewkb({{Square(11.0, 49.49, 11.01, 49.51), {}}}), "").value());
  EXPECT_EQ(left.size() + right.size(), places.size());
}

TEST(DoorIndex, GoesOverTheAntimeridian) {
  const LonLat middle{179.999, 60};
  std::mt19937_64 random(8);
  const std::vector<LonLat> places = Scattered(2'000, middle, &random);
  const DoorIndex index(places, Frame::About(middle).value());
  const std::string both = Ewkb({{Square(179.99, 59.9, 180, 60.1), {}}, {Square(-180, 59.9, -179.99, 60.1), {}}});
  const auto count =
      std::count_if(places.begin(), places.end(), [](const LonLat& p) { return p.lon >= 179.99 || p.lon < -179.99; });
  EXPECT_EQ(index.Within(Lasso::FromEwkb(both, "").value()).size(), static_cast<size_t>(count));
}

TEST(DoorIndex, ALassoAwayFromAllDoorsIsEmpty) {
  const DoorIndex index({kMiddle}, Frame::About(kMiddle).value());
  EXPECT_TRUE(index.Within(Lasso::FromEwkb(Ewkb({{Square(-1, -1, 1, 1), {}}}), "").value()).empty());
  EXPECT_TRUE(index.Within(Lasso::FromEwkb(Ewkb({{Square(11.1, 49, 12, 50), {}}}), "").value()).empty());
  EXPECT_EQ(index.Within(Lasso::FromEwkb(Ewkb({{Square(-170, -80, 170, 80), {}}}), "").value()).size(), 1u);
}

TEST(DoorIndex, AroundTakesABox) {
  const std::vector<LonLat> places = {kMiddle, {11.0005, 49.5}, {11.01, 49.5}};
  const DoorIndex index(places, Frame::About(kMiddle).value());
  EXPECT_EQ(index.Around(kMiddle, 100), (std::vector<int>{0, 1}));
}

TEST(Lasso, RefusesWhatIsNoArea) {
  EXPECT_EQ(ReasonOf("nonsense"), "GEOMETRY_UNREADABLE");
  EXPECT_EQ(ReasonOf(PointToEwkb(kMiddle).value()), "GEOMETRY_WRONG_KIND");
  EXPECT_EQ(ReasonOf(Ewkb({})), "GEOMETRY_MISSING");
  const Ring bow_tie = {{11, 49}, {12, 50}, {12, 49}, {11, 50}, {11, 49}};
  EXPECT_EQ(ReasonOf(Ewkb({{bow_tie, {}}})), "GEOMETRY_INVALID");
  EXPECT_EQ(ReasonOf(Ewkb({{Square(0, 0, 181, 1), {}}})), "COORDINATE_OUT_OF_RANGE");
  EXPECT_EQ(ReasonOf(Ewkb({{Square(0, 0, std::numeric_limits<double>::quiet_NaN(), 1), {}}})),
            "COORDINATE_OUT_OF_RANGE");
  std::mt19937_64 random(9);
  EXPECT_EQ(ReasonOf(Ewkb({{Star(kMiddle, static_cast<int>(kLassoPointsMax), &random), {}}})), "GEOMETRY_TOO_LARGE");
}

TEST(Lasso, ErrorsNameTheFieldAndNoPlace) {
  const Ring bow_tie = {{11, 49}, {12, 50}, {12, 49}, {11, 50}, {11, 49}};
  const absl::Status status = Lasso::FromEwkb(Ewkb({{bow_tie, {}}}), "area").status();
  EXPECT_EQ(base::DetailOf(status).field, "area");
  EXPECT_EQ(base::MessageOf(status).find("11.5"), std::string::npos);
}

}  // namespace
}  // namespace snowfield::geo
