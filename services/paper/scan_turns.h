// ScanTurns: how many pages are read at once. Reading takes a processor for the better part of a second, and phones are
// waiting for the same processors. Thread safety: from any thread.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::paper {

inline constexpr int kScansAtOnce = 2;
inline constexpr int kScansWaitingMax = 16;

class ScanTurns {
 public:
  struct GiveBack {
    void operator()(ScanTurns* turns) const;
  };
  using Turn = std::unique_ptr<ScanTurns, GiveBack>;

  // Waits for a turn, which ends with what it returns. RESOURCE_EXHAUSTED OVERLOADED with a time to wait, where too
  // many wait or none came before the deadline.
  absl::StatusOr<Turn> Wait(absl::Time deadline);

 private:
  std::mutex mutex_;
  std::condition_variable free_;
  int running_ = 0;
  int waiting_ = 0;
};

}  // namespace snowfield::paper
