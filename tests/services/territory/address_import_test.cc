#include <cmath>
#include <limits>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/result.h"
#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class AddressImport : public ImportFixture {
 protected:
  std::vector<std::string> Doors() {
    return Look(
        "select a.house_number, a.street, d.unit, d.unit_key, d.external_id from door d join address_point a using "
        "(campaign_id, address_point_id) order by d.door_id");
  }
  std::vector<std::string> DoorIds() {
    return Look("select d.door_id, d.address_point_id, d.unit_key, d.external_id from door d order by d.door_id");
  }
};

TEST_F(AddressImport, StoresEachRowAsADoorInTheOrderOfTheFile) {
  const Outcome outcome = ImportAddresses({House(2, "12", "Main Street"), House(3, "10 1/2", "Main St", 5)});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.received(), 2);
  EXPECT_EQ(outcome.summary.inserted(), 2);
  EXPECT_EQ(outcome.summary.doors(), 2);
  EXPECT_THAT(Doors(), ElementsAre("12|Main Street|||", "10 1/2|Main St|||"));
  EXPECT_THAT(Look("select distinct street_key from address_point"), SizeIs(1));
  EXPECT_THAT(Look("select kind, dataset, received, inserted from import"), ElementsAre("addresses|test|2|2"));
  EXPECT_THAT(Look("select action, member_id, subject_kind from audit_log"), ElementsAre("import.addresses|1|import"));
}

TEST_F(AddressImport, TheSameImportAgainChangesNothing) {
  v1::AddressRow counted = House(5, "20", "Main St", 9);
  counted.set_unit_count(3);
  v1::AddressRow with_id = House(6, "22", "Main St", 12);
  with_id.set_external_id("A22");
  const std::vector<v1::AddressRow> rows = {House(2, "12", "Main St"),
                                            House(3, "12", "Main St"),
                                            Flat(4, "14", "Oak Ave", "Apt 1"),
                                            Flat(5, "14", "Oak Ave", "Apt 2"),
                                            counted,
                                            with_id};
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  const std::vector<std::string> before = DoorIds();
  EXPECT_THAT(before, SizeIs(8));
  for (int again = 0; again < 2; ++again) {
    const Outcome outcome = ImportAddresses(rows);
    ASSERT_TRUE(outcome.status.ok()) << outcome.status;
    EXPECT_EQ(outcome.summary.inserted(), 0);
    EXPECT_EQ(outcome.summary.updated(), 0);
    EXPECT_EQ(outcome.summary.unchanged(), 6);
    EXPECT_EQ(outcome.summary.absent(), 0);
    EXPECT_EQ(DoorIds(), before);
  }
}

TEST_F(AddressImport, ARepeatedRowIsADoorOfItsOwnAndIsRemarked) {
  const Outcome outcome =
      ImportAddresses({House(2, "12", "Main St"), House(3, "12", "Main St"), House(4, "12", "Main St")});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(), ElementsAre("3 REPEATED_ROW taken", "4 REPEATED_ROW taken"));
  EXPECT_EQ(outcome.summary.inserted(), 3);
  EXPECT_EQ(outcome.summary.rejected(), 0);
  EXPECT_THAT(Doors(), ElementsAre("12|Main St|||", "12|Main St||#2|", "12|Main St||#3|"));
  EXPECT_THAT(Look("select address_point_id from address_point"), SizeIs(1));
}

TEST_F(AddressImport, UnitsOfOneBuildingAreDoorsOfOneAddressPoint) {
  v1::AddressRow second = Flat(3, "14", "Oak Ave", "# 2-b");
  second.set_external_id("U2");
  second.set_floor(1);
  const Outcome outcome = ImportAddresses({Flat(2, "14", "Oak Ave", "Apt 1"), second, Flat(4, "14", "Oak Ave", "")});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(Doors(), ElementsAre("14|Oak Ave|Apt 1|1|", "14|Oak Ave|# 2-b|2b|U2", "14|Oak Ave|||"));
  EXPECT_THAT(Look("select floor from door where external_id = 'U2'"), ElementsAre("1"));
  EXPECT_THAT(Look("select 1 from address_point"), SizeIs(1));
}

TEST_F(AddressImport, ARowThatCountsItsUnitsIsSoManyDoors) {
  v1::AddressRow row = House(2, "14", "Oak Ave");
  row.set_external_id("B1");
  row.set_unit_count(3);
  Outcome outcome = ImportAddresses({row});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.doors(), 3);
  EXPECT_THAT(Doors(), ElementsAre("14|Oak Ave|1|1|B1", "14|Oak Ave|2|2|B1", "14|Oak Ave|3|3|B1"));
  // One more dwelling is found: the three stay what they are.
  const std::vector<std::string> before = DoorIds();
  row.set_unit_count(4);
  outcome = ImportAddresses({row});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.updated(), 1);
  EXPECT_EQ(outcome.summary.inserted(), 0);
  EXPECT_THAT(DoorIds(), SizeIs(4));
  EXPECT_EQ(DoorIds()[0], before[0]);
  row.set_unit_count(2);
  outcome = ImportAddresses({row});
  EXPECT_EQ(outcome.summary.absent(), 2);
  EXPECT_THAT(DoorIds(), SizeIs(4));
}

