#include "services/canvass/change_token.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "base/status.h"

namespace snowfield::canvass {
namespace {

const base::CampaignId kCampaign(7);

TEST(ChangeToken, ReadsWhatItWrote) {
  const auto token = ReadChangeToken(
      WriteChangeToken({.campaign = kCampaign, .only_list = base::WalkListId(3), .after = 41}), kCampaign);
  ASSERT_TRUE(token.ok()) << token.status();
  EXPECT_EQ(token->only_list, base::WalkListId(3));
  EXPECT_EQ(token->after, 41);
}

TEST(ChangeToken, RefusesOneOfAnotherCampaign) {
  const auto token = ReadChangeToken(WriteChangeToken({.campaign = base::CampaignId(8), .after = 41}), kCampaign);
  EXPECT_TRUE(absl::IsInvalidArgument(token.status()));
  EXPECT_EQ(base::DetailOf(token.status()).reason, "CHANGE_TOKEN_INVALID");
  EXPECT_EQ(base::DetailOf(token.status()).field, "change_token");
}

TEST(ChangeToken, RefusesWhatIsNone) {
  for (const char* plain : {"", "c1", "c1/7/0", "c1/7/0/x", "c1/7/0/-1", "c1/7/-2/0", "c2/7/0/0", "c1/7/0/0/0",
                            "c1/7/0/99999999999999999999"}) {
    EXPECT_FALSE(ReadChangeToken(absl::WebSafeBase64Escape(plain), kCampaign).ok()) << plain;
  }
  EXPECT_FALSE(ReadChangeToken("not base 64!", kCampaign).ok());
  EXPECT_FALSE(ReadChangeToken(std::string(10'000, 'A'), kCampaign).ok());
}

}  // namespace
}  // namespace snowfield::canvass
