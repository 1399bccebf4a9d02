#include "base/repeating.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/time/clock.h"
#include "base/character_count.h"

namespace snowfield::base {
namespace {

TEST(Repeating, WorksAgainAndAgainUntilItEnds) {
  std::atomic<int> count = 0;
  {
    const Repeating repeating(absl::Milliseconds(1), [&] { ++count; });
    while (count < 3) absl::SleepFor(absl::Milliseconds(1));
  }
  const int at_end = count;
  absl::SleepFor(absl::Milliseconds(20));
  EXPECT_EQ(count, at_end);
}

TEST(Repeating, MayBeginAtOnceAndEndsInItsPause) {
  std::atomic<int> count = 0;
  {
    const Repeating later(absl::Hours(1), [&] { ++count; });
    const Repeating at_once(
        absl::Hours(1), [&] { ++count; }, Repeating::First::kAtOnce);
    while (count < 1) absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_EQ(count, 1);
}

TEST(Repeating, TellsLongWorkThatItEnds) {
  std::atomic<bool> begun = false;
  Repeating* self = nullptr;
  std::atomic<bool> ready = false;
  {
    Repeating repeating(
        absl::Hours(1),
        [&] {
          while (!ready) absl::SleepFor(absl::Milliseconds(1));
          begun = true;
          while (!self->IsEnding()) absl::SleepFor(absl::Milliseconds(1));
        },
        Repeating::First::kAtOnce);
    self = &repeating;
    ready = true;
    while (!begun) absl::SleepFor(absl::Milliseconds(1));
  }
  EXPECT_TRUE(begun);
}

TEST(CharacterCount, CountsWhatAPersonReads) {
  EXPECT_EQ(CharacterCount(""), 0);
  EXPECT_EQ(CharacterCount("Zoë"), 3);
  EXPECT_EQ(CharacterCount("東京"), 2);
}

}  // namespace
}  // namespace snowfield::base