TEST_F(AddressImport, AHouseThatBecomesThreeKeepsItsDoorAsTheFirst) {
  v1::AddressRow row = House(2, "14", "Oak Ave");
  row.set_external_id("B1");
  ASSERT_TRUE(ImportAddresses({row}).status.ok());
  const std::string door = Look("select door_id from door")[0];
  row.set_unit_count(3);
  ASSERT_TRUE(ImportAddresses({row}).status.ok());
  EXPECT_THAT(Look("select door_id from door where unit_key = '1'"), ElementsAre(door));
  EXPECT_THAT(Doors(), SizeIs(3));
}

TEST_F(AddressImport, AChangedRowIsUpdatedInPlaceAndAGoneOneIsKept) {
  std::vector<v1::AddressRow> rows = {House(2, "12", "Main St"), House(3, "14", "Main St", 4),
                                      House(4, "16", "Main St", 8)};
  for (auto& row : rows) row.set_external_id(absl::StrCat("id", row.house_number()));
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  const std::vector<std::string> before = Look("select door_id, address_point_id from door order by 1");
  rows[0].mutable_position()->set_latitude(38.95);
  rows[1].set_city("Washington");
  rows.pop_back();
  rows.push_back(House(4, "18", "Main St", 20));
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.updated(), 2);
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.unchanged(), 0);
  EXPECT_EQ(outcome.summary.absent(), 1);
  const std::vector<std::string> after = Look("select door_id, address_point_id from door order by 1");
  ASSERT_THAT(after, SizeIs(4));
  EXPECT_EQ(std::vector<std::string>(after.begin(), after.begin() + 3), before);
  EXPECT_THAT(Look("select st_y(position) from address_point where house_number = '12'"), ElementsAre("38.95"));
  EXPECT_EQ(ImportAddresses(rows).summary.unchanged(), 3);
}

TEST_F(AddressImport, ABuildingThatMovesTakesItsFlatsAlong) {
  std::vector<v1::AddressRow> rows = {Flat(2, "14", "Oak Ave", "1"), Flat(3, "14", "Oak Ave", "2")};
  rows[0].set_external_id("a");
  rows[1].set_external_id("b");
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  const std::vector<std::string> before = DoorIds();
  for (auto& row : rows) row.mutable_position()->set_longitude(-77.5);
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(DoorIds(), before);
  EXPECT_THAT(Look("select 1 from address_point"), SizeIs(1));
}

TEST_F(AddressImport, FlatsThatChangePlacesKeepTheirIds) {
  std::vector<v1::AddressRow> rows = {Flat(2, "14", "Oak Ave", "1"), Flat(3, "14", "Oak Ave", "2"),
                                      Flat(4, "14", "Oak Ave", "3")};
  for (auto& row : rows) row.set_external_id("id" + row.unit());
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  // 1 and 2 are swapped, and the third's place goes to a door of another house.
  rows[0].set_unit("2");
  rows[1].set_unit("1");
  rows.pop_back();
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.updated(), 2);
  EXPECT_THAT(Look("select external_id, unit_key from door order by door_id"), ElementsAre("id1|2", "id2|1", "id3|3"));
  rows[0].set_unit("3");
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  EXPECT_THAT(Look("select external_id, split_part(unit_key, '#', 1) from door order by door_id"),
              ElementsAre("id1|3", "id2|1", "id3|3"));
  EXPECT_EQ(ImportAddresses(rows).summary.unchanged(), 2);
}

TEST_F(AddressImport, ANewDoorMayTakeThePlaceOfOneThatIsGoneFromAMovedBuilding) {
  std::vector<v1::AddressRow> rows = {Flat(2, "14", "Oak Ave", "1"), Flat(3, "14", "Oak Ave", "2")};
  rows[0].set_external_id("a");
  rows[1].set_external_id("b");
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  rows[1].set_external_id("c");
  for (auto& row : rows) row.mutable_position()->set_longitude(-77.5);
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.absent(), 1);
  EXPECT_EQ(ImportAddresses(rows).summary.unchanged(), 2);
}

