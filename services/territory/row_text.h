// Texts of imported rows: their limits, and the short keys that stand for what a row says.
// Thread safety: a RowKey belongs to one thread; the functions are pure.
#pragma once

#include <sodium.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace snowfield::territory {

// Bytes of one field.
inline constexpr size_t kExternalIdBytesMax = 200;
inline constexpr size_t kHouseNumberBytesMax = 40;
inline constexpr size_t kStreetBytesMax = 200;
inline constexpr size_t kUnitBytesMax = 60;
inline constexpr size_t kAddressLineBytesMax = 400;
inline constexpr size_t kCityBytesMax = 100;
inline constexpr size_t kPostalCodeBytesMax = 20;
inline constexpr size_t kNameBytesMax = 200;
inline constexpr size_t kCodeBytesMax = 100;
inline constexpr size_t kEmailBytesMax = 254;
inline constexpr size_t kShortTextBytesMax = 60;

struct TextField {
  std::string_view field;
  std::string_view text;
  size_t bytes_max;
};

// INVALID_ARGUMENT naming the first field that is too long (TEXT_TOO_LONG) or holds a control character
// (CONTROL_CHARACTER: U+0000 to U+001F, U+007F to U+009F). Texts are UTF-8, as protobuf has checked.
absl::Status CheckTexts(std::initializer_list<TextField> fields);

// Without blanks at its ends.
std::string_view Trimmed(std::string_view text);
// As Trimmed, with one blank between words.
std::string Squeezed(std::string_view text);
// Squeezed and in lower case (ASCII), so that the same words give the same key. Does not depend on how geo/streets
// reads addresses, which will get better while stored keys must stay.
std::string Folded(std::string_view text);

// A short text that is the same for the same sequence of values, and for no other: BLAKE2b with 128 bits, in base64.
class RowKey {
 public:
  // `purpose` keeps keys of different kinds apart.
  explicit RowKey(std::string_view purpose);
  RowKey& Text(std::string_view text);
  RowKey& Number(int64_t number);
  std::string Take();

 private:
  crypto_generichash_state state_;
};

}  // namespace snowfield::territory
