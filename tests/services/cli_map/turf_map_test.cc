// Map files: a made-up cut of square turfs, written and looked at.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "services/cli/map/coloring.h"
#include "services/cli/map/figures.h"
#include "services/cli/map/sheet.h"
#include "services/cli/map/turf_csv.h"
#include "services/cli/map/turf_geojson.h"
#include "services/cli/map/turf_html.h"
#include "services/cli/map/turf_svg.h"

namespace snowfield::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr double kSide = 0.001;  // degrees

// A ring that runs clockwise, so that the writers have to turn it.
void AddSquare(double x, double y, double side, geometry::v1::Polygon& polygon) {
  auto* ring = polygon.add_rings();
  for (const auto& [dx, dy] : std::vector<std::pair<int, int>>{{0, 0}, {0, 1}, {1, 1}, {1, 0}, {0, 0}}) {
    ring->add_coordinates(x + dx * side);
    ring->add_coordinates(y + dy * side);
  }
}

// columns x rows square turfs with two doors each; regions are pairs of columns.
TurfMap Squares(int columns, int rows) {
  TurfMap map;
  map.cut.set_cut_id(3);
  map.cut.set_pass_name("first");
  map.cut.set_state(turf::v1::CUT_STATE_PUBLISHED);
  map.cut.mutable_report()->set_doors(2 * columns * rows);
  map.cut.mutable_report()->set_turfs(columns * rows);
  (*map.cut.mutable_report()->mutable_problem_counts())["NO_STREET"] = 1234;
  for (int i = 0; i < columns * rows; ++i) {
    const int row = i / columns;
    const double x = -77 + (i % columns) * kSide, y = 38.9 + row * kSide;
    auto& exported = map.turfs.emplace_back();
    exported.mutable_turf()->set_number(i + 1);
    exported.mutable_turf()->set_region_number(1 + (i % columns) / 2);
    exported.mutable_turf()->mutable_metrics()->set_doors(2);
    AddSquare(x, y, kSide, *exported.mutable_area()->add_polygons());
    for (int d = 0; d < 2; ++d) {
      auto* door = exported.add_doors();
      door->set_door_id(100 + 2 * i + d);
      door->set_sequence(d + 1);
      door->set_house_number(absl::StrCat(10 + d));
      door->set_street("Main Street");
      door->mutable_position()->set_longitude(x + kSide * (0.25 + 0.5 * d));
      door->mutable_position()->set_latitude(y + kSide * 0.5);
      exported.mutable_walk()->add_coordinates(door->position().longitude());
      exported.mutable_walk()->add_coordinates(door->position().latitude());
    }
  }
  return map;
}

TEST(TurfCsv, HasExactlyTheColumnsAndQuotesWhatNeedsIt) {
  TurfMap map = Squares(1, 1);
  turf::v1::TurfDoor& door = *map.turfs[0].mutable_doors(0);
  door.set_street("Rue \"A\", left");
  door.set_unit("Apt\n2");
  door.set_external_id("x,1");
  EXPECT_EQ(WriteTurfCsv(map),
            "turf,sequence,door_id,external_id,longitude,latitude,house_number,street,unit,region\r\n"
            "1,1,100,\"x,1\",-76.9997500,38.9005000,10,\"Rue \"\"A\"\", left\",\"Apt\n2\",1\r\n"
            "1,2,101,,-76.9992500,38.9005000,11,Main Street,,1\r\n");
}

// Twice the signed area of a ring.
double Area(const nlohmann::json& ring) {
  double area = 0;
  for (size_t i = 0; i + 1 < ring.size(); ++i) {
    area += (ring[i][0].get<double>() + 77) * (ring[i + 1][1].get<double>() - 38.9) -
            (ring[i + 1][0].get<double>() + 77) * (ring[i][1].get<double>() - 38.9);
  }
  return area;
}

