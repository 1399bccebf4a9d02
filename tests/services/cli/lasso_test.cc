// A lasso as it is typed or saved.
#include "services/cli/lasso.h"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "base/status.h"

namespace snowfield::cli {
namespace {

std::string ReasonOf(const absl::Status& status) { return base::DetailOf(status).reason; }

absl::StatusOr<geometry::v1::MultiPolygon> ReadText(const std::string& text) {
  const std::string path = ::testing::TempDir() + "lasso_test.geojson";
  std::ofstream(path) << text;
  auto area = ReadLassoFile(path);
  std::remove(path.c_str());
  return area;
}

TEST(Lasso, TypedPointsAreClosed) {
  const auto area = ParseLasso("11.1,49.5 11.2,49.5 11.2,49.6");
  ASSERT_TRUE(area.ok()) << area.status();
  const auto& ring = area->polygons(0).rings(0);
  ASSERT_EQ(ring.coordinates_size(), 8);
  EXPECT_EQ(ring.coordinates(0), ring.coordinates(6));
  EXPECT_EQ(ring.coordinates(1), ring.coordinates(7));
  EXPECT_EQ(ParseLasso("1,1; 2,1; 2,2; 1,1")->polygons(0).rings(0).coordinates_size(), 8);
}

TEST(Lasso, WhatIsNoLassoIsRefused) {
  for (const char* text : {"", "1,1", "1,1 2,2", "a,b c,d e,f", "1 2 3 4 5 6", "1,2,3 4,5,6 7,8,9"}) {
    EXPECT_EQ(ReasonOf(ParseLasso(text).status()), "LASSO_UNREADABLE") << text;
  }
}

TEST(Lasso, ReadsGeoJson) {
  const std::string polygon = R"({"type":"Polygon","coordinates":[[[0,0],[1,0],[1,1],[0,0]]]})";
  EXPECT_EQ(ReadText(polygon)->polygons_size(), 1);
  EXPECT_EQ(ReadText(R"({"type":"Feature","properties":{},"geometry":)" + polygon + "}")->polygons_size(), 1);
  EXPECT_EQ(ReadText(R"({"type":"FeatureCollection","features":[)" + polygon + "," + polygon + "]}")->polygons_size(),
            2);
  const auto with_hole =
      ReadText(R"({"type":"MultiPolygon","coordinates":[[[[0,0],[9,0],[9,9],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]]})");
  EXPECT_EQ(with_hole->polygons(0).rings_size(), 2);
}

TEST(Lasso, FilesThatHoldNoneAreRefused) {
  EXPECT_EQ(ReasonOf(ReadLassoFile("/nonexistent/lasso.geojson").status()), "FILE_UNREADABLE");
  for (const char* text : {"", "{", "[]", "7", R"({"type":"Point","coordinates":[1,2]})",
                           R"({"type":"Polygon","coordinates":[[["a","b"]]]})", R"({"type":"Polygon"})",
                           R"({"type":"FeatureCollection","features":[]})"}) {
    const auto area = ReadText(text);
    if (area.ok()) {
      EXPECT_EQ(area->polygons(0).rings_size(), 0) << "the server refuses it: " << text;
    } else {
      EXPECT_EQ(ReasonOf(area.status()), "LASSO_UNREADABLE") << text;
    }
  }
}

}  // namespace
}  // namespace snowfield::cli
