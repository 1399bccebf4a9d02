#include "base/repeating.h"

#include <utility>

namespace snowfield::base {

Repeating::Repeating(absl::Duration pause, std::function<void()> work, First first)
    : pause_(pause), work_(std::move(work)), thread_([this, first] { Run(first); }) {}

Repeating::~Repeating() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    ending_ = true;
  }
  ends_.notify_all();
  thread_.join();
}

bool Repeating::IsEnding() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return ending_;
}

void Repeating::Run(First first) {
  if (first == First::kAtOnce) work_();
  while (true) {
    {
      std::unique_lock<std::mutex> lock(mutex_);
      if (ends_.wait_for(lock, absl::ToChronoNanoseconds(pause_), [this] { return ending_; })) return;
    }
    work_();
  }
}

}  // namespace snowfield::base
