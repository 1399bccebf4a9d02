#include "tests/services/territory/import_fixture.h"

namespace snowfield::territory {
namespace {
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

v1::AddressRow InTown(v1::AddressRow row, const std::string& city, const std::string& postal_code, double latitude) {
  row.set_city(city);
  row.set_postal_code(postal_code);
  row.mutable_position()->set_latitude(latitude);
  return row;
}

v1::PersonRow From(v1::PersonRow row, const std::string& city, const std::string& postal_code) {
  row.set_city(city);
  row.set_postal_code(postal_code);
  return row;
}

class PersonImport : public ImportFixture {
 protected:
  // external_id|house number|unit of the door, or external_id|reason.
  std::vector<std::string> Matches() {
    return Look(
        "select p.external_id, case when p.door_id is null then p.match_reason else a.house_number || ' ' || "
        "d.unit_key "
        "|| ' ' || a.city end from person p left join door d using (campaign_id, door_id) left join address_point a "
        "using (campaign_id, address_point_id) order by p.person_id");
  }
};

TEST_F(PersonImport, PeopleMeetDoorsByTheNormalFormOfTheirAddress) {
  v1::AddressRow counted = House(8, "30", "Oak Avenue", 400);
  counted.set_unit_count(3);
  ASSERT_TRUE(ImportAddresses({House(2, "12", "14th Street Northwest"), Flat(3, "20", "Main St", "Apt 1"),
                               Flat(4, "20", "Main St", "Apt 2B"), House(5, "22", "Main St", 90),
                               Flat(6, "24", "Main St", "A"), House(7, "113 1/2", "Main St", 200), counted})
                  .status.ok());
  v1::PersonRow parts = Voter(12, "k", "");
  parts.set_house_number("20");
  parts.set_street("MAIN STREET");
  parts.set_unit("#1");
  const Outcome outcome = ImportPeople({
      Voter(2, "a", "12 14TH ST NW"),       // another spelling
      Voter(3, "b", "20 MAIN ST APT 2-B"),  // a unit
      Voter(4, "c", "20 MAIN ST APT 9"),    // a unit that is not there
      Voter(5, "d", "20 MAIN ST"),          // no unit, several doors
      Voter(6, "e", "22 MAIN ST UNIT 3"),   // a unit, one door without units
      Voter(7, "f", "24 MAIN ST"),          // no unit, one door with a unit
      Voter(8, "g", "26 MAIN ST"),          // no such number
      Voter(9, "h", "26 ELM ST"),           // no such street
      Voter(10, "i", "MAIN ST"),            // no number
      Voter(11, "j", "113 1/2 MAIN ST"),    // a fraction
      parts,                                // in columns of its own
      Voter(13, "l", "30 OAK AVE APT 3"),   // a counted unit
      Voter(14, "m", "24 MAIN ST APT B"),   // another unit than the only one
  });
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(Matches(), ElementsAre("a|12  ", "b|20 2b ", "c|UNIT_UNKNOWN", "d|UNIT_UNKNOWN", "e|22  ", "f|24 a ",
                                     "g|NUMBER_UNKNOWN", "h|STREET_UNKNOWN", "i|ADDRESS_UNREADABLE", "j|113 1/2  ",
                                     "k|20 1 ", "l|30 3 ", "m|UNIT_UNKNOWN"));
  EXPECT_THAT(
      outcome.IssueLines(),
      ElementsAre("4 UNIT_UNKNOWN taken", "5 UNIT_UNKNOWN taken", "6 UNIT_NOT_ON_MAP taken", "8 NUMBER_UNKNOWN taken",
                  "9 STREET_UNKNOWN taken", "10 ADDRESS_UNREADABLE taken", "14 UNIT_UNKNOWN taken"));
  EXPECT_EQ(outcome.summary.inserted(), 13);
  EXPECT_EQ(outcome.summary.matched(), 7);
  EXPECT_EQ(outcome.summary.unmatched(), 6);
}

TEST_F(PersonImport, OneAddressInSeveralTownsIsToldApartByPostalCodeThenCity) {
  ASSERT_TRUE(ImportAddresses({InTown(House(2, "1", "Main St"), "Stowe", "05672", 44.1),
                               InTown(House(3, "1", "Main St"), "Swanton", "05488", 44.2),
                               InTown(House(4, "1", "Main St"), "Highgate", "05488", 44.3),
                               InTown(House(5, "9", "Main St"), "Stowe", "05672", 44.4)})
                  .status.ok());
  ASSERT_TRUE(
      ImportPeople({From(Voter(2, "postal", "1 MAIN ST"), "", "05672-1234"),
                    From(Voter(3, "city", "1 MAIN ST"), "SWANTON", "05488"),
                    From(Voter(4, "open", "1 MAIN ST"), "", "05488"), From(Voter(5, "nothing", "1 MAIN ST"), "", ""),
                    From(Voter(6, "only city", "1 MAIN ST"), "Highgate", ""),
                    From(Voter(7, "other town", "9 MAIN ST"), "Swanton", "05488"),
                    From(Voter(8, "other postal code", "9 MAIN ST"), "Stowe", "05673")})
          .status.ok());
  EXPECT_THAT(Matches(),
              ElementsAre("postal|1  Stowe", "city|1  Swanton", "open|AMBIGUOUS", "nothing|AMBIGUOUS",
                          "only city|1  Highgate", "other town|NUMBER_UNKNOWN", "other postal code|9  Stowe"));
}

TEST_F(PersonImport, ADoorThatTheFileGivesTwiceTakesPeopleOnce) {
  ASSERT_TRUE(ImportAddresses({House(2, "1", "Main St"), House(3, "1", "Main St")}).status.ok());
  ASSERT_TRUE(ImportPeople({Voter(2, "a", "1 Main St")}).status.ok());
  EXPECT_THAT(Matches(), ElementsAre("a|1  "));
}

TEST_F(PersonImport, TwoPlacesWithOneAddressAreAmbiguous) {
  ASSERT_TRUE(ImportAddresses({House(2, "1", "Main St"), House(3, "1", "Main St", 5000)}).status.ok());
  ASSERT_TRUE(ImportPeople({Voter(2, "a", "1 Main St"), Voter(3, "b", "1 Main St Apt 4")}).status.ok());
  EXPECT_THAT(Matches(), ElementsAre("a|AMBIGUOUS", "b|AMBIGUOUS"));
}

TEST_F(PersonImport, NewAddressesFindTheirPeople) {
  ASSERT_TRUE(ImportPeople({Voter(2, "a", "1 Main St"), Voter(3, "b", "2 Main St")}).status.ok());
  EXPECT_THAT(Matches(), ElementsAre("a|STREET_UNKNOWN", "b|STREET_UNKNOWN"));
  const Outcome outcome = ImportAddresses({House(2, "1", "Main St")});
  EXPECT_EQ(outcome.summary.matched(), 1);
  EXPECT_EQ(outcome.summary.unmatched(), 1);
  EXPECT_THAT(Matches(), ElementsAre("a|1  ", "b|NUMBER_UNKNOWN"));
}

TEST_F(PersonImport, TheSameFileAgainChangesNothingAndAMovedPersonIsMatchedAnew) {
  ASSERT_TRUE(ImportAddresses({House(2, "1", "Main St"), House(3, "3", "Main St", 90)}).status.ok());
  std::vector<v1::PersonRow> rows = {Voter(2, "a", "1 Main St"), Voter(3, "b", "1 Main St"),
                                     Voter(4, "c", "5 Main St")};
  ASSERT_TRUE(ImportPeople(rows).status.ok());
  const std::vector<std::string> before = Look("select person_id, door_id from person order by 1");
  Outcome outcome = ImportPeople(rows);
  EXPECT_EQ(outcome.summary.unchanged(), 3);
  EXPECT_EQ(outcome.summary.updated(), 0);
  EXPECT_EQ(Look("select person_id, door_id from person order by 1"), before);

  rows[0].set_address_line("3 MAIN ST");
  rows[1].set_party("DEM");
  rows.pop_back();
  outcome = ImportPeople(rows);
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_EQ(outcome.summary.updated(), 2);
  EXPECT_EQ(outcome.summary.absent(), 1);
  EXPECT_THAT(Matches(), ElementsAre("a|3  ", "b|1  ", "c|NUMBER_UNKNOWN"));
  rows[0].set_address_line("nowhere");
  ASSERT_TRUE(ImportPeople(rows).status.ok());
  EXPECT_THAT(Matches(), ElementsAre("a|ADDRESS_UNREADABLE", "b|1  ", "c|NUMBER_UNKNOWN"));
}

TEST_F(PersonImport, RepeatedAndBadRowsAreRefused) {
  v1::PersonRow other = Voter(4, "a", "3 Main St");
  v1::PersonRow idless = Voter(5, " ", "3 Main St");
  v1::PersonRow controlled = Voter(6, "b", "3 Main St");
  controlled.set_first_name("Bob\n");
  v1::PersonRow old = Voter(7, "c", "3 Main St");
  old.set_birth_year(1066);
  const Outcome outcome =
      ImportPeople({Voter(2, "a", "1 Main St"), Voter(3, "a", "1 Main St"), other, idless, controlled, old});
  ASSERT_TRUE(outcome.status.ok()) << outcome.status;
  EXPECT_THAT(
      outcome.IssueLines(),
      UnorderedElementsAre("3 REPEATED_ROW rejected", "4 EXTERNAL_ID_REPEATED rejected",
                           "5 EXTERNAL_ID_MISSING rejected", "6 CONTROL_CHARACTER rejected",
                           "7 BIRTH_YEAR_OUT_OF_RANGE taken", "2 STREET_UNKNOWN taken", "7 STREET_UNKNOWN taken"));
  EXPECT_EQ(outcome.summary.rejected(), 4);
  EXPECT_THAT(Look("select birth_year from person"), ElementsAre("null", "null"));
}
}  // namespace
}  // namespace snowfield::territory
