#include "geo/frame/frame.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "base/status.h"
#include "geo/frame/parallel.h"

namespace snowfield::geo {
namespace {

TEST(Frame, RefusesPlacesThatAreNoPlaces) {
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  for (const LonLat& place :
       {LonLat{nan, 0}, LonLat{0, nan}, LonLat{infinity, 0}, LonLat{500, 95}, LonLat{181, 0}, LonLat{0, -90.5}}) {
    const absl::Status status = ValidateLonLat(place, "doors[3].position");
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(base::DetailOf(status).reason, "COORDINATE_OUT_OF_RANGE");
    EXPECT_EQ(base::DetailOf(status).field, "doors[3].position");
  }
  EXPECT_TRUE(ValidateLonLat({180, 90}, "x").ok());
}

TEST(Frame, KeepsLengthsNearItsCentre) {
  const Frame frame = Frame::About({-77.03, 38.9}).value();
  const LonLat a{-77.05, 38.95}, b{-76.98, 38.86};
  EXPECT_NEAR(DistanceM(frame.ToMetres(a), frame.ToMetres(b)), GeodesicM(a, b), 0.02);
}

TEST(Frame, GoesThereAndBack) {
  const Frame frame = Frame::About({11.3, 60.0}).value();
  const LonLat place{11.41, 60.07};
  const LonLat back = frame.ToLonLat(frame.ToMetres(place));
  EXPECT_NEAR(back.lon, place.lon, 1e-11);
  EXPECT_NEAR(back.lat, place.lat, 1e-11);
}

TEST(Frame, LiesOverTheAntimeridian) {
  const Frame frame = Frame::AboutAll({{179.9, -17}, {-179.9, -17.2}}, "doors").value();
  EXPECT_NEAR(std::abs(frame.centre().lon), 180, 1e-9);
  EXPECT_LT(DistanceM(frame.ToMetres({179.9, -17}), frame.ToMetres({-179.9, -17})), 22'000);
  EXPECT_NEAR(std::abs(frame.UnwrappedLon({179.9, 0}) - frame.UnwrappedLon({-179.9, 0})), 0.2, 1e-9);
}

TEST(Frame, RefusesAContinent) {
  EXPECT_EQ(base::DetailOf(Frame::AboutAll({{-120, 40}, {-70, 40}}, "doors").status()).reason, "PLACES_TOO_FAR_APART");
  EXPECT_FALSE(Frame::AboutAll({}, "doors").ok());
}

TEST(ParallelFor, VisitsEachIndexOnceOnAnyNumberOfThreads) {
  for (const int threads : {1, 2, 5}) {
    std::vector<int> visits(1'000, 0);
    EXPECT_TRUE(ParallelFor(threads, 1'000, 7, nullptr, [&](int, int i) { ++visits[i]; }));
    for (const int count : visits) EXPECT_EQ(count, 1);
  }
  EXPECT_FALSE(ParallelFor(
      2, 10, 1, [] { return true; }, [](int, int) {}));
}

}  // namespace
}  // namespace snowfield::geo
