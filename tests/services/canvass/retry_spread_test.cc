#include "services/canvass/retry_spread.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "absl/time/clock.h"

namespace snowfield::canvass {
namespace {

TEST(RetrySpread, BringsThoseOfOneBurstBackAtThePaceOfTheirWork) {
  RetrySpread spread;
  const absl::Time now = absl::Now();
  std::vector<absl::Duration> delays;
  // 1,000 batches of 20 ms each: 20 s of work.
  for (int i = 0; i < 1000; ++i) {
    delays.push_back(spread.NextDelay(now, absl::ZeroDuration(), absl::Milliseconds(20)));
  }
  std::sort(delays.begin(), delays.end());
  EXPECT_GE(delays.front(), kRetryDelayMin);
  EXPECT_GT(delays.back(), absl::Seconds(18));
  EXPECT_LT(delays.back(), absl::Seconds(40));
  // In no second do more come back than twice what a second can serve.
  for (int second = 0; second < 40; ++second) {
    const auto in_second = std::count_if(delays.begin(), delays.end(), [&](absl::Duration delay) {
      return delay >= absl::Seconds(second) && delay < absl::Seconds(second + 1);
    });
    EXPECT_LE(in_second, 100) << "in second " << second;
  }
}

TEST(RetrySpread, SendsThemBackAfterWhatIsAheadOfThem) {
  RetrySpread spread;
  EXPECT_GE(spread.NextDelay(absl::Now(), absl::Seconds(30), absl::Milliseconds(1)), absl::Seconds(20));
}

TEST(RetrySpread, ForgetsABurstThatIsOver) {
  RetrySpread spread;
  const absl::Time now = absl::Now();
  for (int i = 0; i < 100; ++i) spread.NextDelay(now, absl::ZeroDuration(), absl::Seconds(1));
  EXPECT_LT(spread.NextDelay(now + absl::Hours(1), absl::ZeroDuration(), absl::Milliseconds(1)), absl::Seconds(2));
}

TEST(RetrySpread, NeverSaysLongerThanTheMost) {
  RetrySpread spread;
  const absl::Time now = absl::Now();
  absl::Duration least = kRetryDelayMax;
  for (int i = 0; i < 10'000; ++i) {
    const absl::Duration delay = spread.NextDelay(now, absl::ZeroDuration(), absl::Seconds(1));
    EXPECT_LE(delay, kRetryDelayMax);
    if (i > 1'000) least = std::min(least, delay);
  }
  EXPECT_LT(least, absl::Seconds(5)) << "those beyond the book are spread over the whole time";
}

}  // namespace
}  // namespace snowfield::canvass
