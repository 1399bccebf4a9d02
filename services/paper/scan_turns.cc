#include "services/paper/scan_turns.h"

#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "base/status.h"

namespace snowfield::paper {
namespace {
// About what a page takes.
constexpr absl::Duration kPageTime = absl::Seconds(1);
}  // namespace

absl::StatusOr<ScanTurns::Turn> ScanTurns::Wait(absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  bool has_turn = running_ < kScansAtOnce;
  if (!has_turn && waiting_ < kScansWaitingMax) {
    ++waiting_;
    has_turn = free_.wait_for(lock, absl::ToChronoMilliseconds(deadline - absl::Now()),
                              [&] { return running_ < kScansAtOnce; });
    --waiting_;
  }
  if (!has_turn) {
    return base::WithRetryDelay(base::Problem(absl::StatusCode::kResourceExhausted, "OVERLOADED", "",
                                              "many pages are being read now: send this one again after the delay"),
                                kPageTime * (kScansWaitingMax / kScansAtOnce));
  }
  ++running_;
  return Turn(this);
}

void ScanTurns::GiveBack::operator()(ScanTurns* turns) const {
  {
    const std::lock_guard<std::mutex> lock(turns->mutex_);
    --turns->running_;
  }
  turns->free_.notify_one();
}

}  // namespace snowfield::paper
