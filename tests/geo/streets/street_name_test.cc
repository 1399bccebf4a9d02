#include "geo/streets/street_name.h"

#include <gtest/gtest.h>

#include <random>

namespace snowfield::geo {
namespace {

TEST(NormalizeStreetName, GivesOneKeyForSpellingsOfOneStreet) {
  const std::vector<std::vector<std::string>> same = {
      {"12th Street Northeast", "12th St NE", "12TH ST N.E.", "Twelfth Street North East", "12 St, NE"},
      {"16th St, Northwest", "16th Street NW"},
      {"POOR FARM RD", "Poor Farm Road", "Poor  Farm Rd."},
      {"Saint Paul Street", "St Paul St", "St. Paul Street"},
      {"Lindenstraße", "LINDENSTRASSE", "Lindenstr.",
       "lindenstra\xC3\x9F"
       "e"},
      {"Hohe Straße", "Hohe Str."},
      {"O'Brien Court", "OBRIEN CT",
       "O\xE2\x80\x99"
       "Brien Ct"},
      {"VT Route 12", "State Highway 12", "State Rte 12"},
      {"Martin-Luther-Straße", "Martin Luther Str"},
      {"M\xC3\xBChlgasse", "MUHLGASSE"},
  };
  for (const auto& spellings : same) {
    for (const std::string& spelling : spellings) {
      EXPECT_EQ(NormalizeStreetName(spelling), NormalizeStreetName(spellings.front())) << spelling;
    }
  }
}

TEST(NormalizeStreetName, KeepsStreetsApart) {
  EXPECT_NE(NormalizeStreetName("12th Street NE"), NormalizeStreetName("12th Street NW"));
  EXPECT_NE(NormalizeStreetName("12th Street NE"), NormalizeStreetName("12th Place NE"));
  EXPECT_NE(NormalizeStreetName("1st Street"), NormalizeStreetName("21st Street"));
  EXPECT_EQ(NormalizeStreetName("  , "), "");
}

TEST(NormalizeStreetName, TakesAnyBytes) {
  const uint64_t seed = 20240611;
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 2'000; ++round) {
    std::string bytes(random() % 40, ' ');
    for (char& c : bytes) c = static_cast<char>(random());
    const std::string key = NormalizeStreetName(bytes);
    EXPECT_EQ(NormalizeStreetName(key), key) << "a key is its own key";
  }
}

}  // namespace
}  // namespace snowfield::geo
