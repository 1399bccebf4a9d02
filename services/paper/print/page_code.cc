#include "services/paper/print/page_code.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/list_number.h"
#include "base/status.h"

namespace snowfield::paper {
namespace {
constexpr char kPrefix[] = "SF1";
constexpr size_t kTextMax = 100;

// ISO 7064 MOD 97-10. What is no digit counts as two, as letters do in bank account numbers, so that no digit slips
// past a separator.
int CheckOf(std::string_view text) {
  int rest = 0;
  for (const char letter : text) {
    const bool is_digit = absl::ascii_isdigit(static_cast<unsigned char>(letter));
    rest = (is_digit ? rest * 10 + (letter - '0') : rest * 100 + 36) % 97;
  }
  return 98 - rest * 100 % 97;
}

absl::Status Unknown(std::string_view field) {
  return base::InvalidField(
      field, "PAGE_CODE_UNKNOWN",
      "not the code of a page of ours: scan the square code, or type what stands under it, as in 412-3-07");
}
absl::Status Damaged(std::string_view field) {
  return base::InvalidField(field, "PAGE_CODE_DAMAGED", "the code was misread: scan or type it again");
}

std::string WithCheck(const std::string& text, char separator) {
  return absl::StrCat(text, std::string(1, separator), absl::StrFormat("%02d", CheckOf(text)));
}

// Splits the check digits off; false where they don't fit.
bool CheckFits(std::string_view text, char separator) {
  const size_t end = text.rfind(separator);
  const std::string body(text.substr(0, end));
  return end != std::string_view::npos && WithCheck(body, separator) == text;
}

}  // namespace

std::string BarCodeText(const PageCode& code) {
  return WithCheck(absl::StrCat(kPrefix, "/", code.campaign_id, "/", code.list_number, "/", code.packet_id, "/",
                                code.page, "/", code.pages),
                   '/');
}

absl::StatusOr<PageCode> ReadBarCode(std::string_view text, std::string_view field) {
  if (text.size() > kTextMax) return Unknown(field);
  const std::vector<std::string> parts = absl::StrSplit(std::string(text), '/');
  if (parts.size() != 7 || parts[0] != kPrefix) return Unknown(field);
  PageCode code{.list_number = parts[2]};
  const bool reads = absl::SimpleAtoi(parts[1], &code.campaign_id) && absl::SimpleAtoi(parts[3], &code.packet_id) &&
                     absl::SimpleAtoi(parts[4], &code.page) && absl::SimpleAtoi(parts[5], &code.pages);
  if (!reads || !CheckFits(text, '/') || !base::CheckListNumber(code.list_number)) return Damaged(field);
  if (code.page < 1 || code.page > code.pages || code.pages > kPagesMax || code.packet_id < 1 || code.campaign_id < 1) {
    return Damaged(field);
  }
  return code;
}

std::string TypedText(const PageCode& code) { return WithCheck(absl::StrCat(code.packet_id, "-", code.page), '-'); }

absl::StatusOr<TypedCode> ReadTyped(std::string_view text, std::string_view field) {
  if (text.size() > kTextMax) return Unknown(field);
  std::string plain(text);
  std::erase(plain, ' ');
  const std::vector<std::string> parts = absl::StrSplit(plain, '-');
  TypedCode code;
  if (parts.size() != 3 || !absl::SimpleAtoi(parts[0], &code.packet_id) || !absl::SimpleAtoi(parts[1], &code.page)) {
    return Unknown(field);
  }
  if (!CheckFits(plain, '-') || code.packet_id < 1 || code.page < 1 || code.page > kPagesMax) return Damaged(field);
  return code;
}

}  // namespace snowfield::paper
