#include <limits>

#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using ::testing::SizeIs;

v1::StreetRow Street(uint64_t line, const std::string& name, const std::string& mtfcc, double offset = 0) {
  v1::StreetRow row;
  row.set_line(line);
  row.set_name(name);
  row.set_class_scheme(v1::CLASS_SCHEME_MTFCC);
  row.set_source_class(mtfcc);
  for (const double value : {-77.0, 38.9 + offset, -77.01, 38.9 + offset})
    row.mutable_line_string()->add_coordinates(value);
  return row;
}

v1::BarrierRow Rail(uint64_t line, double offset = 0) {
  v1::BarrierRow row;
  row.set_line(line);
  row.set_kind(v1::BARRIER_KIND_RAIL);
  for (const double value : {-77.0, 38.9 + offset, -77.01, 38.9 + offset}) {
    row.mutable_geometry()->mutable_line()->add_coordinates(value);
  }
  return row;
}

class LineImport : public ImportFixture {
 protected:
  Outcome ImportStreets(const std::vector<v1::StreetRow>& rows) {
    v1::ImportRowsRequest batch;
    for (const auto& row : rows) *batch.add_streets() = row;
    return Import(Header(v1::IMPORT_KIND_STREETS), {batch});
  }
  Outcome ImportBarriers(const std::vector<v1::BarrierRow>& rows) {
    v1::ImportRowsRequest batch;
    for (const auto& row : rows) *batch.add_barriers() = row;
    return Import(Header(v1::IMPORT_KIND_BARRIERS), {batch});
  }
};

TEST_F(LineImport, StreetsGetTheirClassAndMayOverrideItsWalkability) {
  v1::StreetRow footway = Street(3, "", "S1400", 0.01);
  footway.set_class_scheme(v1::CLASS_SCHEME_OSM);
  footway.set_source_class("footway");
  v1::StreetRow closed = Street(4, "Gate Ln", "S1400", 0.02);
  closed.set_walkability(v1::WALKABILITY_NOT_WALKABLE);
  closed.set_bridge_or_tunnel(true);
  const Outcome outcome =
      ImportStreets({Street(2, "12th Street Northeast", "S1400"), footway, closed, Street(5, "I-395", "S1100", 0.03)});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.inserted(), 4);
  EXPECT_THAT(Look("select name, street_class, walkable, bridge_or_tunnel from street order by street_id"),
              ElementsAre("12th Street Northeast|residential|true|false", "|walkway|true|false",
                          "Gate Ln|residential|false|true", "I-395|motorway|false|false"));
}

TEST_F(LineImport, TheSameStreetsAgainChangeNothingAndChangedOnesAreUpdated) {
  std::vector<v1::StreetRow> rows = {Street(2, "A St", "S1400"), Street(3, "B St", "S1400", 0.01)};
  rows[0].set_external_id("1");
  rows[1].set_external_id("2");
  ASSERT_TRUE(ImportStreets(rows).status.ok());
  EXPECT_EQ(ImportStreets(rows).summary.unchanged(), 2);
  const std::vector<std::string> before = Look("select street_id from street order by 1");
  rows[0].mutable_line_string()->set_coordinates(1, 38.95);
  rows.pop_back();
  const Outcome outcome = ImportStreets(rows);
  EXPECT_EQ(outcome.summary.updated(), 1);
  EXPECT_EQ(outcome.summary.absent(), 1);
  EXPECT_EQ(Look("select street_id from street order by 1"), before);
}

TEST_F(LineImport, OneFeatureOfSeveralLinesKeepsThemAll) {
  std::vector<v1::StreetRow> rows = {Street(2, "A St", "S1400"), Street(2, "A St", "S1400", 0.01)};
  for (auto& row : rows) row.set_external_id("1");
  const Outcome outcome = ImportStreets(rows);
  EXPECT_EQ(outcome.summary.inserted(), 2);
  EXPECT_THAT(outcome.issues, SizeIs(0));
  EXPECT_EQ(ImportStreets(rows).summary.unchanged(), 2);
}

TEST_F(LineImport, ALineThatIsRepeatedWithoutAnIdIsRemarked) {
  const std::vector<v1::StreetRow> rows = {Street(2, "A St", "S1400"), Street(3, "A St", "S1400")};
  EXPECT_THAT(ImportStreets(rows).IssueLines(), ElementsAre("3 REPEATED_ROW taken"));
  EXPECT_EQ(ImportStreets(rows).summary.unchanged(), 2);
}

TEST_F(LineImport, BadStreetsAreRefused) {
  v1::StreetRow schemeless = Street(2, "A St", "S1400");
  schemeless.clear_class_scheme();
  v1::StreetRow short_line = Street(3, "A St", "S1400");
  short_line.mutable_line_string()->mutable_coordinates()->Truncate(2);
  v1::StreetRow standing = Street(4, "A St", "S1400");
  standing.mutable_line_string()->set_coordinates(2, -77.0);
  v1::StreetRow not_a_number = Street(5, "A St", "S1400");
  not_a_number.mutable_line_string()->set_coordinates(2, std::numeric_limits<double>::quiet_NaN());
  v1::StreetRow odd = Street(6, "A St", "S1400");
  odd.mutable_line_string()->add_coordinates(1);
  v1::StreetRow unknown = Street(7, "A St", "X9999");
  const Outcome outcome = ImportStreets({schemeless, short_line, standing, not_a_number, odd, unknown});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(), ElementsAre("2 CLASS_SCHEME_MISSING rejected", "3 LINE_TOO_SHORT rejected",
                                                "4 LINE_HAS_NO_LENGTH rejected", "5 COORDINATE_NOT_FINITE rejected",
                                                "6 LINE_TOO_SHORT rejected", "7 CLASS_UNKNOWN taken"));
}

TEST_F(LineImport, BarriersAreLinesOrAreas) {
  v1::BarrierRow lake;
  lake.set_line(3);
  lake.set_kind(v1::BARRIER_KIND_WATER);
  auto* ring = lake.mutable_geometry()->mutable_multi_polygon()->add_polygons()->add_rings();
  for (const double value : {0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0}) ring->add_coordinates(value);
  v1::BarrierRow point = Rail(4);
  point.mutable_geometry()->mutable_point()->set_longitude(1);
  v1::BarrierRow kindless = Rail(5);
  kindless.clear_kind();
  v1::BarrierRow empty = Rail(6);
  empty.clear_geometry();
  const std::vector<v1::BarrierRow> rows = {Rail(2), lake, point, kindless, empty};
  const Outcome outcome = ImportBarriers(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(), ElementsAre("4 GEOMETRY_IS_A_POINT rejected", "5 BARRIER_KIND_MISSING rejected",
                                                "6 GEOMETRY_MISSING rejected"));
  EXPECT_THAT(Look("select kind, geometrytype(shape) from barrier order by barrier_id"),
              ElementsAre("rail|LINESTRING", "water|MULTIPOLYGON"));
  EXPECT_EQ(ImportBarriers(rows).summary.unchanged(), 2);
}
}  // namespace
}  // namespace snowfield::territory
