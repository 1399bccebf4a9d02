// Names of enum values as the database writes them, kept as tables of (value, name).
//
//   constexpr std::array<std::pair<v1::MeetingState, std::string_view>, 3> kStates = {{...}};
//   NameIn(kStates, v1::MEETING_STATE_HELD) == "held"
//
// Thread safety: pure.
#pragma once

#include <string_view>

namespace snowfield::rpc {

// Empty for a value that is not in the table.
template <typename Names, typename Value>
std::string_view NameIn(const Names& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "";
}

// The zero value, which is unspecified, for a name that is not in the table.
template <typename Names>
auto ValueIn(const Names& names, std::string_view name) {
  for (const auto& [value, known] : names) {
    if (known == name) return value;
  }
  return decltype(names[0].first)();
}

}  // namespace snowfield::rpc
