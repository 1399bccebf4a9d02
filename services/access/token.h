// Tokens and enrolment codes: what a caller shows to prove who they are.
//
// A token names its campaign in clear, so that the server can look it up inside that campaign's scope, followed by 256
// random bits: "sft_17_<43 characters>". Only the BLAKE2b-256 hash of the text is stored. An enrolment code has 80
// bits, for a QR code: "17-XXXX-XXXX-XXXX-XXXX" in Crockford's base 32; its short form, for typing, has 40,
// "17-XXXX-XXXX", and is only as good as the limit on guesses (services/canvass/enrolment.h). Thread safety: pure, but
// for the random source, which is thread-safe (libsodium).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "base/ids.h"

namespace snowfield::access {

enum class TokenKind { kMember, kPhone, kOperator };

struct NewSecret {
  std::string text;  // shown once
  std::string hash;  // 32 bytes, stored
};

struct ParsedSecret {
  TokenKind kind = TokenKind::kMember;
  base::CampaignId campaign;  // none for the operator's
  std::string hash;           // 32 bytes
  bool typed = false;         // an enrolment code of the short form
};

enum class CodeForm { kScanned, kTyped };

NewSecret NewToken(TokenKind kind, base::CampaignId campaign);
// UNAUTHENTICATED, reason TOKEN_UNKNOWN, for anything that can't be a token of ours.
absl::StatusOr<ParsedSecret> ParseToken(std::string_view text);

NewSecret NewEnrolmentCode(base::CampaignId campaign, CodeForm form = CodeForm::kScanned);
// Letters of either case; blanks and dashes are passed over; O reads as 0, I and L as 1. UNAUTHENTICATED, reason
// ENROLMENT_CODE_INVALID, for anything that can't be a code.
absl::StatusOr<ParsedSecret> ParseEnrolmentCode(std::string_view text);

}  // namespace snowfield::access
