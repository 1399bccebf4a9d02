// Pool: a bounded number of connections to one database, shared by all threads of a server.
//
// Invariants: at most connection_count_max connections exist; a broken one is thrown away and made anew when needed, so
// that a server survives a restart of its database.
// Thread safety: Begin() and figures() from any thread. All transactions must end before the pool does.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "db/pg/connection.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

inline constexpr int kPoolConnectionsMax = 200;
// The role of the migrations that is no owner and cannot bypass row-level security: what a server runs as.
inline constexpr char kAppRole[] = "snowfield_app";
// A transaction waits at most this long for a connection, whatever its deadline.
inline constexpr absl::Duration kConnectionWaitMax = absl::Seconds(30);

struct PoolOptions {
  std::string connection_string = {};
  std::string role = kAppRole;   // empty: stay the login role (migrations, tests)
  int connection_count_max = 8;  // 1 to kPoolConnectionsMax
};

// How the pool is doing; sums since it was opened.
struct PoolFigures {
  int connections_max = 0;
  int taken = 0;  // by transactions now
  int64_t begun = 0;
  absl::Duration waited = absl::ZeroDuration();  // for a connection, all together
  int64_t refused = 0;                           // CONNECTIONS_EXHAUSTED
};

class Pool {
 public:
  // Opens the first connection, so that a wrong address or password shows at start. INVALID_ARGUMENT, UNAVAILABLE, or
  // FAILED_PRECONDITION with reason SCHEMA_MISSING when the role is not there ("run snowfield migrate").
  static absl::StatusOr<std::unique_ptr<Pool>> Open(const PoolOptions& options);
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  // A transaction in `scope`, which starts with its first statement, in the same round trip. Waits for a free
  // connection until the deadline: RESOURCE_EXHAUSTED with reason CONNECTIONS_EXHAUSTED; UNAVAILABLE when the database
  // is away.
  absl::StatusOr<Transaction> Begin(const Scope& scope);

  PoolFigures figures() const;

 private:
  friend struct Transaction::GiveBack;
  explicit Pool(const PoolOptions& options) : options_(options) {}

  // Waits for the right to one more connection: an idle one, or null where a new one is to be opened.
  absl::StatusOr<std::unique_ptr<Connection>> WaitForTurn(const Patience& patience);
  // Opens a connection in that turn; the turn is given back on failure.
  absl::StatusOr<std::unique_ptr<Connection>> OpenInTurn(const Patience& patience);
  // Ends a turn. Keeps the connection if it can be used again; null is none.
  void PutBack(std::unique_ptr<Connection> connection);
  void DropIdle();
  bool HasRoom() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return taken_count_ < options_.connection_count_max; }

  const PoolOptions options_;
  mutable absl::Mutex mutex_;
  int taken_count_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::unique_ptr<Connection>> idle_ ABSL_GUARDED_BY(mutex_);
  PoolFigures figures_ ABSL_GUARDED_BY(mutex_);  // its sums
};

}  // namespace snowfield::db
