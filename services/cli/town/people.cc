#include "services/cli/town/people.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "services/cli/town/random.h"

namespace snowfield::cli::town {
namespace {

constexpr int kThisYear = 2026;  // the town stands still: its files must not change with the calendar
constexpr int64_t kEmptyDoorPerMille = 125;
constexpr int64_t kOwnLastNamePerMille = 130;
constexpr int64_t kSpellingVariantPerMille = 60;
constexpr int64_t kNoDoorPerMille = 18;
constexpr int64_t kRemovedPerMille = 30;
constexpr int64_t kInactivePerMille = 60;
constexpr int64_t kConfidentialPerMille = 2;
constexpr int64_t kPhonePerMille = 450;

constexpr std::array<const char*, 40> kFemaleNames = {
    "Mary",  "Linda", "Susan",  "Karen",   "Lisa",   "Nancy", "Betty",  "Sandra", "Ashley", "Emily",
    "Donna", "Carol", "Amanda", "Melissa", "Laura",  "Amy",   "Angela", "Anna",   "Ruth",   "Maria",
    "Rosa",  "Grace", "Julia",  "Hannah",  "Olivia", "Sofia", "Emma",   "Chloe",  "Megan",  "Rachel",
    "Diane", "Joyce", "Alice",  "Theresa", "Leah",   "Naomi", "Fatima", "Mei",    "Priya",  "Aisha"};
constexpr std::array<const char*, 40> kMaleNames = {
    "James",  "Robert", "John",    "Michael", "David",  "William", "Thomas", "Daniel", "Paul",   "Mark",
    "Steven", "Andrew", "Kenneth", "Kevin",   "Brian",  "George",  "Edward", "Jason",  "Ryan",   "Jacob",
    "Eric",   "Jose",   "Carlos",  "Luis",    "Samuel", "Patrick", "Frank",  "Dennis", "Peter",  "Henry",
    "Noah",   "Liam",   "Ethan",   "Oliver",  "Ahmed",  "Wei",     "Arjun",  "Omar",   "Martin", "Victor"};
constexpr std::array<const char*, 72> kLastNames = {
    "Smith",    "Johnson",  "Williams", "Brown",    "Jones",    "Garcia",  "Miller", "Davis",   "Martinez",
    "Lopez",    "Gonzalez", "Wilson",   "Anderson", "Thomas",   "Taylor",  "Moore",  "Jackson", "Martin",
    "Lee",      "Perez",    "Thompson", "White",    "Harris",   "Sanchez", "Clark",  "Ramirez", "Lewis",
    "Robinson", "Walker",   "Young",    "Allen",    "King",     "Wright",  "Scott",  "Torres",  "Nguyen",
    "Hill",     "Flores",   "Green",    "Adams",    "Nelson",   "Baker",   "Hall",   "Rivera",  "Campbell",
    "Mitchell", "Carter",   "Roberts",  "Gomez",    "Phillips", "Evans",   "Turner", "Diaz",    "Parker",
    "Cruz",     "Edwards",  "Collins",  "Reyes",    "Stewart",  "Morris",  "Murphy", "Cook",    "Rogers",
    "Olson",    "Larson",   "Schmidt",  "Meyer",    "Patel",    "Khan",    "Kim",    "O'Brien", "Van Dyke"};

template <size_t N>
const char* Pick(Random& random, const std::array<const char*, N>& names) {
  return names[static_cast<size_t>(random.Below(N))];
}

// Sizes as the census counts them, near enough: mostly one or two adults.
int AdultCount(Random& random) {
  const int64_t draw = random.Below(100);
  if (draw < 31) return 1;
  if (draw < 77) return 2;
  if (draw < 91) return 3;
  return draw < 97 ? 4 : 5;
}

std::string PartyOf(Random& random, int64_t leaning) {
  const int64_t draw = random.Below(100);
  if (draw < 3) return "LIB";
  if (draw < 34) return "UNA";
  return draw < 34 + leaning * 66 / 100 ? "DEM" : "REP";
}

// The line as a county clerk writes it: "1200 MAPLE AVE APT 201".
std::string ClerksLine(const DoorAddress& address, int house_number) {
  const std::string line =
      absl::StrCat(house_number, " ", address.street, address.unit.empty() ? "" : " ", address.unit);
  return absl::StrReplaceAll(absl::AsciiStrToUpper(line), {{" AVENUE", " AVE"},
                                                           {" STREET", " ST"},
                                                           {" DRIVE", " DR"},
                                                           {" ROAD", " RD"},
                                                           {" LANE", " LN"},
                                                           {" PLACE", " PL"},
                                                           {" COURT", " CT"},
                                                           {" TRAIL", " TRL"}});
}

// The same door, written otherwise.
std::string VariantLine(Random& random, const DoorAddress& address) {
  const std::string plain =
      absl::StrCat(address.house_number, " ", address.street, address.unit.empty() ? "" : " ", address.unit);
  switch (random.Below(4)) {
    case 0:
      return plain;
    case 1:
      return absl::StrReplaceAll(ClerksLine(address, address.house_number), {{" APT ", " # "}});
    case 2:
      return absl::StrReplaceAll(ClerksLine(address, address.house_number), {{" ", "  "}});
    default:
      return absl::StrCat(absl::StrReplaceAll(plain, {{" Apt ", " Unit "}}), ".");
  }
}

std::string NoDoorLine(Random& random, const DoorAddress& address) {
  switch (random.Below(3)) {
    case 0:
      return absl::StrCat("PO BOX ", random.Between(10, 999));
    case 1:
      return ClerksLine(address, address.house_number + 90000);
    default:
      return absl::StrCat(address.house_number, " NOWHERE LN");
  }
}

void FillAddress(Random& random, const DoorAddress& address, Voter& voter) {
  voter.has_door = !random.PerMille(kNoDoorPerMille);
  const bool variant = random.PerMille(kSpellingVariantPerMille);
  if (!voter.has_door) {
    voter.address_line = NoDoorLine(random, address);
  } else {
    voter.address_line = variant ? VariantLine(random, address) : ClerksLine(address, address.house_number);
  }
  if (random.PerMille(kRemovedPerMille)) {
    voter.status = "R";
    voter.address_line = "REMOVED";
  } else if (random.PerMille(kInactivePerMille)) {
    voter.status = "I";
  }
  voter.confidential = random.PerMille(kConfidentialPerMille);
}

void FillName(Random& random, const std::string& family, Voter& voter) {
  const bool female = random.PerMille(515);
  voter.first_name = female ? Pick(random, kFemaleNames) : Pick(random, kMaleNames);
  if (random.PerMille(700)) voter.middle_name = female ? Pick(random, kFemaleNames) : Pick(random, kMaleNames);
  voter.last_name = random.PerMille(kOwnLastNamePerMille) ? Pick(random, kLastNames) : family;
  if (!female && random.PerMille(25)) voter.suffix = "JR";
  voter.sex = random.PerMille(20) ? "U" : female ? "F" : "M";
  if (random.PerMille(kPhonePerMille)) {
    char phone[16];
    std::snprintf(phone, sizeof phone, "555555%04d", static_cast<int>(random.Between(100, 199)));
    voter.phone = phone;
  }
}

}  // namespace

std::vector<Voter> VotersOf(const TownPlan& plan, const DoorAddress& address) {
  Random random(plan.seed, {0x5001u, static_cast<uint64_t>(address.door)});
  std::vector<Voter> voters;
  if (random.PerMille(kEmptyDoorPerMille)) return voters;
  const std::string family = Pick(random, kLastNames);
  const int adults = AdultCount(random);
  const int64_t leaning = random.Between(10, 90);
  const int64_t eldest = adults == 1 ? random.Between(20, 92) : random.Between(26, 84);
  for (int i = 0; i < adults; ++i) {
    Voter voter;
    FillName(random, family, voter);
    int64_t age = eldest;
    if (i == 1) age = std::max<int64_t>(19, eldest - random.Between(-4, 7));
    if (i > 1) age = eldest >= 40 ? random.Between(18, std::min<int64_t>(30, eldest - 20)) : random.Between(18, 34);
    voter.birth_year = static_cast<int>(kThisYear - age);
    voter.party = PartyOf(random, leaning);
    FillAddress(random, address, voter);
    voters.push_back(std::move(voter));
  }
  return voters;
}

}  // namespace snowfield::cli::town
