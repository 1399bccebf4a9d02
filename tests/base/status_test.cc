#include "base/status.h"

#include <gtest/gtest.h>

namespace snowfield::base {
namespace {

TEST(Problem, CarriesReasonFieldAndMend) {
  const absl::Status status = InvalidField("target_doors", "TARGET_OUT_OF_RANGE", "send 1 to 1,000");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(DetailOf(status).reason, "TARGET_OUT_OF_RANGE");
  EXPECT_EQ(DetailOf(status).field, "target_doors");
  EXPECT_EQ(MessageOf(status), "send 1 to 1,000");
}

TEST(Problem, HasNoDetailWhereNoneWasAttached) {
  EXPECT_EQ(DetailOf(absl::AbortedError("x")).reason, "");
  EXPECT_EQ(DetailOf(NotNow("LATER", "wait")).field, "");
}

absl::StatusOr<int> Half(int number) {
  if (number % 2 != 0) return InvalidField("number", "ODD", "send an even number");
  return number / 2;
}

absl::StatusOr<int> Quarter(int number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int half, Half(number));
  SNOWFIELD_RETURN_IF_ERROR(Half(half).status());
  return half / 2;
}

TEST(StatusMacros, PassValuesOnAndErrorsUp) {
  ASSERT_TRUE(Quarter(8).ok());
  EXPECT_EQ(*Quarter(8), 2);
  EXPECT_EQ(DetailOf(Quarter(3).status()).reason, "ODD");
  EXPECT_EQ(DetailOf(Quarter(6).status()).reason, "ODD");
}

}  // namespace
}  // namespace snowfield::base
