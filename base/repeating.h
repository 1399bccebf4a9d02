// Repeating: does something from time to time, on a thread of its own, for as long as the object lives.
//
// Make it the last member of who uses it, so that what `work` needs is still there when the thread ends. Of the
// standard library, which the thread sanitizer sees into: Debian's build of Abseil is closed to it. Thread safety:
// construct and destroy on one thread; IsEnding() from any.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"

namespace snowfield::base {

class Repeating {
 public:
  enum class First { kAfterPause, kAtOnce };

  // `pause` lies between the end of one and the beginning of the next; at most a year.
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
  mutable std::mutex mutex_;
  std::condition_variable ends_;
  bool ending_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace snowfield::base
