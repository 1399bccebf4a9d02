#include "services/rpc/paging.h"

#include <gtest/gtest.h>

#include "base/status.h"

namespace snowfield::rpc {
namespace {

TEST(Paging, ReadsBackWhatItWrote) {
  const auto page = ReadPage("turfs", 7, NextPageToken("turfs", 41, 12));
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->size, 7);
  EXPECT_EQ(page->after, 41);
  EXPECT_EQ(page->after_order, 12);
}

TEST(Paging, ZeroMeansTheDefault) {
  const auto page = ReadPage("turfs", 0, "", 500);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->size, 500);
  EXPECT_EQ(page->after, 0);
}

TEST(Paging, RefusesOtherListsTokens) {
  for (const std::string& token :
       {NextPageToken("cuts", 41), std::string("garbage"), std::string("!!"), NextPageToken("turfs", 41) + "A"}) {
    const auto page = ReadPage("turfs", 7, token);
    ASSERT_FALSE(page.ok()) << token;
    EXPECT_EQ(base::DetailOf(page.status()).field, "page_token");
  }
}

TEST(Paging, RefusesSizesOutOfRange) {
  EXPECT_EQ(base::DetailOf(ReadPage("turfs", -1, "").status()).field, "page_size");
  EXPECT_FALSE(ReadPage("turfs", kPageSizeMax + 1, "").ok());
  EXPECT_TRUE(ReadPage("turfs", kPageSizeMax, "").ok());
}

}  // namespace
}  // namespace snowfield::rpc
