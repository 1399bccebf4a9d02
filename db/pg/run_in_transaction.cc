#include "db/pg/run_in_transaction.h"

#include "absl/random/random.h"
#include "absl/time/clock.h"

namespace snowfield::db {
namespace {
constexpr absl::Duration kFirstPauseMax = absl::Milliseconds(5);
}  // namespace

bool PauseBeforeAttempt(int attempt, const Scope& scope) {
  if (attempt > kAttemptsMax) return false;
  thread_local absl::BitGen generator;
  const absl::Duration pause = kFirstPauseMax * (1 << (attempt - 2)) * absl::Uniform(generator, 0.0, 1.0);
  if (absl::Now() + pause >= scope.deadline) return false;
  absl::SleepFor(pause);
  return true;
}

}  // namespace snowfield::db
