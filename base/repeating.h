// Repeating: does something from time to time, on a thread of its own, for as long as the object lives.
//
// Make it the last member of who uses it, so that what `work` needs is still there when the thread ends. Thread safety:
// construct and destroy on one thread; IsEnding() from any.
#pragma once

#include <functional>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace snowfield::base {

class Repeating {
 public:
  enum class First { kAfterPause, kAtOnce };

  // `pause` lies between the end of one and the beginning of the next.
  Repeating(absl::Duration pause, std::function<void()> work, First first = First::kAfterPause);
  // Waits for work that is under way.
  ~Repeating();
  Repeating(const Repeating&) = delete;
  Repeating& operator=(const Repeating&) = delete;

  // Long work asks, and ends early.
  bool IsEnding() const;

 private:
  void Run(First first);

  const absl::Duration pause_;
  const std::function<void()> work_;
  mutable absl::Mutex mutex_;
  bool ending_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace snowfield::base
