#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

// A square with its south-west corner at `x`, 10.
v1::BoundaryRow Precinct(uint64_t line, const std::string& code, double x) {
  v1::BoundaryRow row;
  row.set_line(line);
  row.set_kind("precinct");
  row.set_name("Precinct " + code);
  row.set_code(code);
  auto* ring = row.mutable_area()->add_polygons()->add_rings();
  for (const double value : {x, 10.0, x + 1, 10.0, x + 1, 11.0, x, 11.0, x, 10.0}) ring->add_coordinates(value);
  return row;
}

class BoundaryImport : public ImportFixture {
 protected:
  Outcome ImportBoundaries(const std::vector<v1::BoundaryRow>& rows, const std::string& dataset = "test") {
    v1::ImportRowsRequest batch;
    for (const auto& row : rows) *batch.add_boundaries() = row;
    return Import(Header(v1::IMPORT_KIND_BOUNDARIES, dataset), {batch});
  }
  std::vector<std::string> Boundaries() {
    return Look(
        "select boundary_id - (select min(boundary_id) from boundary) as n, kind, code, name from boundary order by 1");
  }
};

TEST_F(BoundaryImport, StoresAndKnowsThemAgain) {
  const std::vector<v1::BoundaryRow> rows = {Precinct(2, "1", 0), Precinct(3, "2", 1)};
  const Outcome first = ImportBoundaries(rows);
  ASSERT_TRUE(first.status.ok()) << first.status;
  EXPECT_EQ(first.summary.inserted(), 2);
  EXPECT_EQ(ImportBoundaries(rows).summary.unchanged(), 2);
  EXPECT_THAT(Boundaries(), ElementsAre("0|precinct|1|Precinct 1", "1|precinct|2|Precinct 2"));
}

TEST_F(BoundaryImport, OneThatCrossesItselfIsRefusedWithPlaceAndMend) {
  v1::BoundaryRow bow_tie = Precinct(2, "1", 0);
  auto* ring = bow_tie.mutable_area()->mutable_polygons(0)->mutable_rings(0);
  ring->clear_coordinates();
  for (const double value : {0.0, 0.0, 2.0, 2.0, 2.0, 0.0, 0.0, 2.0, 0.0, 0.0}) ring->add_coordinates(value);
  const Outcome outcome = ImportBoundaries({bow_tie, Precinct(3, "2", 1)});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  ASSERT_THAT(outcome.IssueLines(), ElementsAre("2 AREA_NOT_VALID rejected"));
  EXPECT_THAT(outcome.issues[0].message(), HasSubstr("Self-intersection at longitude 1.000000, latitude 1.000000"));
  EXPECT_THAT(outcome.issues[0].message(), HasSubstr("mend"));
  EXPECT_EQ(outcome.summary.inserted(), 1);
}

TEST_F(BoundaryImport, BadRowsAreRefused) {
  v1::BoundaryRow open = Precinct(2, "1", 0);
  open.mutable_area()->mutable_polygons(0)->mutable_rings(0)->mutable_coordinates()->Truncate(8);
  v1::BoundaryRow kindless = Precinct(3, "2", 0);
  kindless.set_kind("Precinct No.");
  v1::BoundaryRow nameless = Precinct(4, "", 0);
  nameless.set_name(" ");
  v1::BoundaryRow empty = Precinct(5, "3", 0);
  empty.clear_area();
  v1::BoundaryRow again = Precinct(7, "4", 3);
  const Outcome outcome =
      ImportBoundaries({open, kindless, nameless, empty, Precinct(6, "4", 0), again, Precinct(8, "4", 0)});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(),
              ElementsAre("2 RING_NOT_CLOSED rejected", "3 BOUNDARY_KIND_INVALID rejected", "4 CODE_MISSING rejected",
                          "5 GEOMETRY_MISSING rejected", "7 CODE_REPEATED rejected", "8 REPEATED_ROW rejected"));
  EXPECT_EQ(outcome.summary.rejected(), 6);
  EXPECT_EQ(outcome.summary.inserted(), 1);
}

TEST_F(BoundaryImport, WithIdsTheyMayTakeOverOneAnothersCodes) {
  std::vector<v1::BoundaryRow> rows = {Precinct(2, "1", 0), Precinct(3, "2", 1)};
  rows[0].set_external_id("a");
  rows[1].set_external_id("b");
  ASSERT_TRUE(ImportBoundaries(rows).status.ok());
  rows[0].set_code("2");
  rows[1].set_code("1");
  const Outcome outcome = ImportBoundaries(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.updated(), 2);
  EXPECT_THAT(Boundaries(), ElementsAre("0|precinct|2|Precinct 1", "1|precinct|1|Precinct 2"));
}

TEST_F(BoundaryImport, ANewIdForTheSameCodeIsTheSameBoundary) {
  v1::BoundaryRow row = Precinct(2, "1", 0);
  row.set_external_id("a");
  ASSERT_TRUE(ImportBoundaries({row}).status.ok());
  row.set_external_id("b");
  EXPECT_EQ(ImportBoundaries({row}).summary.updated(), 1);
  EXPECT_THAT(Boundaries(), SizeIs(1));
}

TEST_F(BoundaryImport, AnExternalIdThatIsRepeatedIsRefused) {
  std::vector<v1::BoundaryRow> rows = {Precinct(2, "1", 0), Precinct(3, "2", 1)};
  for (auto& row : rows) row.set_external_id("a");
  EXPECT_THAT(ImportBoundaries(rows).IssueLines(), ElementsAre("3 EXTERNAL_ID_REPEATED rejected"));
}

TEST_F(BoundaryImport, ACodeOfAnotherDataSetIsRefused) {
  ASSERT_TRUE(ImportBoundaries({Precinct(2, "1", 0)}, "one").status.ok());
  const Outcome outcome = ImportBoundaries({Precinct(2, "1", 0), Precinct(3, "2", 1)}, "two");
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(), ElementsAre("2 CODE_TAKEN rejected"));
  EXPECT_EQ(outcome.summary.inserted(), 1);
}
}  // namespace
}  // namespace snowfield::territory