TEST(TurfGeoJson, FollowsTheRightHandRule) {
  TurfMap map = Squares(2, 1);
  AddSquare(-76.9998, 38.9002, kSide / 4, *map.turfs[0].mutable_area()->mutable_polygons(0));  // a hole
  AddSquare(-76.99, 38.9, kSide, *map.turfs[1].mutable_area()->add_polygons());
  map.turfs[1].mutable_turf()->set_list_number("12345678");
  const auto json = nlohmann::json::parse(WriteTurfGeoJson(map));
  EXPECT_EQ(json["type"], "FeatureCollection");
  ASSERT_EQ(json["features"].size(), 4U);
  const auto& polygon = json["features"][0]["geometry"];
  EXPECT_EQ(polygon["type"], "Polygon");
  EXPECT_GT(Area(polygon["coordinates"][0]), 0);
  EXPECT_LT(Area(polygon["coordinates"][1]), 0);
  EXPECT_EQ(polygon["coordinates"][0].front(), polygon["coordinates"][0].back());
  const auto& walk = json["features"][1];
  EXPECT_EQ(walk["geometry"]["type"], "LineString");
  EXPECT_EQ(walk["properties"]["kind"], "walk");
  EXPECT_EQ(json["features"][2]["geometry"]["type"], "MultiPolygon");
  EXPECT_EQ(json["features"][2]["properties"]["list_number"], "12345678");
  EXPECT_FALSE(json["features"][0]["properties"].contains("list_number"));
}

TEST(Coloring, NeighboursDiffer) {
  const TurfMap map = Squares(12, 9);
  const auto sheet = LayOut(map);
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  const auto color = [&](int i) { return SheetColor(sheet->turfs[i].hue, sheet->turfs[i].shade); };
  for (int i = 0; i < 12 * 9; ++i) {
    if (i % 12 != 11) {
      EXPECT_NE(color(i), color(i + 1));
    }
    if (i + 12 < 12 * 9) {
      EXPECT_NE(color(i), color(i + 12));
    }
  }
}

TEST(Coloring, FewerColorsThanNeededStillColor) {
  Neighbors all(5);
  for (int a = 0; a < 5; ++a) {
    for (int b = a + 1; b < 5; ++b) Join(all, a, b);
  }
  for (const int color : ColorOf(all, 2)) EXPECT_TRUE(color == 0 || color == 1);
  const auto five = ColorOf(all, 5);
  EXPECT_EQ(std::set<int>(five.begin(), five.end()).size(), 5U);
  EXPECT_TRUE(ColorOf({}, 3).empty());
}

TEST(Sheet, OutlinesGoRoundRegionsAndNotThroughThem) {
  const auto sheet = LayOut(Squares(4, 1));
  ASSERT_TRUE(sheet.ok()) << sheet.status();
  int steps = 0;
  for (const SheetLine& line : sheet->outlines) steps += static_cast<int>(line.size()) - 1;
  // Four squares in a row, two regions: ten sides outside, and one between the regions.
  EXPECT_EQ(steps, 11);
  EXPECT_EQ(sheet->turfs[0].places.size(), 2U);
  EXPECT_LT(sheet->turfs[0].high.x, sheet->turfs[3].high.x);
  // About 4 x 86.6 m wide, with the margin.
  EXPECT_NEAR(sheet->width, 4 * 866 + 600, 10);
}

TEST(Sheet, RefusesACutWithoutTurfs) { EXPECT_FALSE(LayOut(TurfMap()).ok()); }

TEST(Sheet, DoorsOfABuildingAreOnePlace) {
  TurfMap map = Squares(1, 1);
  *map.turfs[0].mutable_doors(1)->mutable_position() = map.turfs[0].doors(0).position();
  const auto sheet = LayOut(map);
  ASSERT_TRUE(sheet.ok());
  ASSERT_EQ(sheet->turfs[0].places.size(), 1U);
  EXPECT_EQ(sheet->turfs[0].places[0].doors, 2);
}

TEST(Sheet, PathsAreRelative) {
  EXPECT_EQ(PathOf({{10, 10}, {13, 6}, {10, 10}, {11, 11}}, true), "M10 10l3-4-3 4 1 1z");
  EXPECT_EQ(PathOf({}, false), "");
}

// What keeps a file from being opened without a network.
void ExpectSelfContained(std::string text) {
  const std::string name_space = "http://www.w3.org/2000/svg";
  for (size_t at = text.find(name_space); at != std::string::npos; at = text.find(name_space)) {
    text.erase(at, name_space.size());
  }
  EXPECT_THAT(text, Not(HasSubstr("http")));
  EXPECT_THAT(text, Not(HasSubstr("@import")));
  EXPECT_THAT(text, Not(HasSubstr("src=")));
}

