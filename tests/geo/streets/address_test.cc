#include "geo/streets/address.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace snowfield::geo {
namespace {

TEST(ParseHouseNumber, TakesNumbersApart) {
  const std::vector<std::tuple<std::string, int64_t, std::string>> cases = {
      {"1847", 1847, ""}, {"113 1/2", 113, "1/2"},    {"3512-14", 3512, "-14"},
      {"12A", 12, "a"},   {"12 a", 12, "a"},          {"12-1", 12, "-1"},
      {" 7 ", 7, ""},     {"B-7", 0, "b-7"},          {"", 0, ""},
      {"0012", 12, ""},   {"3512 - 14", 3512, "-14"}, {"99999999999999999999", 0, "99999999999999999999"}};
  for (const auto& [text, number, rest] : cases) {
    EXPECT_EQ(ParseHouseNumber(text).number, number) << text;
    EXPECT_EQ(ParseHouseNumber(text).rest, rest) << text;
  }
}

TEST(ParseHouseNumber, KnowsParity) {
  EXPECT_EQ(ParseHouseNumber("12A").parity(), Parity::kEven);
  EXPECT_EQ(ParseHouseNumber("113 1/2").parity(), Parity::kOdd);
  EXPECT_EQ(ParseHouseNumber("").parity(), Parity::kUnknown);
}

TEST(NormalizeUnit, GivesOneFormForSpellingsOfOneUnit) {
  for (const char* text : {"Apt 4B", "# 4-b", "UNIT 4B", "Apartment 4 B", "apt. 4b", "#4B", "4b"}) {
    EXPECT_EQ(NormalizeUnit(text), "4b") << text;
  }
  EXPECT_EQ(NormalizeUnit("# 12"), "12");
  EXPECT_EQ(NormalizeUnit("Unit 3"), "3");
  EXPECT_EQ(NormalizeUnit("Bldg 2 Apt 7"), "2 7");
  EXPECT_EQ(NormalizeUnit("12-1"), "12-1");
  EXPECT_NE(NormalizeUnit("12-1"), NormalizeUnit("121"));
  EXPECT_EQ(NormalizeUnit(""), "");
}

TEST(ParseStreetAddress, ReadsVoterFileLines) {
  const ParsedAddress a = ParseStreetAddress("1847 14TH ST NW APT 3").value();
  EXPECT_EQ(a.house_number.number, 1847);
  EXPECT_EQ(a.street_key, "14 st nw");
  EXPECT_EQ(a.unit, "3");
  const ParsedAddress b = ParseStreetAddress("123 MAIN ST UNIT B").value();
  EXPECT_EQ(b.street_key, "main st");
  EXPECT_EQ(b.unit, "b");
  EXPECT_EQ(ParseStreetAddress("113 1/2 Oak Avenue #4").value().house_number.Key(), "113 1/2");
  EXPECT_EQ(ParseStreetAddress("113 1/2 Oak Avenue #4").value().unit, "4");
  EXPECT_EQ(ParseStreetAddress("9 UNIT DR").value().street_key, "unit dr");
  EXPECT_EQ(ParseStreetAddress("12  ST JAMES PL  LOT 7").value().street_key, "st james pl");
}

TEST(ParseStreetAddress, RefusesWhatIsNoAddress) {
  for (const char* line : {"", "   ", "MAIN ST", "PO BOX 12", "123", "123   "}) {
    EXPECT_EQ(base::DetailOf(ParseStreetAddress(line).status()).reason, "ADDRESS_UNREADABLE") << line;
  }
}

}  // namespace
}  // namespace snowfield::geo
