#include "services/access/rate_limiter.h"

#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

namespace snowfield::access {
namespace {
const absl::Time kNow = absl::FromUnixSeconds(1'800'000'000);
constexpr RateLimit kLimit = {.per_second = 2, .burst = 4};

TEST(RateLimiter, LetsABurstThroughAndThenItsRate) {
  RateLimiter limiter;
  for (int i = 0; i < 4; ++i) EXPECT_FALSE(limiter.Take("a", kLimit, kNow).has_value()) << i;
  const auto wait = limiter.Take("a", kLimit, kNow);
  ASSERT_TRUE(wait.has_value());
  EXPECT_EQ(*wait, absl::Milliseconds(500));
  EXPECT_TRUE(limiter.Take("a", kLimit, kNow + absl::Milliseconds(499)).has_value());
  EXPECT_FALSE(limiter.Take("a", kLimit, kNow + absl::Milliseconds(501)).has_value());
  EXPECT_TRUE(limiter.Take("a", kLimit, kNow + absl::Milliseconds(502)).has_value());
}

TEST(RateLimiter, KeepsCallersApart) {
  RateLimiter limiter;
  while (!limiter.Take("a", kLimit, kNow).has_value()) {
  }
  EXPECT_FALSE(limiter.Take("b", kLimit, kNow).has_value());
}

TEST(RateLimiter, ALookTakesNothing) {
  RateLimiter limiter;
  for (int i = 0; i < 100; ++i) EXPECT_FALSE(limiter.Peek("a", kLimit, kNow).has_value());
  while (!limiter.Take("a", kLimit, kNow).has_value()) {
  }
  EXPECT_TRUE(limiter.Peek("a", kLimit, kNow).has_value());
}

TEST(RateLimiter, NeverHoldsMoreThanABurstAndAClockThatGoesBackGivesNothing) {
  RateLimiter limiter;
  limiter.Take("a", kLimit, kNow);
  int taken = 0;
  while (!limiter.Take("a", kLimit, kNow + absl::Hours(24)).has_value()) ++taken;
  EXPECT_EQ(taken, 4);
  EXPECT_TRUE(limiter.Take("a", kLimit, kNow).has_value());
}

TEST(RateLimiter, NoRateIsNoLimit) {
  RateLimiter limiter;
  for (int i = 0; i < 10'000; ++i) EXPECT_FALSE(limiter.Take("a", {}, kNow).has_value());
}

TEST(RateLimiter, ManyAtOnceGetTheBurstAndNoMore) {
  RateLimiter limiter;
  constexpr RateLimit kHundred = {.per_second = 1, .burst = 100};
  std::atomic<int> taken = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) {
        if (!limiter.Take("a", kHundred, kNow).has_value()) ++taken;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(taken, 100);
}

}  // namespace
}  // namespace snowfield::access
