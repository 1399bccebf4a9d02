#include "services/territory/row_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::territory {
namespace {
constexpr size_t kKeyBytes = 16;

bool HasControlCharacter(std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c < 0x20 || c == 0x7f) return true;
    // U+0080 to U+009F in UTF-8.
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}
}  // namespace

absl::Status CheckTexts(std::initializer_list<TextField> fields) {
  for (const TextField& field : fields) {
    if (field.text.size() > field.bytes_max) {
      return base::InvalidField(field.field, "TEXT_TOO_LONG",
                                absl::StrCat("at most ", field.bytes_max, " bytes: is the column the right one?"));
    }
    if (HasControlCharacter(field.text)) {
      return base::InvalidField(
          field.field, "CONTROL_CHARACTER",
          "holds a control character (tab, line break, or the like): take it out, or check the file's "
          "encoding");
    }
  }
  return absl::OkStatus();
}

std::string_view Trimmed(std::string_view text) { return base::ToStd(absl::StripAsciiWhitespace(base::ToAbsl(text))); }

std::string Squeezed(std::string_view text) {
  std::string squeezed(text);
  absl::RemoveExtraAsciiWhitespace(&squeezed);
  return squeezed;
}

std::string Folded(std::string_view text) {
  std::string folded = Squeezed(text);
  absl::AsciiStrToLower(&folded);
  return folded;
}

RowKey::RowKey(std::string_view purpose) {
  crypto_generichash_init(&state_, nullptr, 0, kKeyBytes);
  Text(purpose);
}

RowKey& RowKey::Text(std::string_view text) {
  Number(static_cast<int64_t>(text.size()));
  crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return *this;
}

RowKey& RowKey::Number(int64_t number) {
  // The lowest byte first, whatever the machine.
  unsigned char bytes[8];
  for (int i = 0; i < 8; ++i) bytes[i] = static_cast<unsigned char>(static_cast<uint64_t>(number) >> (8 * i));
  crypto_generichash_update(&state_, bytes, sizeof(bytes));
  return *this;
}

std::string RowKey::Take() {
  unsigned char hash[kKeyBytes];
  crypto_generichash_final(&state_, hash, kKeyBytes);
  char text[sodium_base64_ENCODED_LEN(kKeyBytes, sodium_base64_VARIANT_ORIGINAL_NO_PADDING)];
  sodium_bin2base64(text, sizeof(text), hash, kKeyBytes, sodium_base64_VARIANT_ORIGINAL_NO_PADDING);
  return text;
}

}  // namespace snowfield::territory
