#include "services/rpc/paging.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace snowfield::rpc {
namespace {
constexpr char kVersion[] = "1";

absl::Status BadToken() {
  return base::InvalidField("page_token", "PAGE_TOKEN_INVALID",
                            "not a token of this list: send next_page_token of the page before, or nothing");
}
}  // namespace

absl::StatusOr<Page> ReadPage(std::string_view list, int32_t page_size, const std::string& page_token,
                              int size_default) {
  if (page_size < 0 || page_size > kPageSizeMax) {
    return base::InvalidField("page_size", "PAGE_SIZE_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kPageSizeMax, ", or 0 for ", size_default));
  }
  Page page{.size = page_size == 0 ? size_default : page_size};
  if (page_token.empty()) return page;
  std::string text;
  if (!absl::WebSafeBase64Unescape(page_token, &text)) return BadToken();
  const std::vector<std::string> parts = absl::StrSplit(text, '/');
  if (parts.size() != 4 || parts[0] != kVersion || parts[1] != list || !absl::SimpleAtoi(parts[2], &page.after) ||
      !absl::SimpleAtoi(parts[3], &page.after_order)) {
    return BadToken();
  }
  return page;
}

std::string NextPageToken(std::string_view list, int64_t last_key, int64_t last_order) {
  return absl::WebSafeBase64Escape(absl::StrCat(kVersion, "/", base::ToAbsl(list), "/", last_key, "/", last_order));
}

}  // namespace snowfield::rpc
