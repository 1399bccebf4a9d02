// RunInTransaction: a whole transaction that is run again when it clashed with another.
//
//   absl::StatusOr<TurfId> id = RunInTransaction(pool, scope, [&](Transaction& t) { return InsertTurf(t, turf); });
//
// `work` gets an open transaction, returns absl::Status or absl::StatusOr<T>, and must not commit. It may run several
// times, so its only effects are in the database. OK is committed; anything else is rolled back and returned.
// Serialization failures and deadlocks are tried again with random growing pauses, at most kAttemptsMax times in all.
// Thread safety: as the pool's.
#pragma once

#include <type_traits>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/pool.h"
#include "db/pg/sqlstate.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

inline constexpr int kAttemptsMax = 6;

// Sleeps before attempt number `attempt` (from 2): a random time of up to 5 ms, doubled each time. False when the
// scope's deadline comes first or the attempts are used up.
bool PauseBeforeAttempt(int attempt, const Scope& scope);

namespace internal {
inline const absl::Status& AsStatus(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& AsStatus(const absl::StatusOr<T>& result) {
  return result.status();
}
}  // namespace internal

template <typename Work>
std::invoke_result_t<Work, Transaction&> RunInTransaction(Pool& pool, const Scope& scope, Work work) {
  for (int attempt = 1;; ++attempt) {
    absl::StatusOr<Transaction> transaction = pool.Begin(scope);
    if (!transaction.ok()) return transaction.status();
    std::invoke_result_t<Work, Transaction&> outcome = work(*transaction);
    absl::Status status = internal::AsStatus(outcome);
    if (status.ok()) status = transaction->Commit();
    if (status.ok()) return outcome;
    // The connection goes back before the pause, for others to use.
    { Transaction ended = *std::move(transaction); }
    if (!MayRetry(status) || !PauseBeforeAttempt(attempt + 1, scope)) return status;
  }
}

}  // namespace snowfield::db
