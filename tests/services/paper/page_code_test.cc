#include "services/paper/print/page_code.h"

#include <gtest/gtest.h>

#include <string>

#include "base/list_number.h"
#include "base/status.h"

namespace snowfield::paper {
namespace {
const PageCode kCode{
    .campaign_id = 7, .list_number = base::MakeListNumber(1234567), .packet_id = 412, .page = 3, .pages = 12};

TEST(PageCode, IsReadAsItWasWritten) {
  const auto read = ReadBarCode(BarCodeText(kCode), "code");
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(*read, kCode);
  const auto typed = ReadTyped(TypedText(kCode), "code");
  ASSERT_TRUE(typed.ok()) << typed.status();
  EXPECT_EQ(typed->packet_id, 412);
  EXPECT_EQ(typed->page, 3);
}

TEST(PageCode, IsWrittenInTheLettersThatAQrCodePacksBest) {
  for (const char letter : BarCodeText(kCode)) {
    EXPECT_NE(std::string("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:").find(letter), std::string::npos) << letter;
  }
}

// Every digit changed to every other, and every two neighbours swapped.
TEST(PageCode, EverySingleErrorIsNoticed) {
  const std::string typed = TypedText(kCode);
  for (size_t i = 0; i < typed.size(); ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string wrong = typed;
      if (wrong[i] == digit || wrong[i] == '-') continue;
      wrong[i] = digit;
      EXPECT_FALSE(ReadTyped(wrong, "code").ok()) << wrong;
    }
    if (i == 0 || typed[i] == typed[i - 1]) continue;
    std::string wrong = typed;
    std::swap(wrong[i], wrong[i - 1]);
    EXPECT_FALSE(ReadTyped(wrong, "code").ok()) << wrong;
  }
}

TEST(PageCode, WhatIsNotOursIsSaid) {
  for (const char* text : {"", "4006381333931", "SF1/7", "SF2/7/12345672/412/3/12/33", "https://example.org/a/b/c/d"}) {
    const auto read = ReadBarCode(text, "code");
    EXPECT_EQ(base::DetailOf(read.status()).reason, "PAGE_CODE_UNKNOWN") << text;
    EXPECT_EQ(base::DetailOf(read.status()).field, "code");
  }
  std::string damaged = BarCodeText(kCode);
  damaged[4] = '8';
  EXPECT_EQ(base::DetailOf(ReadBarCode(damaged, "code").status()).reason, "PAGE_CODE_DAMAGED");
  EXPECT_EQ(base::DetailOf(ReadTyped("412-3", "code").status()).reason, "PAGE_CODE_UNKNOWN");
}

}  // namespace
}  // namespace snowfield::paper
