#include "services/access/token.h"

#include <gtest/gtest.h>

#include <set>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "base/status.h"

namespace snowfield::access {
namespace {
constexpr base::CampaignId kCampaign(17);

TEST(Token, IsReadBack) {
  for (const TokenKind kind : {TokenKind::kMember, TokenKind::kPhone}) {
    const NewSecret secret = NewToken(kind, kCampaign);
    const auto parsed = ParseToken(secret.text);
    ASSERT_TRUE(parsed.ok());
    EXPECT_EQ(parsed->kind, kind);
    EXPECT_EQ(parsed->campaign, kCampaign);
    EXPECT_EQ(parsed->hash, secret.hash);
    EXPECT_EQ(secret.hash.size(), 32u);
  }
  EXPECT_TRUE(ParseToken(NewToken(TokenKind::kOperator, base::CampaignId()).text).ok());
}

TEST(Token, NeverRepeats) {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(NewToken(TokenKind::kMember, kCampaign).text).second);
}

TEST(Token, RefusesWhatIsNone) {
  for (const std::string& text :
       {std::string(), std::string("sft_17"), std::string("abc_17_xyz"), std::string("sft_-1_x"),
        std::string("sft_x_x"), std::string("sfo_17_x"), std::string("sft_0_x"), std::string(100'000, 'x')}) {
    EXPECT_EQ(base::DetailOf(ParseToken(text).status()).reason, "TOKEN_UNKNOWN") << text.substr(0, 20);
  }
}

TEST(EnrolmentCode, ForgivesHowPeopleType) {
  const NewSecret code = NewEnrolmentCode(kCampaign);
  const std::string lower = absl::AsciiStrToLower(code.text);
  const std::string confused = absl::StrReplaceAll(code.text.substr(3), {{"0", "O"}, {"1", "I"}});
  for (const std::string& typed : {code.text, lower, "17-" + confused, absl::StrReplaceAll(code.text, {{"-", "- "}})}) {
    const auto parsed = ParseEnrolmentCode(typed);
    ASSERT_TRUE(parsed.ok()) << typed;
    EXPECT_EQ(parsed->hash, code.hash) << typed;
    EXPECT_EQ(parsed->campaign, kCampaign);
  }
}

TEST(EnrolmentCode, HasAShortFormThatIsKnownForOne) {
  const NewSecret code = NewEnrolmentCode(kCampaign, CodeForm::kTyped);
  EXPECT_EQ(code.text.size(), std::string("17-ABCD-ABCD").size());
  const auto parsed = ParseEnrolmentCode(absl::AsciiStrToLower(code.text));
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->typed);
  EXPECT_EQ(parsed->hash, code.hash);
  EXPECT_FALSE(ParseEnrolmentCode(NewEnrolmentCode(kCampaign).text)->typed);
}

TEST(EnrolmentCode, RefusesWhatIsNone) {
  for (const char* text : {"", "17", "17-ABCD", "0-ABCD-ABCD-ABCD-ABCD", "17-ABCD-ABCD-ABCD-ABCU",
                           "17-ABCD-ABCD-ABCD-ABCDE", "x-ABCD-ABCD-ABCD-ABCD"}) {
    EXPECT_EQ(base::DetailOf(ParseEnrolmentCode(text).status()).reason, "ENROLMENT_CODE_INVALID") << text;
  }
}

}  // namespace
}  // namespace snowfield::access
