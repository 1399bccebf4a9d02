#include "base/list_number.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "base/status.h"

namespace snowfield::base {
namespace {

// Steps through all serials by a prime, so that every digit stands in every place.
template <typename Visit>
void ForSample(Visit visit) {
  for (uint32_t serial = 0; serial < kListSerialEnd; serial += 997) visit(MakeListNumber(serial));
}

TEST(ListNumber, FollowsDammsExample) {
  // 572 has the check digit 4 in the thesis; leading zeros do not change it.
  EXPECT_EQ(MakeListNumber(572), "00005724");
  EXPECT_EQ(MakeListNumber(kListSerialEnd + 572), "00005724");
}

TEST(ListNumber, NoticesEverySingleMistypedDigit) {
  ForSample([](const std::string& number) {
    ASSERT_TRUE(CheckListNumber(number)) << number;
    for (int place = 0; place < kListNumberDigits; ++place) {
      for (char digit = '0'; digit <= '9'; ++digit) {
        std::string mistyped = number;
        mistyped[place] = digit;
        ASSERT_EQ(CheckListNumber(mistyped), mistyped == number) << number << " as " << mistyped;
      }
    }
  });
}

TEST(ListNumber, NoticesEverySwapOfNeighbours) {
  ForSample([](const std::string& number) {
    for (int place = 0; place + 1 < kListNumberDigits; ++place) {
      std::string swapped = number;
      std::swap(swapped[place], swapped[place + 1]);
      ASSERT_EQ(CheckListNumber(swapped), swapped == number) << number << " as " << swapped;
    }
  });
}

TEST(ListNumber, ParsesWithBlanksAndDashes) {
  EXPECT_EQ(*ParseListNumber("0000-5724", "list_number"), "00005724");
  EXPECT_EQ(*ParseListNumber(" 0000 5724 ", "list_number"), "00005724");
}

TEST(ListNumber, RefusesWhatIsMistyped) {
  for (const char* text : {"", "00005725", "0000572", "000057244", "0000572A", "0000.5724"}) {
    const absl::Status status = ParseListNumber(text, "list_number").status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(DetailOf(status).reason, "LIST_NUMBER_MISTYPED");
    EXPECT_EQ(DetailOf(status).field, "list_number");
  }
  std::string dashes(100, '-');
  dashes.append("00005724");
  EXPECT_FALSE(ParseListNumber(dashes, "list_number").ok());
}

}  // namespace
}  // namespace snowfield::base
