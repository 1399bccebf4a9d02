// House numbers, units and one-line street addresses, taken apart.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace snowfield::geo {

inline constexpr size_t kAddressBytesMax = 400;

enum class Parity { kUnknown, kOdd, kEven };

// "113 1/2" -> 113, "1/2"; "3512-14" -> 3512, "-14"; "12A" -> 12, "a"; "B-7" -> 0, "b-7" (no leading number).
struct HouseNumber {
  int64_t number = 0;  // 0: none
  std::string rest;    // lower case, blanks squeezed; empty for a plain number

  Parity parity() const { return number == 0 ? Parity::kUnknown : number % 2 ? Parity::kOdd : Parity::kEven; }
  // "113 1/2", "12a": one form for all spellings.
  std::string Key() const;
  // By number, then rest.
  friend auto operator<=>(const HouseNumber&, const HouseNumber&) = default;
};

HouseNumber ParseHouseNumber(std::string_view text);

// "Apt 4B", "# 4-b", "UNIT 4B", "Apartment 4 B" -> "4b"; "Bldg 2 Apt 7" -> "2 7"; "" -> "".
std::string NormalizeUnit(std::string_view text);

struct ParsedAddress {
  HouseNumber house_number;
  std::string street_key;  // NormalizeStreetName
  std::string unit;        // NormalizeUnit
};

// One line, as the North Carolina voter file's res_street_address: "1847 14TH ST NW APT 3", "123 MAIN ST UNIT B".
// INVALID_ARGUMENT ADDRESS_UNREADABLE where there is no house number or no street.
absl::StatusOr<ParsedAddress> ParseStreetAddress(std::string_view line);

}  // namespace snowfield::geo
