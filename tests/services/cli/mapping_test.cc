#include "services/cli/files/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "services/cli/files/row_maker.h"
#include "tests/services/cli/collect_rows.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<PersonRow> ReadPeople(const std::string& preset, const std::string& content, CollectRows& rows) {
  TestFolder folder;
  const absl::Status status = ReadInto(rows, folder.Write("p.txt", content), {pb::IMPORT_KIND_PEOPLE, preset});
  EXPECT_TRUE(status.ok()) << base::MessageOf(status);
  return rows.All<PersonRow>();
}

TEST(Presets, EachIsFoundByNameAndWritesTheJsonItWasReadFrom) {
  for (const Mapping& preset : Presets()) {
    ASSERT_TRUE(FindPreset(preset.name, preset.kind).ok()) << preset.name;
    const auto again = ParseMapping(MappingAsJson(preset));
    ASSERT_TRUE(again.ok()) << base::MessageOf(again.status());
    EXPECT_EQ(MappingAsJson(*again), MappingAsJson(preset));
  }
  const auto none = FindPreset("dcc", pb::IMPORT_KIND_ADDRESSES);
  EXPECT_THAT(base::MessageOf(none.status()), HasSubstr("the presets are sample, dc, vermont-e911"));
}

TEST(Presets, VermontTakesDwellingsAndJoinsNumberAndSuffix) {
  CollectRows rows;
  ASSERT_TRUE(ReadInto(rows, TestData("vermont_e911.geojson"), {pb::IMPORT_KIND_ADDRESSES, "vermont-e911"}).ok());
  const auto addresses = rows.All<AddressRow>();
  ASSERT_EQ(addresses.size(), 3u);
  EXPECT_EQ(addresses[0].house_number(), "2916");
  EXPECT_EQ(addresses[1].house_number(), "12A");
  EXPECT_EQ(addresses[1].street(), "SAMPLE RD") << "put together where PRIMARYNAME is empty";
  EXPECT_EQ(addresses[1].unit_count(), 4u);
  EXPECT_EQ(addresses[2].house_number(), "113 1/2");
  EXPECT_THAT(rows.IssueLines(), ElementsAre("4 HOUSE_NUMBER_MISSING house_number"));
  ASSERT_EQ(rows.skipped.size(), 1u);
  EXPECT_EQ(rows.skipped[0].field, "SITETYPE");
  EXPECT_THAT(rows.skipped[0].message, HasSubstr("SITETYPE is CEMETERY"));
}

TEST(Presets, NorthCarolinaReadsBothLayouts) {
  CollectRows now;
  const auto people =
      ReadPeople("nc-voters",
                 "county_id\tncid\tlast_name\tfirst_name\tstatus_cd\tvoter_status_desc\tres_street_address\tres_city_"
                 "desc\tzip_code\t"
                 "full_phone_number\tconfidential_ind\tparty_cd\tgender_code\tbirth_year\tage_at_year_end\n"
                 "\"1\"\t\"ZZ1\"\t\"DOE\tROE\"\t\"ANN\"\t\"A\"\t\"ACTIVE\"\t\"1 SAMPLE ST "
                 "\"\t\"NOWHERE\"\t\"00000\"\t\"\"\t\"N\"\t\"UNA\"\t\"F\"\t\"1980\"\t\"46\"\n"
                 "\"1\"\t\"ZZ2\"\t\"DOE\"\t\"BOB\"\t\"R\"\t\"REMOVED\"\t\"REMOVED\"\t\"\"\t\"\"\t\"\"\t\"N\"\t\"UNA\"\t"
                 "\"M\"\t\"1981\"\t\"45\"\n"
                 "\"1\"\t\"ZZ3\"\t\"DOE\"\t\"CAL\"\t\"A\"\t\"ACTIVE\"\t\"2 SAMPLE "
                 "ST\"\t\"NOWHERE\"\t\"00000\"\t\"\"\t\"Y\"\t\"UNA\"\t\"M\"\t\"1981\"\t\"45\"\n",
                 now);
  ASSERT_EQ(people.size(), 1u);
  EXPECT_EQ(people[0].last_name(), "DOE\tROE") << "a quoted tab is no delimiter";
  EXPECT_EQ(people[0].address_line(), "1 SAMPLE ST");
  EXPECT_EQ(people[0].birth_year(), 1980);
  EXPECT_EQ(now.CountSkipped(), 2u);

  CollectRows before;
  const auto old =
      ReadPeople("nc-voters",
                 "status_cd\tlast_name\tfirst_name\tmidl_name\tres_street_address\tzip_code\tbirth_age\tncid\n"
                 "A\tROE\tANN\tX\t1 SAMPLE ST\t00000\t46\tZZ1\n",
                 before);
  ASSERT_EQ(old.size(), 1u);
  EXPECT_EQ(old[0].birth_year(), 1980) << "from the age, in 2026";
  EXPECT_EQ(old[0].middle_name(), "X");
}

