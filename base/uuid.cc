#include "base/uuid.h"

#include "absl/random/random.h"
#include "base/status.h"

namespace snowfield::base {
namespace {
constexpr char kHex[] = "0123456789abcdef";

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool IsDash(size_t position) { return position == 8 || position == 13 || position == 18 || position == 23; }

absl::Status NotAUuid(std::string_view field) {
  return InvalidField(field, "NOT_A_UUID", "not a UUID: send 32 hexadecimal digits as 8-4-4-4-12, not all zero");
}
}  // namespace

absl::StatusOr<Uuid> Uuid::Parse(std::string_view text, std::string_view field) {
  if (text.size() != 36) return NotAUuid(field);
  Uuid uuid;
  size_t digit = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    if (IsDash(i)) {
      if (text[i] != '-') return NotAUuid(field);
      continue;
    }
    const int value = HexValue(text[i]);
    if (value < 0) return NotAUuid(field);
    uuid.bytes[digit / 2] = static_cast<uint8_t>(uuid.bytes[digit / 2] << 4 | value);
    ++digit;
  }
  if (uuid == Uuid{}) return NotAUuid(field);
  return uuid;
}

Uuid Uuid::Random() {
  thread_local absl::BitGen generator;
  Uuid uuid;
  for (uint8_t& byte : uuid.bytes) byte = absl::Uniform<uint8_t>(generator);
  uuid.bytes[6] = static_cast<uint8_t>((uuid.bytes[6] & 0x0f) | 0x40);
  uuid.bytes[8] = static_cast<uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

std::string Uuid::ToString() const {
  std::string text;
  text.reserve(36);
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
    text.push_back(kHex[bytes[i] >> 4]);
    text.push_back(kHex[bytes[i] & 15]);
  }
  return text;
}

}  // namespace snowfield::base
