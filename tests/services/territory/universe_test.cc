#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/territory_store.h"
#include "services/territory/boundary_counts.h"
#include "services/territory/universes.h"
#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Houses 1 to 9 stand at longitudes 0.5, 1.5, ... on latitude 0.5; zone n is the square from longitude n-1 to n.
class UniverseTest : public ImportFixture {
 protected:
  UniverseTest() {
    std::vector<v1::AddressRow> houses;
    v1::ImportRowsRequest zones;
    for (int i = 1; i <= 9; ++i) {
      houses.push_back(House(i, absl::StrCat(i), "Main St"));
      houses.back().mutable_position()->set_longitude(i - 0.5);
      houses.back().mutable_position()->set_latitude(0.5);
      v1::BoundaryRow& zone = *zones.add_boundaries();
      zone.set_kind(i <= 7 ? "zone" : "other");
      zone.set_code(absl::StrCat(i));
      auto* ring = zone.mutable_area()->add_polygons()->add_rings();
      for (const double value : {i - 1.0, 0.0, i + 0.0, 0.0, i + 0.0, 1.0, i - 1.0, 1.0, i - 1.0, 0.0}) {
        ring->add_coordinates(value);
      }
    }
    houses[2].set_unit_count(4);
    EXPECT_TRUE(ImportAddresses(houses).status.ok());
    EXPECT_TRUE(Import(Header(v1::IMPORT_KIND_BOUNDARIES), {zones}).status.ok());
    v1::PersonRow democrat = Voter(2, "d", "1 Main St");
    democrat.set_party("DEM");
    v1::PersonRow republican = Voter(3, "r", "2 Main St");
    republican.set_party("REP");
    EXPECT_TRUE(ImportPeople({democrat, republican}).status.ok());
    for (const std::string& id : Look("select boundary_id from boundary order by 1")) zones_.push_back(std::stoll(id));
  }