TEST(Presets, VanReadsPartsOfTheAddressAndItsVariants) {
  CollectRows parts_rows;
  const auto parts =
      ReadPeople("van-people",
                 "Voter File VANID,LastName,FirstName,StreetNo,StreetNoHalf,StreetPrefix,StreetName,StreetType,"
                 "StreetSuffix,AptType,AptNo,City,Zip5,DOB,Sex,Party,Preferred Phone\n"
                 "77,Doe,Ann,12,1/2,N,Sample,St,NW,Apt,3,Nowhere,00000,7/4/1976,F,D,5555550100\n"
                 ",Roe,Bob,14,,,Sample,St,,,,Nowhere,00000,,M,R,\n",
                 parts_rows);
  ASSERT_EQ(parts.size(), 1u);
  EXPECT_EQ(parts[0].house_number(), "12 1/2");
  EXPECT_EQ(parts[0].street(), "N Sample St NW");
  EXPECT_EQ(parts[0].unit(), "Apt 3");
  EXPECT_EQ(parts[0].birth_year(), 1976);
  EXPECT_THAT(parts_rows.IssueLines(), ElementsAre("3 EXTERNAL_ID_MISSING external_id"));

  CollectRows line_rows;
  const auto line =
      ReadPeople("van-people", "VANID,LastName,mAddress,vAddress,Age\n5,Doe,PO Box 1,12 Sample St,30\n", line_rows);
  ASSERT_EQ(line.size(), 1u);
  EXPECT_EQ(line[0].address_line(), "12 Sample St") << "where one votes comes before where one's mail goes";
  EXPECT_EQ(line[0].birth_year(), 1996);
}

TEST(Presets, PeopleNeedAnAddressColumn) {
  TestFolder folder;
  CollectRows rows;
  const absl::Status status =
      ReadInto(rows, folder.Write("p.csv", "id,last_name\n1,Doe\n"), {pb::IMPORT_KIND_PEOPLE, ""});
  EXPECT_EQ(base::DetailOf(status).reason, "COLUMN_MISSING");
  EXPECT_EQ(base::DetailOf(status).field, "address_line");
}

TEST(Mapping, LeftOutPeopleAreNotQuoted) {
  auto mapping = ParseMapping(R"({"kind":"people","columns":{"external_id":"id","address_line":"a"},
                                  "filters":[{"column":"last_name","take":["Roe"]}]})");
  ASSERT_TRUE(mapping.ok());
  TestFolder folder;
  CollectRows rows;
  ASSERT_TRUE(ReadFile(folder.Write("p.csv", "id,a,last_name\n1,x,Secret\n"), *mapping, {}, rows).ok());
  ASSERT_EQ(rows.skipped.size(), 1u);
  EXPECT_EQ(rows.skipped[0].message.find("Secret"), std::string::npos);
}

TEST(Mapping, OverridesColumnsAndRefusesUnknownFields) {
  Mapping mapping = *FindPreset("", pb::IMPORT_KIND_ADDRESSES);
  ASSERT_TRUE(OverrideColumn(mapping, "house_number=HSE NO").ok());
  TestFolder folder;
  CollectRows rows;
  const std::string path = folder.Write("a.csv", "hse no ,number,street,lon,lat\n12,99,Main,-90,40\n");
  ASSERT_TRUE(ReadFile(path, mapping, {}, rows).ok());
  EXPECT_EQ(rows.All<AddressRow>()[0].house_number(), "12");
  EXPECT_THAT(base::MessageOf(OverrideColumn(mapping, "hous=NO")), HasSubstr("the fields are external_id, longitude"));
  EXPECT_FALSE(OverrideColumn(mapping, "house_number").ok());
  EXPECT_FALSE(OverrideColumn(mapping, "house_number=").ok());
}

TEST(Mapping, RefusesJsonThatIsNoMapping) {
  for (const char* json :
       {"", "[]", "{\"kind\":\"houses\"}", "{\"kind\":\"people\",\"colums\":{}}",
        "{\"kind\":\"people\",\"columns\":{\"lastname\":\"x\"}}", "{\"kind\":\"people\",\"columns\":{\"last_name\":7}}",
        "{\"kind\":\"people\",\"delimiter\":\"ab\"}", "{\"kind\":\"people\",\"filters\":[{}]}"}) {
    EXPECT_EQ(base::DetailOf(ParseMapping(json).status()).reason, "MAPPING_INVALID") << json;
  }
}

TEST(RowMaker, FindsTheYearInADate) {
  EXPECT_EQ(YearOfDate("7/4/1976", 2026), 1976);
  EXPECT_EQ(YearOfDate("1976-07-04", 2026), 1976);
  EXPECT_EQ(YearOfDate("19760704", 2026), 1976);
  EXPECT_EQ(YearOfDate("1976", 2026), 1976);
  EXPECT_EQ(YearOfDate("7/4/76", 2026), 0);
  EXPECT_EQ(YearOfDate("2090-01-01", 2026), 0);
  EXPECT_EQ(YearOfDate("unknown", 2026), 0);
  EXPECT_EQ(YearOfDate("", 2026), 0);
}

}  // namespace
}  // namespace snowfield::cli
