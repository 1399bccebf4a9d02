#include "geo/shape/turf_shape.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <random>
#include <set>

#include "base/status.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {
namespace {

std::vector<Geometry> PolygonsOf(const std::vector<TurfShape>& shapes) {
  std::vector<Geometry> polygons;
  for (const TurfShape& shape : shapes) polygons.push_back(Geometry::FromEwkb(shape.ewkb, "polygon").value());
  return polygons;
}

// The partition's rules, checked with GEOS: valid; the areas' sum is the area of their union; every door in its own
// polygon and in no other (within slack_deg where several share a place).
void ExpectPartition(const std::vector<ShapeSite>& sites, const std::vector<TurfShape>& shapes, double slack_deg) {
  const std::vector<Geometry> polygons = PolygonsOf(shapes);
  std::vector<PolygonRings> all;
  double sum = 0;
  for (size_t i = 0; i < polygons.size(); ++i) {
    EXPECT_TRUE(shapes[i].valid);
    EXPECT_TRUE(polygons[i].FindInvalidity()->empty());
    EXPECT_EQ(polygons[i].srid(), kSridWgs84);
    sum += polygons[i].Area().value();
    for (PolygonRings& part : polygons[i].Polygons()) all.push_back(std::move(part));
  }
  const double together = Geometry::FromPolygons(all)->UnaryUnion()->Area().value();
  EXPECT_NEAR(sum, together, 1e-9 * together);
  const AreaIndex index = AreaIndex::Over(polygons).value();
  for (const ShapeSite& site : sites) {
    const XY place{site.position.lon, site.position.lat};
    if (slack_deg == 0) {
      EXPECT_EQ(index.FindAll(place), std::vector<int>{site.turf});
    } else {
      const Geometry spot = Geometry::FromPoint(place)->Buffer(slack_deg).value();
      EXPECT_TRUE(polygons[site.turf].Intersects(spot).value()) << "a turf without its door";
    }
  }
}

size_t VertexCount(const TurfShape& shape) {
  size_t count = 0;
  for (const std::vector<XY>& ring : Geometry::FromEwkb(shape.ewkb, "polygon")->Lines()) count += ring.size() - 1;
  return count;
}

constexpr double kDegree_m = 111'195;

// A place so many metres east and north of a corner at 38.9 degrees north.
LonLat Place(double east_m, double north_m) {
  return {-77 + east_m / (kDegree_m * std::cos(38.9 * std::numbers::pi / 180)), 38.9 + north_m / kDegree_m};
}

// Two rows of doors that face each other over a street along y = 0, setbacks unlike.
std::vector<ShapeSite> FacingRows(double south_m, double north_m) {
  std::vector<ShapeSite> sites;
  for (int i = 0; i < 20; ++i) {
    sites.push_back({Place(10.0 * i, -south_m - i % 3), 0});
    sites.push_back({Place(10.0 * i + 4, north_m + i % 2), 1});
  }
  return sites;
}

// How far the line between two turfs strays from y = 0 for x in [from, to], in metres.
double Straying(const TurfShape& a, const TurfShape& b, double from_m, double to_m) {
  const Geometry first = Geometry::FromEwkb(a.ewkb, "a").value(), second = Geometry::FromEwkb(b.ewkb, "b").value();
  const Geometry shared = first.Intersection(second).value();
  EXPECT_GT(shared.Length().value() * kDegree_m, to_m - from_m) << "no common line";
  double straying = 0;
  const LonLat low = Place(from_m, 0), high = Place(to_m, 0);
  for (const std::vector<XY>& line : shared.Lines()) {
    for (const XY& point : line) {
      if (point.x >= low.lon && point.x <= high.lon) {
        straying = std::max(straying, std::abs(point.y - low.lat) * kDegree_m);
      }
    }
  }
  return straying;
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
  for (const double lat : {60.0, 69.6, 78.2}) {
    const auto sites = RandomSites(6, 200, 4, {10, lat});
    ExpectPartition(sites, ShapeTurfs(sites, 4).value(), 0);
  }
}

TEST(ShapeTurfs, FollowsTheMiddleOfAStreetBetweenTwoTurfs) {
  const std::vector<ShapeSite> sites = FacingRows(25, 9);
  const std::vector<GuideLine> guides{{GuideKind::kStreet, {Place(-100, 0), Place(90, 0), Place(300, 0)}}};
  ShapeOptions options;
  const auto without = ShapeTurfs(sites, 2, options).value();
  EXPECT_GT(Straying(without[0], without[1], 5, 185), 3) << "the street would not be needed";
  options.guides = guides;
  const auto with = ShapeTurfs(sites, 2, options).value();
  EXPECT_LT(Straying(with[0], with[1], 5, 185), 0.05);
  ExpectPartition(sites, with, 0);
}

TEST(ShapeTurfs, FollowsAStreetRoundABend) {
  // A quarter of a circle of 150 m radius; doors 15 m outside and 25 m inside.
  std::vector<ShapeSite> sites;
  std::vector<GuideLine> guides(1);
  const auto on_circle = [](double radius_m, double share) {
    const double angle = share * std::numbers::pi / 2;
    return Place(radius_m * std::cos(angle), radius_m * std::sin(angle));
  };
  for (int i = 0; i <= 24; ++i) {
    sites.push_back({on_circle(165, i / 24.0), 0});
    sites.push_back({on_circle(125, i / 24.0), 1});
    guides[0].line.push_back(on_circle(150, i / 24.0));
  }
  ShapeOptions options;
  options.guides = guides;
  const auto shapes = ShapeTurfs(sites, 2, options).value();
  ExpectPartition(sites, shapes, 0);
  const Geometry shared = PolygonsOf(shapes)[0].Intersection(PolygonsOf(shapes)[1]).value();
  for (const std::vector<XY>& line : shared.Lines()) {
    for (const XY& point : line) {
      const double x = (point.x + 77) * kDegree_m * std::cos(38.9 * std::numbers::pi / 180);
      const double y = (point.y - 38.9) * kDegree_m;
      if (x > 10 && y > 10) {
        EXPECT_NEAR(std::hypot(x, y), 150, 1);
      }
    }
  }
}

TEST(ShapeTurfs, FollowsOneOfTwoCarriageways) {
  const std::vector<ShapeSite> sites = FacingRows(30, 30);
  const std::vector<GuideLine> guides{{GuideKind::kStreet, {Place(-100, 0), Place(300, 0)}},
                                      {GuideKind::kStreet, {Place(-100, 12), Place(300, 12)}}};
  ShapeOptions options;
  options.guides = guides;
  const auto shapes = ShapeTurfs(sites, 2, options).value();
  ExpectPartition(sites, shapes, 0);
  EXPECT_LT(Straying(shapes[0], shapes[1], 5, 185), 12.05);
  EXPECT_LT(VertexCount(shapes[0]), 20) << "steps between the carriageways";
}

TEST(ShapeTurfs, GivesATurfBothSidesOfItsOwnStreet) {
  std::vector<ShapeSite> sites = FacingRows(20, 20);
  for (ShapeSite& site : sites) site.turf = 0;
  const std::vector<GuideLine> guides{{GuideKind::kStreet, {Place(-100, 0), Place(300, 0)}}};
  ShapeOptions options;
  const auto without = ShapeTurfs(sites, 1, options).value();
  options.guides = guides;
  EXPECT_EQ(ShapeTurfs(sites, 1, options).value()[0].ewkb, without[0].ewkb);
}

TEST(ShapeTurfs, EndsAtABarrierWithNoDoorBeyond) {
  std::vector<ShapeSite> sites;
  for (int i = 0; i < 20; ++i) sites.push_back({Place(10.0 * i, -20), 0});
  const std::vector<GuideLine> rail{{GuideKind::kBarrier, {Place(-200, 0), Place(400, 0)}}};
  ShapeOptions options;
  EXPECT_GT(PolygonsOf(ShapeTurfs(sites, 1, options).value())[0].Bounds().max_y, Place(0, 20).lat);
  options.guides = rail;
  const auto shapes = ShapeTurfs(sites, 1, options).value();
  ExpectPartition(sites, shapes, 0);
  // It may go over where the rail is out of its doors' reach.
  const Geometry beyond = Geometry::FromPolygons({{{{Place(0, 0.1).lon, Place(0, 0.1).lat},
                                                    {Place(190, 0.1).lon, Place(190, 0.1).lat},
                                                    {Place(190, 100).lon, Place(190, 100).lat},
                                                    {Place(0, 100).lon, Place(0, 100).lat},
                                                    {Place(0, 0.1).lon, Place(0, 0.1).lat}},
                                                   {}}})
                              .value();
  EXPECT_FALSE(PolygonsOf(shapes)[0].Intersects(beyond).value());
}

TEST(ShapeTurfs, KeepsOutOfTheWaterBetweenTwoTurfs) {
  const std::vector<ShapeSite> sites = FacingRows(45, 45);
  const std::vector<LonLat> rim{Place(-300, -30), Place(500, -30), Place(500, 30), Place(-300, 30), Place(-300, -30)};
  const std::vector<GuideLine> river{{GuideKind::kBarrierAreaLeft, rim}};
  ShapeOptions options;
  options.guides = river;
  const auto shapes = ShapeTurfs(sites, 2, options).value();
  ExpectPartition(sites, shapes, 0);
  const Geometry water = Geometry::FromPolygons({{{{Place(10, -29).lon, Place(0, -29).lat},
                                                   {Place(180, -29).lon, Place(0, -29).lat},
                                                   {Place(180, 29).lon, Place(0, 29).lat},
                                                   {Place(10, 29).lon, Place(0, 29).lat},
                                                   {Place(10, -29).lon, Place(0, -29).lat}},
                                                  {}}})
                             .value();
  for (const Geometry& polygon : PolygonsOf(shapes)) EXPECT_FALSE(polygon.Intersects(water).value());
}

TEST(ShapeTurfs, MakesAPartitionAlongAnyLines) {
  for (const uint64_t seed : {21u, 22u, 23u, 24u, 25u, 26u}) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    const auto number = [&random](double below) { return below * static_cast<double>(random() % 10'000) / 10'000; };
    std::vector<ShapeSite> sites;
    for (int i = 0; i < 500; ++i) {
      sites.push_back({Place(number(900), number(900)), static_cast<int>(random() % 3)});
      sites.back().turf += 3 * static_cast<int>(sites.back().position.lat > 38.904);
    }
    std::vector<GuideLine> guides;
    for (int i = 0; i < 40; ++i) {
      GuideLine& guide = guides.emplace_back();
      guide.kind = static_cast<GuideKind>(random() % 3);
      for (int p = 0; p < 4; ++p) guide.line.push_back(Place(number(900), number(900)));
      if (guide.kind == GuideKind::kBarrierAreaLeft) guide.line.push_back(guide.line.front());
    }
    ShapeOptions options;
    options.guides = guides;
    const auto shapes = ShapeTurfs(sites, 6, options).value();
    ExpectPartition(sites, shapes, 0);
    options.threads = 2;
    std::shuffle(guides.begin(), guides.end(), random);
    const auto again = ShapeTurfs(sites, 6, options).value();
    for (size_t i = 0; i < shapes.size(); ++i) EXPECT_EQ(shapes[i].ewkb, again[i].ewkb);
  }
}

TEST(ShapeTurfs, SharesEveryEdgeWithItsNeighbourToTheBit) {
  const auto sites = RandomSites(31, 900, 12, {-77, 38.9});
  const auto polygons = PolygonsOf(ShapeTurfs(sites, 12).value());
  using Edge = std::pair<std::pair<double, double>, std::pair<double, double>>;
  std::vector<std::set<Edge>> edges(polygons.size());
  for (size_t i = 0; i < polygons.size(); ++i) {
    for (const std::vector<XY>& ring : polygons[i].Lines()) {
      for (size_t v = 1; v < ring.size(); ++v) {
        const std::pair a{ring[v - 1].x, ring[v - 1].y}, b{ring[v].x, ring[v].y};
        edges[i].insert(std::minmax(a, b));
      }
    }
  }
  double shared_deg = 0;
  for (size_t a = 0; a < polygons.size(); ++a) {
    for (size_t b = a + 1; b < polygons.size(); ++b) {
      double by_edges = 0;
      for (const Edge& edge : edges[a]) {
        if (!edges[b].contains(edge)) continue;
        by_edges += std::hypot(edge.first.first - edge.second.first, edge.first.second - edge.second.second);
      }
      EXPECT_NEAR(polygons[a].Intersection(polygons[b])->Length().value(), by_edges, 1e-9);
      shared_deg += by_edges;
    }
  }
  EXPECT_GT(shared_deg, 0.1);
}

TEST(ShapeTurfs, IsLightEnoughToDraw) {
  // Terraced streets 60 m apart, a house each 6 m on both sides: 40 doors a turf, turfs back to back.
  std::vector<ShapeSite> sites;
  std::vector<GuideLine> guides;
  for (int street = 0; street < 12; ++street) {
    guides.push_back({GuideKind::kStreet, {Place(-10, 60.0 * street), Place(610, 60.0 * street)}});
    for (int house = 0; house < 100; ++house) {
      for (const double side : {-12.0, 12.0}) {
        const int turf = street * 5 + house / 20;
        sites.push_back({Place(6.0 * house + 0.7 * (house * 7 % 3), 60.0 * street + side + house * 5 % 4), turf});
      }
    }
  }
  ShapeOptions options;
  options.guides = guides;
  const auto shapes = ShapeTurfs(sites, 60, options).value();
  ExpectPartition(sites, shapes, 0);
  std::vector<size_t> counts;
  for (const TurfShape& shape : shapes) counts.push_back(VertexCount(shape));
  std::sort(counts.begin(), counts.end());
  EXPECT_LE(counts[counts.size() / 2], 20u);
  EXPECT_LE(counts.back(), 40u);
}

TEST(ShapeTurfs, TakesDoorsOnOneStraightLine) {
  std::vector<ShapeSite> sites;
  for (int i = 0; i < 300; ++i) sites.push_back({{8 + i * 1e-4, 50}, i / 60});
  ExpectPartition(sites, ShapeTurfs(sites, 5).value(), 0);
}

TEST(ShapeTurfs, PartsDoorsACentimetreApart) {
  std::vector<ShapeSite> sites{{Place(0, 0), 0}, {Place(0.01, 0), 1}, {Place(30, 0), 0}, {Place(-30, 0), 1}};
  ExpectPartition(sites, ShapeTurfs(sites, 2).value(), 0);
}

TEST(ShapeTurfs, TakesABuildingOfManyTurfs) {
  std::vector<ShapeSite> sites;
  for (int i = 0; i < 2'000; ++i) sites.push_back({{8, 50}, i / 45});
  for (int i = 0; i < 45; ++i) sites.push_back({{8.001, 50 + i * 1e-5}, 45});
  ExpectPartition(sites, ShapeTurfs(sites, 46).value(), 1.2e-5);
}

TEST(ShapeTurfs, TakesGroundAsWideAsAContinent) {
  std::vector<ShapeSite> sites;
  for (int i = 0; i < 400; ++i) sites.push_back({{-100 + i % 20 * 1.1, 30 + i / 20 * 1.0}, i % 7});
  ExpectPartition(sites, ShapeTurfs(sites, 7).value(), 0);
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
