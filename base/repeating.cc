#include "base/repeating.h"

#include <utility>

namespace snowfield::base {

Repeating::Repeating(absl::Duration pause, std::function<void()> work, First first)
    : pause_(pause), work_(std::move(work)), thread_([this, first] { Run(first); }) {}

Repeating::~Repeating() {
  {
    absl::MutexLock lock(&mutex_);
    ending_ = true;
  }
  thread_.join();
}

bool Repeating::IsEnding() const {
  absl::MutexLock lock(&mutex_);
  return ending_;
}

void Repeating::Run(First first) {
  if (first == First::kAtOnce) work_();
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&ending_), pause_)) return;
    }
    work_();
  }
}

}  // namespace snowfield::base