TEST(TurfHtml, IsOneFileThatHoldsEverything) {
  const auto html = WriteTurfHtml(Squares(5, 4));
  ASSERT_TRUE(html.ok()) << html.status();
  ExpectSelfContained(*html);
  EXPECT_THAT(*html, HasSubstr("40 doors in 20 turfs"));
  EXPECT_THAT(*html, HasSubstr("1,234 × NO_STREET"));
  const size_t from = html->find("id=\"data\">") + 10;
  const auto data = nlohmann::json::parse(html->substr(from, html->find("</script>", from) - from));
  ASSERT_EQ(data["turfs"].size(), 20U);
  EXPECT_EQ(data["turfs"][0]["n"], 1);
  EXPECT_EQ(data["turfs"][0]["names"], "10\n11");
}

TEST(TurfHtml, TextOfTheCampaignIsNeverMarkup) {
  TurfMap map = Squares(2, 2);
  const std::string evil = "</script><script>alert(1)</script><img onerror='x'>";
  map.cut.set_pass_name(evil);
  map.cut.set_keep_boundary_kind(evil);
  map.turfs[0].mutable_doors(0)->set_house_number(evil);
  for (const auto& text : {WriteTurfHtml(map), WriteTurfSvg(map)}) {
    ASSERT_TRUE(text.ok());
    EXPECT_THAT(*text, Not(HasSubstr("<script>alert")));
    EXPECT_THAT(*text, Not(HasSubstr("<img")));
  }
}

TEST(TurfSvg, IsAPictureWithoutScript) {
  const auto svg = WriteTurfSvg(Squares(5, 4));
  ASSERT_TRUE(svg.ok()) << svg.status();
  ExpectSelfContained(*svg);
  EXPECT_THAT(*svg, Not(HasSubstr("<script")));
  EXPECT_THAT(*svg, HasSubstr("data-i=\"19\""));
}

TEST(Coverage, IsGreenerWhereMoreDoorsWereKnockedOn) {
  TurfMap map = Squares(2, 1);
  map.knocked = {0, 1};
  const auto svg = WriteTurfSvg(map);
  ASSERT_TRUE(svg.ok()) << svg.status();
  EXPECT_THAT(*svg, HasSubstr("data-i=\"0\" fill=\"" + CoverageColor(0) + "\""));
  EXPECT_THAT(*svg, HasSubstr("data-i=\"1\" fill=\"" + CoverageColor(1) + "\""));
  EXPECT_THAT(*svg, HasSubstr(": 100 %"));
  const auto html = WriteTurfHtml(map);
  ASSERT_TRUE(html.ok()) << html.status();
  ExpectSelfContained(*html);
  EXPECT_THAT(*html, HasSubstr("<option value=\"knocked\">"));
  EXPECT_THAT(*html, HasSubstr("\"knocked\":1.0"));
  EXPECT_THAT(*WriteTurfHtml(Squares(2, 1)), Not(HasSubstr("<option value=\"knocked\">")));
}

TEST(Figures, SayWhatSomeoneShouldLookAt) {
  turf::v1::CutReport report;
  report.set_doors(73'092);
  report.set_turfs(10);
  report.set_turfs_in_bounds(9);
  report.set_turfs_over_barrier(1);
  const auto figures = FiguresOf(report);
  ASSERT_EQ(figures.size(), 6U);
  EXPECT_EQ(figures[0].value, "73,092 doors in 10 turfs");
  EXPECT_TRUE(figures[0].good);
  EXPECT_EQ(figures[1].value, "90.0 % of turfs in bounds");
  EXPECT_FALSE(figures[1].good);
  EXPECT_FALSE(figures[2].good);
  report.set_doors_lost(1);
  EXPECT_FALSE(FiguresOf(report)[0].good);
  EXPECT_EQ(SpacedListNumber("12345678"), "1234 5678");
}

TEST(ScaleBar, IsARoundLengthOfAboutAFifth) {
  EXPECT_DOUBLE_EQ(ScaleBarM(1000), 200);
  EXPECT_DOUBLE_EQ(ScaleBarM(18'000), 2000);
  EXPECT_DOUBLE_EQ(ScaleBarM(40'000), 5000);
  EXPECT_DOUBLE_EQ(ScaleBarM(0), 1);
}

}  // namespace
}  // namespace snowfield::cli
