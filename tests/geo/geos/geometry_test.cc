#include "geo/geos/geometry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>

#include "base/status.h"

namespace snowfield::geo {
namespace {

Ring Square(double low, double high) { return {{low, low}, {high, low}, {high, high}, {low, high}, {low, low}}; }

TEST(Geometry, KeepsSridThroughEwkb) {
  Geometry polygon = Geometry::FromPolygons({{Square(0, 1), {}}}).value();
  polygon.set_srid(kSridWgs84);
  const std::string bytes = polygon.ToEwkb().value();
  const Geometry back = Geometry::FromEwkb(bytes, "boundary").value();
  EXPECT_EQ(back.srid(), kSridWgs84);
  EXPECT_EQ(back.kind(), GeometryKind::kPolygon);
  EXPECT_EQ(back.Polygons().front().shell, Square(0, 1));
  EXPECT_DOUBLE_EQ(back.Area().value(), 1);
}

TEST(Geometry, RefusesBytesThatAreNoGeometry) {
  const std::string good = LineToEwkb({{1, 2}, {3, 4}}).value();
  for (const std::string& bytes : {std::string(), std::string("hello"), good.substr(0, good.size() - 3)}) {
    const absl::Status status = Geometry::FromEwkb(bytes, "streets[0]").status();
    EXPECT_EQ(base::DetailOf(status).reason, "GEOMETRY_UNREADABLE");
    EXPECT_EQ(base::DetailOf(status).field, "streets[0]");
  }
}

TEST(Geometry, RefusesMorePointsOrLevelsThanItsLimits) {
  const auto reason = [](const std::string& bytes) {
    return base::DetailOf(Geometry::FromEwkb(bytes, "area").status()).reason;
  };
  const std::string most = Geometry::FromLine(std::vector<XY>(kGeometryPointsMax, XY{1, 2})).value().ToEwkb().value();
  EXPECT_EQ(reason(most), "");
  EXPECT_EQ(reason(Geometry::FromLine(std::vector<XY>(kGeometryPointsMax + 1, XY{1, 2}))->ToEwkb().value()),
            "GEOMETRY_TOO_LARGE");
  // Each level is a collection of one.
  std::string nested = PointToEwkb({1, 2}).value();
  for (int level = 2; level <= kGeometryDepthMax; ++level) nested.insert(0, std::string("\1\7\0\0\0\1\0\0\0", 9));
  EXPECT_EQ(reason(nested), "");
  nested.insert(0, std::string("\1\7\0\0\0\1\0\0\0", 9));
  EXPECT_EQ(reason(nested), "GEOMETRY_TOO_LARGE");
}

TEST(Geometry, ReadsHeightsMeasuresAndEitherByteOrder) {
  // POLYGON Z, M and ZM of PostGIS and ISO, little-endian, then one big-endian: the same square in the plane.
  const auto polygon = [](uint32_t type, int dimensions, bool swap) {
    std::string bytes(1, swap ? '\0' : '\1');
    const auto put = [&bytes, swap](auto value) {
      std::string raw(reinterpret_cast<const char*>(&value), sizeof(value));
      if (swap) std::reverse(raw.begin(), raw.end());
      bytes += raw;
    };
    put(type);
    put(uint32_t{1});
    put(uint32_t{5});
    for (const XY& point : Square(0, 1)) {
      put(point.x);
      put(point.y);
      for (int d = 2; d < dimensions; ++d) put(7.0);
    }
    return bytes;
  };
  const std::vector<std::string> spellings{polygon(3, 2, false),           polygon(3, 2, true),
                                           polygon(0x80000003u, 3, false), polygon(0x40000003u, 3, false),
                                           polygon(0xc0000003u, 4, false), polygon(1003, 3, false),
                                           polygon(2003, 3, false),        polygon(3003, 4, true)};
  for (const std::string& bytes : spellings) {
    const absl::StatusOr<Geometry> read = Geometry::FromEwkb(bytes, "area");
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->Polygons().front().shell, Square(0, 1));
  }
}

TEST(Geometry, SaysWhereItIsInvalid) {
  const Geometry bow_tie = Geometry::FromPolygons({{{{0, 0}, {2, 2}, {2, 0}, {0, 2}, {0, 0}}, {}}}).value();
  const auto found = bow_tie.FindInvalidity().value();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].reason, "Self-intersection");
  EXPECT_EQ(found[0].place, (XY{1, 1}));
  EXPECT_TRUE(bow_tie.MakeValid()->FindInvalidity()->empty());
}

TEST(Geometry, NodesLinesThatCross) {
  const Geometry cross = Geometry::FromLines({{{-1, 0}, {1, 0}}, {{0, -1}, {0, 1}}}).value();
  EXPECT_EQ(cross.Node()->Lines().size(), 4u);
}

TEST(Geometry, RefusesCoordinatesOutOfRange) {
  const std::string bytes = Geometry::FromLine({{0, 0}, {500, 95}})->ToEwkb().value();
  EXPECT_EQ(base::DetailOf(EwkbToLines(bytes, "streets[1]").status()).reason, "COORDINATE_OUT_OF_RANGE");
}

TEST(Geometry, MovesBetweenThreads) {
  Geometry made;
  std::thread([&made] { made = Geometry::FromPolygons({{Square(0, 2), {}}}).value(); }).join();
  EXPECT_DOUBLE_EQ(made.Buffer(0)->Area().value(), 4);
}

TEST(AreaIndex, FindsTheFirstAreaThatCovers) {
  std::vector<Geometry> areas;
  areas.push_back(Geometry::FromPolygons({{Square(0, 2), {}}}).value());
  areas.push_back(Geometry::FromPolygons({{Square(1, 3), {}}}).value());
  const AreaIndex index = AreaIndex::Over(areas).value();
  EXPECT_EQ(index.Find({1.5, 1.5}), 0);
  EXPECT_THAT(index.FindAll({1.5, 1.5}), ::testing::ElementsAre(0, 1));
  EXPECT_EQ(index.Find({2, 2}), 0) << "an edge belongs to its area";
  EXPECT_EQ(index.Find({2.5, 2.5}), 1);
  EXPECT_EQ(index.Find({9, 9}), -1);
}

TEST(BoxIndex, FindsBoxesThatMeetTheWindow) {
  const BoxIndex index({{0, 0, 1, 1}, {2, 2, 3, 3}, {0.5, 0.5, 2.5, 2.5}});
  EXPECT_THAT(index.Query({0.9, 0.9, 1.1, 1.1}), ::testing::ElementsAre(0, 2));
  EXPECT_TRUE(index.Query({5, 5, 6, 6}).empty());
}

}  // namespace
}  // namespace snowfield::geo
