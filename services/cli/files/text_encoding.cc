#include "services/cli/files/text_encoding.h"

#include <iconv.h>

#include <cstdint>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {

// Bytes of the sequence that `lead` opens; 0 where no sequence may open with it.
size_t SequenceLength(uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte has a smaller range after some leads: no overlong form, no surrogate, nothing above U+10FFFF.
bool SecondByteFits(uint8_t lead, uint8_t second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0 && second <= 0xBF;
    case 0xED:
      return second >= 0x80 && second <= 0x9F;
    case 0xF0:
      return second >= 0x90 && second <= 0xBF;
    case 0xF4:
      return second >= 0x80 && second <= 0x8F;
    default:
      return second >= 0x80 && second <= 0xBF;
  }
}

}  // namespace

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<uint8_t>(text[i]);
    const size_t length = SequenceLength(lead);
    if (length == 0 || i + length > text.size()) return false;
    if (length > 1 && !SecondByteFits(lead, static_cast<uint8_t>(text[i + 1]))) return false;
    for (size_t k = 2; k < length; ++k) {
      if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += length;
  }
  return true;
}

void TextDecoder::IconvClose::operator()(void* handle) const { iconv_close(handle); }

absl::StatusOr<TextDecoder> TextDecoder::For(std::string_view encoding) {
  const std::string name = absl::AsciiStrToLower(base::ToAbsl(encoding));
  TextDecoder decoder;
  if (name.empty() || name == "utf-8" || name == "utf8") return decoder;
  const char* from = nullptr;
  if (name == "latin1" || name == "iso-8859-1") from = "ISO-8859-1";
  if (name == "windows-1252" || name == "cp1252") from = "CP1252";
  if (from == nullptr) {
    return base::InvalidField("encoding", "ENCODING_UNKNOWN", "encoding must be utf-8, latin1 or windows-1252");
  }
  iconv_t handle = iconv_open("UTF-8", from);
  if (handle == reinterpret_cast<iconv_t>(-1)) {
    return base::Problem(absl::StatusCode::kInternal, "ENCODING_UNKNOWN", "encoding",
                         absl::StrCat("this machine has no conversion from ", from, "; convert the file to UTF-8"));
  }
  decoder.converter_.reset(handle);
  return decoder;
}

absl::StatusOr<std::string> TextDecoder::Decode(std::string_view text) const {
  if (converter_ == nullptr) {
    if (IsUtf8(text)) return std::string(text);
    return base::InvalidField("", "ENCODING_MISMATCH",
                              "the text is not UTF-8; if the file comes from an older Windows program, import it with "
                              "--encoding windows-1252 (or latin1)");
  }
  std::string out(text.size() * 3, '\0');
  char* in_at = const_cast<char*>(text.data());
  char* out_at = out.data();
  size_t in_left = text.size();
  size_t out_left = out.size();
  iconv(converter_.get(), nullptr, nullptr, nullptr, nullptr);
  if (iconv(converter_.get(), &in_at, &in_left, &out_at, &out_left) == static_cast<size_t>(-1)) {
    return base::InvalidField("", "ENCODING_MISMATCH",
                              "the text has bytes that the named encoding does not know; try --encoding latin1");
  }
  out.resize(out.size() - out_left);
  return out;
}

}  // namespace snowfield::cli
