// FakeClock: the time as a test wants it.
// Thread safety: all methods may be called from any thread.
#pragma once

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"

namespace snowfield::tests {

class FakeClock : public base::Clock {
 public:
  // Starts at Saturday 2026-10-24 10:00 UTC, when canvassers go out.
  FakeClock() = default;
  explicit FakeClock(absl::Time now) : now_(now) {}

  absl::Time Now() const override {
    absl::MutexLock lock(&mutex_);
    return now_;
  }
  void Set(absl::Time now) {
    absl::MutexLock lock(&mutex_);
    now_ = now;
  }
  void Advance(absl::Duration by) {
    absl::MutexLock lock(&mutex_);
    now_ += by;
  }

 private:
  mutable absl::Mutex mutex_;
  absl::Time now_ ABSL_GUARDED_BY(mutex_) = absl::FromCivil(absl::CivilSecond(2026, 10, 24, 10, 0, 0),
                                                            absl::UTCTimeZone());
};

}  // namespace snowfield::tests
