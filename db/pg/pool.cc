#include "db/pg/pool.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "base/trace.h"
#include "db/pg/sqlstate.h"

namespace snowfield::db {
namespace {
Patience PatienceOf(const Scope& scope) {
  return {.deadline = std::min(scope.deadline, absl::Now() + kTransactionTimeMax), .cancelled = scope.cancelled};
}

constexpr Query kLookUpSettings[] = {{"", "set local plan_cache_mode = force_generic_plan"},
                                     {"", "set local enable_seqscan = off"},
                                     {"", "set local enable_hashjoin = off"},
                                     {"", "set local enable_mergejoin = off"}};

// What goes before the first statement of a transaction, in the same round trip. Only integers of ours are written into
// it. `set local` is literal because Citus passes on no set_config().
void DeferBegin(const Scope& scope, const Patience& patience, Connection& connection) {
  const int64_t timeout_ms = std::max<int64_t>(1, absl::ToInt64Milliseconds(patience.deadline - absl::Now()));
  std::string begin = "begin";
  if (scope.one_snapshot) begin += " isolation level repeatable read";
  if (scope.read_only) begin += " read only";
  // Statements are prepared once for all calls, so the comment stands here: the database's log joins the rest of the
  // transaction to it by the session and its virtual transaction (log_line_prefix %c %v).
  if (!base::CurrentTraceId().empty()) absl::StrAppend(&begin, " /*trace='", base::CurrentTraceId(), "'*/");
  connection.Defer(std::move(begin));
  connection.Defer(absl::StrCat("set local statement_timeout = ", timeout_ms));
  if (scope.campaign) connection.Defer(absl::StrCat("set local snowfield.campaign_id = '", scope.campaign.value, "'"));
  if (!scope.look_ups) return;
  for (const Query& setting : kLookUpSettings) connection.Defer(setting, {});
}
}  // namespace

absl::StatusOr<std::unique_ptr<Pool>> Pool::Open(const PoolOptions& options) {
  if (options.connection_count_max < 1 || options.connection_count_max > kPoolConnectionsMax) {
    return base::InvalidField("database_connections", "CONNECTION_COUNT_OUT_OF_RANGE",
                              absl::StrCat("ask for 1 to ", kPoolConnectionsMax, " database connections"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(std::unique_ptr<Connection> first,
                             Connection::Open({.connection_string = options.connection_string, .role = options.role}));
  std::unique_ptr<Pool> pool(new Pool(options));
  absl::MutexLock lock(&pool->mutex_);
  pool->idle_.push_back(std::move(first));
  return pool;
}

Pool::~Pool() {
  absl::MutexLock lock(&mutex_);
  if (taken_count_ != 0) Bug("a pool was destroyed before its transactions");
}

absl::StatusOr<Transaction> Pool::Begin(const Scope& scope) {
  const Patience patience = PatienceOf(scope);
  while (true) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::unique_ptr<Connection> connection, WaitForTurn(patience));
    if (connection != nullptr && connection->HasGone()) {
      // The database was restarted: what else lies idle is as broken.
      DropIdle();
      PutBack(nullptr);
      continue;
    }
    if (connection == nullptr) {
      SNOWFIELD_ASSIGN_OR_RETURN(connection, OpenInTurn(patience));
    }
    DeferBegin(scope, patience, *connection);
    return Transaction(std::unique_ptr<Connection, Transaction::GiveBack>(connection.release(), {this}), scope.campaign,
                       patience);
  }
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::WaitForTurn(const Patience& patience) {
  const absl::Time start = absl::Now();
  const absl::Time wait_end = std::min(patience.deadline, start + kConnectionWaitMax);
  absl::MutexLock lock(&mutex_);
  while (!HasRoom()) {
    if (patience.cancelled && patience.cancelled()) return StatusOf({.sqlstate = "57014", .caller_gone = true});
    const absl::Duration left = wait_end - absl::Now();
    if (left <= absl::ZeroDuration()) {
      ++figures_.refused;
      return base::Problem(absl::StatusCode::kResourceExhausted, "CONNECTIONS_EXHAUSTED", "",
                           absl::StrCat("all ", options_.connection_count_max, " database connections are in use: try ",
                                        "again, or let the server have more (--database-connections)"));
    }
    mutex_.AwaitWithTimeout(absl::Condition(this, &Pool::HasRoom),
                            patience.cancelled ? std::min(left, kCancelPoll) : left);
  }
  ++taken_count_;
  ++figures_.begun;
  figures_.waited += absl::Now() - start;
  if (idle_.empty()) return nullptr;
  std::unique_ptr<Connection> connection = std::move(idle_.back());
  idle_.pop_back();
  return connection;
}

absl::StatusOr<std::unique_ptr<Connection>> Pool::OpenInTurn(const Patience& patience) {
  absl::StatusOr<std::unique_ptr<Connection>> opened = Connection::Open(
      {.connection_string = options_.connection_string, .role = options_.role, .deadline = patience.deadline});
  if (opened.ok()) return opened;
  PutBack(nullptr);
  // Where the database is and why it refuses is the operator's business, not the caller's.
  base::Log(base::LogLevel::kError, "db.connect_failed", {{"message", base::MessageOf(opened.status())}});
  return StatusOf({});
}

void Pool::PutBack(std::unique_ptr<Connection> connection) {
  absl::MutexLock lock(&mutex_);
  --taken_count_;
  if (connection == nullptr) return;
  if (connection->IsUsable() && connection->IsIdle()) {
    idle_.push_back(std::move(connection));
  } else if (connection->IsCutOff()) {
    idle_.clear();  // the database was restarted, or can't be reached: what else lies idle is as broken
  }
}

PoolFigures Pool::figures() const {
  absl::MutexLock lock(&mutex_);
  PoolFigures figures = figures_;
  figures.connections_max = options_.connection_count_max;
  figures.taken = taken_count_;
  return figures;
}

void Pool::DropIdle() {
  absl::MutexLock lock(&mutex_);
  idle_.clear();
}

}  // namespace snowfield::db
