// Uuid: the id of what a client names (a knock, a request). Text form is the canonical 36 characters, lower case.
// Thread safety: plain value; Random() may be called from any thread.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/statusor.h"

namespace snowfield::base {

struct Uuid {
  std::array<uint8_t, 16> bytes{};

  // Accepts 8-4-4-4-12 hexadecimal digits of either case; the nil UUID is refused. INVALID_ARGUMENT naming `field`.
  static absl::StatusOr<Uuid> Parse(std::string_view text, std::string_view field);
  // A version 4 UUID (RFC 9562, 5.4).
  static Uuid Random();

  std::string ToString() const;
  friend auto operator<=>(const Uuid&, const Uuid&) = default;
  template <typename H>
  friend H AbslHashValue(H state, const Uuid& uuid) {
    return H::combine(std::move(state), uuid.bytes);
  }
};

}  // namespace snowfield::base
