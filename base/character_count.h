// CharacterCount: how long a text is to a person, for limits that are said in characters.
// Thread safety: pure.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace snowfield::base {

// Of UTF-8: all bytes but those of 10xxxxxx, which go on with a character that began before.
inline int64_t CharacterCount(std::string_view text) {
  return std::count_if(text.begin(), text.end(), [](unsigned char byte) { return (byte & 0xC0) != 0x80; });
}

}  // namespace snowfield::base
