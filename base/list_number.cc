#include "base/list_number.h"

#include <array>

#include "base/status.h"

namespace snowfield::base {
namespace {

// Damm's quasigroup: the row is the interim digit, the column the next digit.
constexpr std::array<std::array<uint8_t, 10>, 10> kDamm = {{{0, 3, 1, 7, 5, 9, 8, 6, 4, 2},
                                                            {7, 0, 9, 2, 1, 5, 4, 8, 6, 3},
                                                            {4, 2, 0, 6, 8, 7, 1, 3, 5, 9},
                                                            {1, 7, 5, 0, 9, 8, 3, 4, 2, 6},
                                                            {6, 1, 2, 3, 0, 4, 5, 9, 7, 8},
                                                            {3, 6, 7, 4, 2, 0, 9, 5, 8, 1},
                                                            {5, 8, 6, 9, 7, 2, 0, 1, 3, 4},
                                                            {8, 9, 4, 5, 3, 6, 2, 0, 1, 7},
                                                            {9, 4, 3, 8, 6, 1, 7, 2, 0, 5},
                                                            {2, 5, 8, 1, 4, 3, 6, 7, 9, 0}}};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// The check digit of `digits`; 0 where they end in a fitting one.
int Interim(std::string_view digits) {
  int interim = 0;
  for (const char c : digits) interim = kDamm[interim][c - '0'];
  return interim;
}

}  // namespace

std::string MakeListNumber(uint32_t serial) {
  std::string digits = std::to_string(serial % kListSerialEnd);
  digits.insert(0, kListNumberDigits - 1 - digits.size(), '0');
  digits.push_back(static_cast<char>('0' + Interim(digits)));
  return digits;
}

bool CheckListNumber(std::string_view digits) {
  if (digits.size() != kListNumberDigits) return false;
  for (const char c : digits) {
    if (!IsDigit(c)) return false;
  }
  return Interim(digits) == 0;
}

absl::StatusOr<std::string> ParseListNumber(std::string_view text, std::string_view field) {
  std::string digits;
  if (text.size() <= kListNumberTextMax) {
    for (const char c : text) {
      if (c != ' ' && c != '-' && c != '\t') digits.push_back(c);
    }
  }
  if (CheckListNumber(digits)) return digits;
  return InvalidField(field, "LIST_NUMBER_MISTYPED",
                      "this is no list number: type the eight digits as they stand on the list");
}

}  // namespace snowfield::base