  std::vector<std::string> HouseNumbers(const db::UniverseFilter& filter) {
    std::vector<std::string> numbers;
    db::Transaction transaction = Begin();
    const absl::Status status = db::ReadDoors(transaction, filter, [&](const db::DoorRow& door) {
      numbers.push_back(door.house_number + door.unit);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return numbers;
  }
  v1::CreateUniverseRequest Request(const std::vector<int64_t>& boundaries) {
    v1::CreateUniverseRequest request;
    request.set_request_id("11111111-2222-4333-8444-555555555555");
    request.mutable_universe()->set_name("Some");
    for (const int64_t id : boundaries) request.mutable_universe()->add_boundary_ids(id);
    return request;
  }
  std::string ReasonOf(const v1::CreateUniverseRequest& request) {
    return base::DetailOf(CreateUniverse(database_.pool(), call_, request).status()).reason;
  }

  std::vector<int64_t> zones_;
};

TEST_F(UniverseTest, DoorsAreChosenByBoundaryPeopleAndParty) {
  const auto zone = [&](int n) { return base::BoundaryId(zones_[n - 1]); };
  EXPECT_THAT(HouseNumbers({}), ElementsAre("1", "2", "31", "32", "33", "34", "4", "5", "6", "7", "8", "9"));
  EXPECT_THAT(HouseNumbers({.boundaries = {zone(3), zone(9)}}), ElementsAre("31", "32", "33", "34", "9"));
  EXPECT_THAT(HouseNumbers({.boundaries = {zone(3), zone(3)}}), SizeIs(4));
  EXPECT_THAT(HouseNumbers({.with_people_only = true}), ElementsAre("1", "2"));
  EXPECT_THAT(HouseNumbers({.parties = {"REP", "GRE"}}), ElementsAre("2"));
  EXPECT_THAT(HouseNumbers({.boundaries = {zone(1)}, .parties = {"REP"}}), IsEmpty());
  EXPECT_THAT(HouseNumbers({.boundaries = {zone(1)}, .with_people_only = true}), ElementsAre("1"));
  EXPECT_THAT(HouseNumbers({.boundaries = {base::BoundaryId(999'999)}}), IsEmpty());
}

TEST_F(UniverseTest, DoorsAreChosenByAFilter) {
  EXPECT_THAT(HouseNumbers({.condition = "party = DEM"}), ElementsAre("1"));
  EXPECT_THAT(HouseNumbers({.condition = "party = DEM OR party = REP"}), ElementsAre("1", "2"));
  EXPECT_THAT(HouseNumbers({.condition = "street = \"Main*\" AND NOT people >= 1"}), SizeIs(10));
  EXPECT_THAT(HouseNumbers({.boundaries = {base::BoundaryId(zones_[0])}, .condition = "party:*"}), ElementsAre("1"));
  EXPECT_THAT(HouseNumbers({.condition = "last_knock_time > days_ago(14)"}), IsEmpty());
  EXPECT_THAT(HouseNumbers({.condition = "NOT last_knock_time > days_ago(14)"}), SizeIs(12)) << "never knocked at";
  EXPECT_THAT(HouseNumbers({.condition = "knocks = 0 AND NOT support <= 2 AND NOT household_support = 1 "
                                         "AND -last_result = NOT_HOME AND NOT age > 17"}),
              SizeIs(12));
}

TEST_F(UniverseTest, AFilterIsCheckedCountedAndKept) {
  v1::CreateUniverseRequest request = Request({});
  request.mutable_universe()->set_filter("height > 3");
  EXPECT_EQ(ReasonOf(request), "FILTER_FIELD_UNKNOWN");
  request.mutable_universe()->set_filter("party = DEM");
  request.set_validate_only(true);
  const auto counted = CreateUniverse(database_.pool(), call_, request);
  ASSERT_TRUE(counted.ok()) << counted.status();
  EXPECT_EQ(counted->doors(), 1);
  EXPECT_EQ(counted->universe_id(), 0);
  EXPECT_THAT(Look("select 1 from universe"), IsEmpty());
  request.set_validate_only(false);
  const auto made = CreateUniverse(database_.pool(), call_, request);
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_GT(made->universe_id(), 0);
  EXPECT_EQ(made->filter(), "party = DEM");
  EXPECT_EQ(made->doors(), 1);
}

TEST_F(UniverseTest, DoNotContactIsLeftOut) {
  auto transaction = database_.superuser_pool().Begin({});
  ASSERT_TRUE(transaction->Run({"test.mark_units", "update door set do_not_contact = true where unit <> ''"}).ok());
  ASSERT_TRUE(transaction->Commit().ok());
  EXPECT_THAT(HouseNumbers({.boundaries = {base::BoundaryId(zones_[2])}}), IsEmpty());
  EXPECT_THAT(HouseNumbers({}), SizeIs(8));
}

TEST_F(UniverseTest, AFailingCallbackEndsTheRead) {
  db::Transaction transaction = Begin();
  int seen = 0;
  const absl::Status status = db::ReadDoors(transaction, {}, [&](const db::DoorRow&) {
    return ++seen < 2 ? absl::OkStatus() : absl::AbortedError("enough");
  });
  EXPECT_EQ(status.message(), "enough");
  EXPECT_EQ(seen, 2);
}

TEST_F(UniverseTest, TheSameRequestAgainGivesTheSameUniverse) {
  const auto first = CreateUniverse(database_.pool(), call_, Request({zones_[2], zones_[0], zones_[2]}));
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->doors(), 5);
  EXPECT_THAT(first->boundary_ids(), ElementsAre(zones_[0], zones_[2]));
  const auto second = CreateUniverse(database_.pool(), call_, Request({}));
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->universe_id(), first->universe_id());
  EXPECT_EQ(second->doors(), 5);
  EXPECT_THAT(Look("select 1 from universe"), SizeIs(1));
  EXPECT_THAT(Look("select 1 from audit_log where action = 'universe.create'"), SizeIs(1));
  db::Transaction transaction = Begin();
  const auto found = db::FindUniverse(transaction, base::UniverseId(first->universe_id()));
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_THAT((*found)->filter.boundaries, SizeIs(2));
  EXPECT_FALSE(db::FindUniverse(transaction, base::UniverseId(9'999))->has_value());
}

TEST_F(UniverseTest, BadRequestsAreRefused) {
  EXPECT_EQ(ReasonOf(Request({999'999})), "BOUNDARY_UNKNOWN");
  EXPECT_EQ(ReasonOf(Request({0})), "BOUNDARY_UNKNOWN");
  v1::CreateUniverseRequest request = Request({});
  request.mutable_universe()->set_name(" ");
  EXPECT_EQ(ReasonOf(request), "NAME_MISSING");
  request = Request({});
  request.mutable_universe()->add_parties("");
  EXPECT_EQ(ReasonOf(request), "PARTY_EMPTY");
  request = Request({});
  for (int i = 0; i <= kUniversePartiesMax; ++i) request.mutable_universe()->add_parties("DEM");
  EXPECT_EQ(ReasonOf(request), "TOO_MANY_PARTIES");
  request = Request(std::vector<int64_t>(kUniverseBoundariesMax + 1, zones_[0]));
  EXPECT_EQ(ReasonOf(request), "TOO_MANY_BOUNDARIES");
  request = Request({});
  request.set_request_id("no uuid");
  EXPECT_FALSE(CreateUniverse(database_.pool(), call_, request).ok());
  EXPECT_THAT(Look("select 1 from universe"), IsEmpty());
}

TEST_F(UniverseTest, BoundariesAreListedInPagesWithTheirDoors) {
  db::Transaction transaction = Begin();
  v1::ListBoundariesResponse first;
  ASSERT_TRUE(ListBoundaries(transaction, "zone", {.size = 4}, first).ok());
  ASSERT_EQ(first.boundaries_size(), 4);
  EXPECT_EQ(first.boundaries(2).doors(), 4);
  EXPECT_EQ(first.boundaries(3).doors(), 1);
  EXPECT_EQ(first.boundaries(3).name(), "4");
  const auto page = rpc::ReadPage("boundaries", 4, first.next_page_token());
  ASSERT_TRUE(page.ok()) << page.status();
  v1::ListBoundariesResponse second;
  ASSERT_TRUE(ListBoundaries(transaction, "zone", *page, second).ok());
  EXPECT_EQ(second.boundaries_size(), 3);
  EXPECT_EQ(second.boundaries(2).code(), "7");
  EXPECT_TRUE(second.next_page_token().empty());
}
}  // namespace
}  // namespace snowfield::territory