TEST_F(AddressImport, AnExternalIdThatIsRepeatedWithOtherContentIsRefused) {
  std::vector<v1::AddressRow> rows = {House(2, "12", "Main St"), House(3, "14", "Main St", 9),
                                      House(4, "12", "Main St")};
  for (auto& row : rows) row.set_external_id("same");
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.IssueLines(), ElementsAre("3 EXTERNAL_ID_REPEATED rejected", "4 REPEATED_ROW taken"));
  EXPECT_EQ(outcome.summary.inserted(), 2);
  EXPECT_EQ(outcome.summary.rejected(), 1);
  EXPECT_EQ(ImportAddresses(rows).summary.unchanged(), 2);
}

TEST_F(AddressImport, DoNotContactStays) {
  const std::vector<v1::AddressRow> rows = {House(2, "12", "Main St")};
  ASSERT_TRUE(ImportAddresses(rows).status.ok());
  {
    auto transaction = database_.superuser_pool().Begin({});
    ASSERT_TRUE(transaction->Run({"test.mark", "update door set do_not_contact = true"}).ok());
    ASSERT_TRUE(transaction->Commit().ok());
  }
  v1::AddressRow changed = rows[0];
  changed.set_city("Washington");
  ASSERT_TRUE(ImportAddresses({changed}).status.ok());
  EXPECT_THAT(Look("select do_not_contact from door"), ElementsAre("true"));
}

TEST_F(AddressImport, TwoDataSetsDoNotTouchEachOther) {
  ASSERT_TRUE(ImportAddresses({House(2, "12", "Main St")}, "one").status.ok());
  const Outcome outcome = ImportAddresses({House(2, "12", "Main St")}, "two");
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.absent(), 0);
  EXPECT_EQ(outcome.summary.doors(), 2);
}

TEST_F(AddressImport, AnotherCampaignSeesNothing) {
  ASSERT_TRUE(ImportAddresses({House(2, "12", "Main St")}).status.ok());
  call_.caller.campaign = database_.CreateCampaign("Other");
  const Outcome outcome = ImportAddresses({House(2, "12", "Main St")});
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.doors(), 1);
}

TEST_F(AddressImport, BadRowsAreNamedWithTheMendAndCostNoGoodOne) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<v1::AddressRow> rows;
  const auto add = [&]() -> v1::AddressRow& {
    rows.push_back(House(rows.size() + 2, absl::StrCat(rows.size() + 1), "Main St", static_cast<int>(rows.size()) * 9));
    return rows.back();
  };
  add();
  add().mutable_position()->set_latitude(kNan);
  add().mutable_position()->set_longitude(kInfinity);
  add().mutable_position()->set_longitude(500);
  add().mutable_position()->set_latitude(-90.5);
  add().clear_position();
  add().set_house_number("  ");
  add().set_street("");
  add().set_street("Main\tStreet");
  add().set_city("Washing\x7fton");
  add().set_unit(std::string("4\0B", 3));
  add().set_city("\xc2\x85");
  add().set_street(std::string(201, 'x'));
  add().set_unit_count(2'001);
  v1::AddressRow& both = add();
  both.set_unit_count(2);
  both.set_unit("A");
  add().set_floor(9'999);
  add();
  const Outcome outcome = ImportAddresses(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(
      outcome.IssueLines(),
      ElementsAre("3 COORDINATE_NOT_FINITE rejected", "4 COORDINATE_NOT_FINITE rejected",
                  "5 COORDINATE_OUT_OF_RANGE rejected", "6 COORDINATE_OUT_OF_RANGE rejected",
                  "7 POSITION_MISSING rejected", "8 HOUSE_NUMBER_MISSING rejected", "9 STREET_MISSING rejected",
                  "10 CONTROL_CHARACTER rejected", "11 CONTROL_CHARACTER rejected", "12 CONTROL_CHARACTER rejected",
                  "13 CONTROL_CHARACTER rejected", "14 TEXT_TOO_LONG rejected", "15 UNIT_COUNT_TOO_LARGE rejected",
                  "16 UNIT_COUNT_WITH_UNIT rejected", "17 FLOOR_OUT_OF_RANGE rejected"));
  EXPECT_EQ(outcome.summary.received(), 17);
  EXPECT_EQ(outcome.summary.rejected(), 15);
  EXPECT_EQ(outcome.summary.inserted(), 2);
  for (const v1::ImportIssue& issue : outcome.issues) EXPECT_FALSE(issue.field().empty());
}

TEST_F(AddressImport, ADryRunCountsAndStoresNothing) {
  v1::ImportHeader header = Header(v1::IMPORT_KIND_ADDRESSES);
  header.set_dry_run(true);
  v1::ImportRowsRequest batch;
  *batch.add_addresses() = House(2, "12", "Main St");
  *batch.add_addresses() = House(3, "", "Main St");
  const Outcome outcome = Import(header, {batch});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.inserted(), 1);
  EXPECT_EQ(outcome.summary.rejected(), 1);
  EXPECT_EQ(outcome.summary.import_id(), 0);
  EXPECT_THAT(Doors(), IsEmpty());
  EXPECT_THAT(Look("select 1 from import"), IsEmpty());
  EXPECT_THAT(Look("select 1 from audit_log"), IsEmpty());
}

TEST_F(AddressImport, AFileWithoutRowsIsRefused) {
  const Outcome outcome = Import(Header(v1::IMPORT_KIND_ADDRESSES), {});
  EXPECT_EQ(outcome.status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(base::DetailOf(outcome.status).reason, "NO_ROWS");
  EXPECT_THAT(base::MessageOf(outcome.status), HasSubstr("the file has no rows"));
}

TEST_F(AddressImport, HeadersAreChecked) {
  const auto reason = [&](const v1::ImportHeader& header) { return base::DetailOf(Import(header, {}).status).reason; };
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_UNSPECIFIED)), "IMPORT_KIND_MISSING");
  EXPECT_EQ(reason(Header(static_cast<v1::ImportKind>(77))), "IMPORT_KIND_MISSING");
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_ADDRESSES, "")), "DATASET_MISSING");
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_ADDRESSES, "  ")), "DATASET_MISSING");
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_ADDRESSES, " dc")), "DATASET_INVALID");
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_ADDRESSES, std::string(101, 'x'))), "TEXT_TOO_LONG");
  EXPECT_EQ(reason(Header(v1::IMPORT_KIND_ADDRESSES, "d\nc")), "CONTROL_CHARACTER");
}

