#include "services/canvass/change_token.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace snowfield::canvass {
namespace {
constexpr char kVersion[] = "c1";
constexpr size_t kTokenBytesMax = 200;
}  // namespace

std::string WriteChangeToken(const ChangeToken& token) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(kVersion, "/", token.campaign.value, "/", token.only_list.value, "/", token.after));
}

absl::StatusOr<ChangeToken> ReadChangeToken(std::string_view text, base::CampaignId campaign) {
  const absl::Status invalid = base::InvalidField(
      "change_token", "CHANGE_TOKEN_INVALID",
      "not a token of this campaign: send the one from the last ListChanges or download, or none to start over");
  std::string plain;
  if (text.size() > kTokenBytesMax || !absl::WebSafeBase64Unescape(base::ToAbsl(text), &plain)) return invalid;
  const std::vector<std::string> parts = absl::StrSplit(plain, '/');
  ChangeToken token;
  if (parts.size() != 4 || parts[0] != kVersion || !absl::SimpleAtoi(parts[1], &token.campaign.value) ||
      !absl::SimpleAtoi(parts[2], &token.only_list.value) || !absl::SimpleAtoi(parts[3], &token.after) ||
      token.campaign != campaign || token.only_list.value < 0 || token.after < 0) {
    return invalid;
  }
  return token;
}

}  // namespace snowfield::canvass
