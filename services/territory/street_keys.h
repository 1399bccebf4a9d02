// StreetKeys: the normal form of street names, with a memory of the last ones: rows of one street come together, and a
// key costs microseconds. Thread safety: one thread each.
#pragma once

#include <string>
#include <string_view>

#include "absl/container/flat_hash_map.h"

namespace snowfield::territory {

// So many names are remembered; then all are forgotten.
inline constexpr size_t kNamesRememberedMax = 4096;

class StreetKeys {
 public:
  // geo::NormalizeStreetName(street). The reference lives until the next call.
  const std::string& Of(std::string_view street);

 private:
  absl::flat_hash_map<std::string, std::string> keys_;
};

}  // namespace snowfield::territory
