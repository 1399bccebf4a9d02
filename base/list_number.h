// List numbers: the short code by which a phone or a sheet of paper names a walk list.
//
// Eight digits, the last a check digit. Every single mistyped digit and every swap of two neighbours is noticed (H. M.
// Damm, "Total anti-symmetrische Quasigruppen", 2004: a totally anti-symmetric quasigroup of order 10).
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace snowfield::base {

inline constexpr int kListNumberDigits = 8;
// Serials are 0 to this, exclusive.
inline constexpr uint32_t kListSerialEnd = 10'000'000;
// Longer text is no list number, whatever its blanks and dashes.
inline constexpr size_t kListNumberTextMax = 40;

// The list number with these seven leading digits; `serial` is taken modulo kListSerialEnd.
std::string MakeListNumber(uint32_t serial);

// Eight digits whose check digit fits.
bool CheckListNumber(std::string_view digits);

// The eight digits of what was typed: blanks and dashes are passed over. INVALID_ARGUMENT with reason
// LIST_NUMBER_MISTYPED naming `field`.
absl::StatusOr<std::string> ParseListNumber(std::string_view text, std::string_view field);

}  // namespace snowfield::base
