// The people of the town: households as a voter file shows them.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "services/cli/town/town.h"

namespace snowfield::cli::town {

struct Voter {
  std::string first_name;
  std::string middle_name;
  std::string last_name;
  std::string suffix;
  std::string address_line;  // upper case, with the Postal Service's abbreviations, as voter files have it
  std::string party;         // DEM, REP, UNA, LIB
  std::string sex;           // F, M, U
  std::string phone;
  std::string status = "A";  // A, I, or R for removed
  bool confidential = false;
  bool has_door = true;  // false: the address is not on the map, on purpose
  int birth_year = 0;
};

// Where a voter lives, in words.
struct DoorAddress {
  int64_t door = 0;  // running number in the town
  int house_number = 0;
  std::string street;  // "Maple Avenue"
  std::string unit;    // "Apt 201" or empty
};

// The voters behind a door: none behind one in eight, else one to five who mostly share a last name. The same seed and
// door give the same people.
std::vector<Voter> VotersOf(const TownPlan& plan, const DoorAddress& address);

}  // namespace snowfield::cli::town
