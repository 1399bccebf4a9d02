// CheckReason: what people write when they say why.
// Thread safety: pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"

namespace snowfield::rpc {

// `min` and `max` characters. INVALID_ARGUMENT naming `field`: REASON_MISSING, TOO_LONG, TEXT_INVALID (a NUL
// character).
inline absl::Status CheckReason(std::string_view text, int min, int max, std::string_view field) {
  const int64_t characters = base::CharacterCount(text);
  if (characters < min) return base::InvalidField(field, "REASON_MISSING", "say why, for those who ask later");
  if (characters > max) return base::InvalidField(field, "TOO_LONG", absl::StrCat("at most ", max, " characters"));
  if (text.find('\0') == std::string_view::npos) return absl::OkStatus();
  return base::InvalidField(field, "TEXT_INVALID", "leave the zero byte out");
}

}  // namespace snowfield::rpc
