#include "geo/shape/turf_shape.h"

#include <gtest/gtest.h>

#include <random>

#include "base/status.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {
namespace {

// The partition's rules, checked with GEOS.
void ExpectPartition(const std::vector<ShapeSite>& sites, const std::vector<TurfShape>& shapes, double slack_deg) {
  std::vector<Geometry> polygons;
  for (const TurfShape& shape : shapes) {
    EXPECT_TRUE(shape.valid);
    polygons.push_back(Geometry::FromEwkb(shape.ewkb, "polygon").value());
    EXPECT_TRUE(polygons.back().FindInvalidity()->empty());
    EXPECT_EQ(polygons.back().srid(), kSridWgs84);
  }
  for (size_t a = 0; a < polygons.size(); ++a) {
    for (size_t b = a + 1; b < polygons.size(); ++b) {
      if (!polygons[a].Intersects(polygons[b]).value()) continue;
      EXPECT_LT(polygons[a].Intersection(polygons[b])->Area().value(), 1e-15) << a << " overlaps " << b;
    }
  }
  for (const ShapeSite& site : sites) {
    Geometry spot = Geometry::FromPoint({site.position.lon, site.position.lat}).value();
    if (slack_deg > 0) spot = spot.Buffer(slack_deg).value();
    EXPECT_TRUE(polygons[site.turf].Intersects(spot).value()) << "a turf without its door";
  }
}

std::vector<ShapeSite> RandomSites(uint64_t seed, int count, int turfs, LonLat origin) {
  std::mt19937_64 random(seed);
  std::vector<ShapeSite> sites;
  for (int i = 0; i < count; ++i) {
    const double x = static_cast<double>(random() % 10'000) / 10'000,
                 y = static_cast<double>(random() % 10'000) / 10'000;
    const int turf = static_cast<int>(x * turfs) % turfs;
    sites.push_back({{WrapLon(origin.lon + x * 0.02), origin.lat + y * 0.02}, turf});
  }
  return sites;
}

TEST(ShapeTurfs, MakesAPartition) {
  for (const uint64_t seed : {1u, 2u, 3u}) {
    SCOPED_TRACE(seed);
    const auto sites = RandomSites(seed, 600, 9, {-77, 38.9});
    ExpectPartition(sites, ShapeTurfs(sites, 9).value(), 0);
  }
}

TEST(ShapeTurfs, MakesAPartitionOfMixedTurfs) {
  std::vector<ShapeSite> sites = RandomSites(5, 400, 7, {11, 49.5});
  for (size_t i = 0; i < sites.size(); ++i) sites[i].turf = static_cast<int>(i * 7919 % 7);
  ExpectPartition(sites, ShapeTurfs(sites, 7).value(), 0);
}

TEST(ShapeTurfs, TakesDoorsOnAGridOfExactSquares) {
  std::vector<ShapeSite> sites;
  for (int x = 0; x < 12; ++x) {
    for (int y = 0; y < 12; ++y) sites.push_back({{8 + x * 1e-4, 50 + y * 1e-4}, (x / 3 + y / 3) % 2});
  }
  ExpectPartition(sites, ShapeTurfs(sites, 2).value(), 0);
}

TEST(ShapeTurfs, SharesOutOnePlaceOfSeveralTurfs) {
  std::vector<ShapeSite> sites;
  for (int turf = 0; turf < 40; ++turf) sites.push_back({{8, 50}, turf});
  ExpectPartition(sites, ShapeTurfs(sites, 40).value(), 1.2e-5);
}

TEST(ShapeTurfs, SplitsAtTheAntimeridian) {
  const auto sites = RandomSites(4, 200, 3, {179.99, -17});
  ExpectPartition(sites, ShapeTurfs(sites, 3).value(), 1e-9);
}

TEST(ShapeTurfs, WorksFarNorth) {
  const auto sites = RandomSites(6, 200, 4, {10, 60});
  ExpectPartition(sites, ShapeTurfs(sites, 4).value(), 0);
}

TEST(ShapeTurfs, StaysNearItsDoors) {
  const std::vector<TurfShape> shapes = ShapeTurfs({{{8, 50}, 0}}, 1).value();
  EXPECT_GT(shapes[0].area_m2, 1'000);
  EXPECT_LT(shapes[0].area_m2, 40'000);
  EXPECT_GT(shapes[0].polsby_popper, 0.5);
  EXPECT_NEAR(shapes[0].area_over_hull, 1, 1e-9);
}

TEST(ShapeTurfs, IsTheSameForAnyNumberOfThreads) {
  const auto sites = RandomSites(8, 500, 300, {-77, 38.9});
  ShapeOptions two;
  two.threads = 2;
  const auto a = ShapeTurfs(sites, 300).value(), b = ShapeTurfs(sites, 300, two).value();
  for (size_t i = 0; i < a.size(); ++i) EXPECT_EQ(a[i].ewkb, b[i].ewkb);
}

TEST(ShapeTurfs, RefusesBadSites) {
  EXPECT_EQ(base::DetailOf(ShapeTurfs({{{8, 50}, 3}}, 1).status()).field, "sites[0].turf");
  EXPECT_EQ(base::DetailOf(ShapeTurfs({{{8, 95}, 0}}, 1).status()).reason, "COORDINATE_OUT_OF_RANGE");
  EXPECT_TRUE(absl::IsCancelled(ShapeTurfs({{{8, 50}, 0}}, 1, {}, [] { return true; }).status()));
}

}  // namespace
}  // namespace snowfield::geo
