#include "geo/streets/address.h"

#include <string>
#include <vector>

#include "base/status.h"
#include "geo/streets/street_name.h"

namespace snowfield::geo {
namespace {

// A longer run of digits is not a house number.
constexpr size_t kHouseDigitsMax = 9;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c & 0x80); }

std::vector<std::string> SplitBlanks(std::string_view text) {
  std::vector<std::string> words(1);
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == ',' || c == '\n' || c == '\r') {
      if (!words.back().empty()) words.emplace_back();
    } else {
      words.back().push_back(c);
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

// Words that say "what follows is a unit" (USPS Publication 28, appendix C2, and what voter files hold).
bool IsDesignator(std::string_view word) {
  static constexpr std::string_view kWords =
      " apt apartment appt unit ste suite lot room rm trlr trailer bldg building fl floor spc space no number nr dept "
      "whg wohnung top ";
  while (!word.empty() && (word.back() == '.' || word.back() == ':')) word.remove_suffix(1);
  return !word.empty() && kWords.find(" " + std::string(word) + " ") != std::string_view::npos;
}

// Index of the word where the unit begins, or words.size(). The street keeps at least one word.
size_t FindUnit(const std::vector<std::string>& words, size_t street_begin) {
  for (size_t i = street_begin + 1; i < words.size(); ++i) {
    if (words[i].starts_with('#')) return i;
    if (IsDesignator(words[i]) && i + 1 < words.size()) return i;
  }
  return words.size();
}

std::string Join(const std::vector<std::string>& words, size_t begin, size_t end) {
  std::string text;
  for (size_t i = begin; i < end; ++i) text += (i == begin ? "" : " ") + words[i];
  return text;
}

// A second word that still belongs to the number: "1/2", or "A" in "12 A MAIN ST" is not (it may be the street).
bool IsFraction(std::string_view word) {
  return word.size() == 3 && IsDigit(word[0]) && word[1] == '/' && IsDigit(word[2]);
}

}  // namespace

std::string HouseNumber::Key() const {
  if (number == 0) return rest;
  const bool apart = !rest.empty() && IsDigit(rest.front());
  return std::to_string(number) + (apart ? " " : "") + rest;
}

HouseNumber ParseHouseNumber(std::string_view text) {
  HouseNumber house;
  const std::vector<std::string> words = SplitBlanks(FoldCase(text.substr(0, kAddressBytesMax)));
  const std::string squeezed = Join(words, 0, words.size());
  size_t digits = 0;
  while (digits < squeezed.size() && IsDigit(squeezed[digits])) ++digits;
  if (digits > kHouseDigitsMax) digits = 0;
  for (size_t i = 0; i < digits; ++i) house.number = house.number * 10 + (squeezed[i] - '0');
  house.rest = squeezed.substr(house.number == 0 ? 0 : digits);
  house.rest.erase(0, house.rest.starts_with(' ') ? 1 : 0);
  // "3512 - 14" and "3512-14" are one.
  if (house.rest.starts_with('-')) std::erase(house.rest, ' ');
  return house;
}

std::string NormalizeUnit(std::string_view text) {
  std::string folded = FoldCase(text.substr(0, kAddressBytesMax));
  for (size_t i = 0; i < folded.size(); ++i) {
    if (folded[i] == '#') folded.replace(i, 1, " unit "), i += 5;
  }
  std::string unit;
  bool part = false;  // a designator since the last word: what follows is a part of its own
  for (const std::string& word : SplitBlanks(folded)) {
    if (IsDesignator(word)) {
      part = !unit.empty();
      continue;
    }
    if (part) unit.push_back(' ');
    part = false;
    for (size_t i = 0; i < word.size(); ++i) {
      if (IsAlnum(word[i])) unit.push_back(word[i]);
      // "12-1" must not become "121".
      const bool between = i > 0 && i + 1 < word.size() && IsDigit(word[i - 1]) && IsDigit(word[i + 1]);
      if (!IsAlnum(word[i]) && between) unit.push_back('-');
    }
  }
  return unit;
}

absl::StatusOr<ParsedAddress> ParseStreetAddress(std::string_view line) {
  const std::vector<std::string> words = SplitBlanks(FoldCase(line.substr(0, kAddressBytesMax)));
  const auto unreadable = [] {
    return base::InvalidField("address", "ADDRESS_UNREADABLE",
                              "a street address opens with a house number, then the street");
  };
  if (words.empty() || !IsDigit(words.front().front())) return unreadable();
  const size_t street_begin = words.size() > 1 && IsFraction(words[1]) ? 2 : 1;
  if (street_begin >= words.size()) return unreadable();
  const size_t unit_begin = FindUnit(words, street_begin);
  ParsedAddress address;
  address.house_number = ParseHouseNumber(Join(words, 0, street_begin));
  address.street_key = NormalizeStreetName(Join(words, street_begin, unit_begin));
  address.unit = NormalizeUnit(Join(words, unit_begin, words.size()));
  if (address.house_number.number == 0 || address.street_key.empty()) return unreadable();
  return address;
}

}  // namespace snowfield::geo