TEST_F(AddressImport, RowsOfAnotherKindAndBatchesThatAreTooLargeEndTheImport) {
  v1::ImportRowsRequest batch;
  *batch.add_people() = Voter(2, "1", "12 Main St");
  EXPECT_EQ(base::DetailOf(Import(Header(v1::IMPORT_KIND_ADDRESSES), {batch}).status).reason, "ROWS_OF_OTHER_KIND");
  batch.Clear();
  for (int i = 0; i < kBatchRowsMax + 1; ++i) *batch.add_addresses() = House(i, absl::StrCat(i + 1), "Main St", i * 9);
  const Outcome outcome = Import(Header(v1::IMPORT_KIND_ADDRESSES), {batch});
  EXPECT_EQ(base::DetailOf(outcome.status).reason, "BATCH_TOO_LARGE");
  EXPECT_EQ(base::DetailOf(outcome.status).field, "addresses");
  EXPECT_THAT(Doors(), IsEmpty());
}

TEST_F(AddressImport, AnErrorAfterGoodRowsLeavesNothing) {
  v1::ImportRowsRequest good;
  *good.add_addresses() = House(2, "12", "Main St");
  v1::ImportRowsRequest bad;
  *bad.add_people() = Voter(2, "1", "12 Main St");
  EXPECT_FALSE(Import(Header(v1::IMPORT_KIND_ADDRESSES), {good, bad}).status.ok());
  EXPECT_THAT(Doors(), IsEmpty());
  EXPECT_THAT(Look("select 1 from import"), IsEmpty());
  // The connection is as good as new.
  EXPECT_TRUE(ImportAddresses({House(2, "12", "Main St")}).status.ok());
}

TEST_F(AddressImport, ACallerWhoGoesBeforeTheCommitLeavesNothing) {
  int answers = 0;
  auto run = ImportRun::Start(database_.pool(), call_, Header(v1::IMPORT_KIND_ADDRESSES),
                              [&](const v1::ImportRowsResponse& answer) {
                                ++answers;
                                return !answer.has_progress() || answer.progress().stage() != "matching";
                              });
  ASSERT_TRUE(run.ok());
  v1::ImportRowsRequest batch;
  *batch.add_addresses() = House(2, "12", "Main St");
  ASSERT_TRUE((*run)->Take(batch).ok());
  EXPECT_EQ((*run)->Finish().status().code(), absl::StatusCode::kCancelled);
  run->reset();
  EXPECT_GT(answers, 0);
  EXPECT_THAT(Doors(), IsEmpty());
}

TEST_F(AddressImport, SendsAtMostSoManyIssuesAndCountsTheRest) {
  std::vector<v1::ImportRowsRequest> batches(11);
  for (v1::ImportRowsRequest& batch : batches) {
    for (int i = 0; i < kBatchRowsMax; ++i) *batch.add_addresses() = House(i, "", "Main St");
  }
  *batches[0].mutable_addresses(0) = House(2, "12", "Main St");
  const Outcome outcome = Import(Header(v1::IMPORT_KIND_ADDRESSES), batches);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(outcome.issues, SizeIs(kIssuesSentMax));
  EXPECT_EQ(outcome.summary.rejected(), 10'999);
  EXPECT_THAT(outcome.stages, Contains("reading"));
  EXPECT_THAT(outcome.stages, Contains("storing"));
  EXPECT_THAT(outcome.stages, Contains("matching"));
}
}  // namespace
}  // namespace snowfield::territory
