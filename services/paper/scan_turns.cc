#include "services/paper/scan_turns.h"

#include <condition_variable>
#include <mutex>

#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "base/status.h"

namespace snowfield::paper {
namespace {
// About what a page takes.
constexpr absl::Duration kPageTime = absl::Seconds(1);
}  // namespace

struct ScanTurns::Queue {
  std::mutex mutex;
  std::condition_variable free;
  int running = 0;
  int waiting = 0;
};

ScanTurns::ScanTurns() : queue_(std::make_unique<Queue>()) {}
ScanTurns::~ScanTurns() = default;

absl::StatusOr<ScanTurns::Turn> ScanTurns::Wait(absl::Time deadline) {
  std::unique_lock<std::mutex> lock(queue_->mutex);
  bool has_turn = queue_->running < kScansAtOnce;
  if (!has_turn && queue_->waiting < kScansWaitingMax) {
    ++queue_->waiting;
    has_turn = queue_->free.wait_for(lock, absl::ToChronoMilliseconds(deadline - absl::Now()),
                                     [&] { return queue_->running < kScansAtOnce; });
    --queue_->waiting;
  }
  if (!has_turn) {
    return base::WithRetryDelay(base::Problem(absl::StatusCode::kResourceExhausted, "OVERLOADED", "",
                                              "many pages are being read now: send this one again after the delay"),
                                kPageTime * (kScansWaitingMax / kScansAtOnce));
  }
  ++queue_->running;
  return Turn(this);
}

void ScanTurns::GiveBack::operator()(ScanTurns* turns) const {
  {
    const std::lock_guard<std::mutex> lock(turns->queue_->mutex);
    --turns->queue_->running;
  }
  turns->queue_->free.notify_one();
}

}  // namespace snowfield::paper
