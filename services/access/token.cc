#include "services/access/token.h"

#include <sodium.h>

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace snowfield::access {
namespace {
constexpr size_t kTokenBytes = 32;
constexpr size_t kHashBytes = 32;
constexpr size_t kScannedCharacters = 16;
constexpr size_t kTypedCharacters = 8;
constexpr size_t kSecretTextMax = 200;
constexpr char kCrockford[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

bool InitSodium() {
  static const bool ready = sodium_init() >= 0;
  return ready;
}

std::string Hash(std::string_view text) {
  std::string hash(kHashBytes, '\0');
  crypto_generichash(reinterpret_cast<unsigned char*>(hash.data()), hash.size(),
                     reinterpret_cast<const unsigned char*>(text.data()), text.size(), nullptr, 0);
  return hash;
}

std::string RandomBytes(size_t count) {
  InitSodium();
  std::string bytes(count, '\0');
  randombytes_buf(bytes.data(), bytes.size());
  return bytes;
}

const char* Prefix(TokenKind kind) {
  switch (kind) {
    case TokenKind::kMember:
      return "sft";
    case TokenKind::kPhone:
      return "sfp";
    case TokenKind::kOperator:
      return "sfo";
  }
  return "sft";
}

absl::Status UnknownToken() {
  return base::Problem(absl::StatusCode::kUnauthenticated, "TOKEN_UNKNOWN", "",
                       "this token is not known: ask whoever runs the campaign for a new one");
}

absl::Status InvalidCode() {
  return base::Problem(absl::StatusCode::kUnauthenticated, "ENROLMENT_CODE_INVALID", "code",
                       "this code does not work: it may be mistyped, used or too old; ask your leader for a new one");
}

// The canonical form that is hashed: "17-" and 16 or 8 characters of the alphabet.
std::string CanonicalCode(base::CampaignId campaign, std::string_view characters) {
  return absl::StrCat(campaign.value, "-", base::ToAbsl(characters));
}

char CrockfordCharacter(char typed) {
  const char upper = absl::ascii_toupper(static_cast<unsigned char>(typed));
  if (upper == 'O') return '0';
  if (upper == 'I' || upper == 'L') return '1';
  return std::string_view(kCrockford).find(upper) == std::string_view::npos ? '\0' : upper;
}
}  // namespace

NewSecret NewToken(TokenKind kind, base::CampaignId campaign) {
  const std::string text =
      absl::StrCat(Prefix(kind), "_", campaign.value, "_", absl::WebSafeBase64Escape(RandomBytes(kTokenBytes)));
  return {.text = text, .hash = Hash(text)};
}

absl::StatusOr<ParsedSecret> ParseToken(std::string_view text) {
  if (!InitSodium()) return absl::InternalError("no random source");
  if (text.size() > kSecretTextMax) return UnknownToken();
  const std::vector<std::string> parts = absl::StrSplit(base::ToAbsl(text), absl::MaxSplits('_', 2));
  if (parts.size() != 3) return UnknownToken();
  ParsedSecret parsed;
  if (!absl::SimpleAtoi(parts[1], &parsed.campaign.value) || parsed.campaign.value < 0) return UnknownToken();
  for (const TokenKind kind : {TokenKind::kMember, TokenKind::kPhone, TokenKind::kOperator}) {
    if (parts[0] != Prefix(kind)) continue;
    if ((kind == TokenKind::kOperator) != (parsed.campaign.value == 0)) return UnknownToken();
    parsed.kind = kind;
    parsed.hash = Hash(text);
    return parsed;
  }
  return UnknownToken();
}

NewSecret NewEnrolmentCode(base::CampaignId campaign, CodeForm form) {
  const size_t count = form == CodeForm::kTyped ? kTypedCharacters : kScannedCharacters;
  std::string characters;
  for (const char byte : RandomBytes(count)) {
    characters.push_back(kCrockford[static_cast<unsigned char>(byte) % 32]);
  }
  std::string text = absl::StrCat(campaign.value);
  for (size_t i = 0; i < count; i += 4) absl::StrAppend(&text, "-", characters.substr(i, 4));
  return {.text = text, .hash = Hash(CanonicalCode(campaign, characters))};
}

absl::StatusOr<ParsedSecret> ParseEnrolmentCode(std::string_view text) {
  if (!InitSodium()) return absl::InternalError("no random source");
  if (text.size() > kSecretTextMax) return InvalidCode();
  const size_t dash = text.find('-');
  if (dash == std::string_view::npos) return InvalidCode();
  ParsedSecret parsed;
  if (!absl::SimpleAtoi(base::ToAbsl(text.substr(0, dash)), &parsed.campaign.value) || parsed.campaign.value <= 0) {
    return InvalidCode();
  }
  std::string characters;
  for (const char typed : text.substr(dash)) {
    if (typed == '-' || typed == ' ') continue;
    const char character = CrockfordCharacter(typed);
    if (character == '\0') return InvalidCode();
    characters.push_back(character);
  }
  parsed.typed = characters.size() == kTypedCharacters;
  if (!parsed.typed && characters.size() != kScannedCharacters) return InvalidCode();
  parsed.hash = Hash(CanonicalCode(parsed.campaign, characters));
  return parsed;
}

}  // namespace snowfield::access
