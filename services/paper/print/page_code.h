// PageCode: what the bar code of a page says: SF1/CAMPAIGN/LIST/PACKET/PAGE/PAGES/CHECK, in the letters that a QR code
// packs best (ISO/IEC 18004, alphanumeric mode). Beside it stands a short form to type, PACKET-PAGE-CHECK. The two
// check digits are ISO 7064 MOD 97-10 over the digits before: they notice every single error and every swap of two
// neighbours. Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"

namespace snowfield::paper {

// Of one packet.
inline constexpr int kPagesMax = 400;

struct PageCode {
  int64_t campaign_id = 0;
  std::string list_number = {};
  int64_t packet_id = 0;
  int page = 0;  // from 1
  int pages = 0;

  friend bool operator==(const PageCode&, const PageCode&) = default;
};

std::string BarCodeText(const PageCode& code);
// INVALID_ARGUMENT naming `field`: PAGE_CODE_UNKNOWN (not one of ours), PAGE_CODE_DAMAGED (misread).
absl::StatusOr<PageCode> ReadBarCode(std::string_view text, std::string_view field);

struct TypedCode {
  int64_t packet_id = 0;
  int page = 0;
};
// "412-3-07".
std::string TypedText(const PageCode& code);
// Blanks are passed over. Errors as ReadBarCode().
absl::StatusOr<TypedCode> ReadTyped(std::string_view text, std::string_view field);

}  // namespace snowfield::paper
