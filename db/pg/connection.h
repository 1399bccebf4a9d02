// Connection: one session with PostgreSQL, over libpq. Services use db::Pool; the migration runner and the embedded
// cluster use a Connection directly.
//
// Every call has a deadline and asks `cancelled` from time to time; when either says so the running statement is
// cancelled on the server. After a connection failure IsUsable() is false for good.
// Thread safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/params.h"
#include "db/pg/query.h"
#include "db/pg/result.h"

struct pg_conn;  // libpq's PGconn

namespace snowfield::db {

struct ConnectOptions {
  std::string connection_string = {};  // libpq keywords or a postgresql:// URI
  std::string role = {};               // `set role` right after connecting; empty: stay the login role
  absl::Time deadline = absl::InfiniteFuture();
};

// When to give up on a statement.
struct Patience {
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = nullptr;  // may be empty; asked every kCancelPoll, from the calling thread
};

inline constexpr absl::Duration kCancelPoll = absl::Milliseconds(20);
inline constexpr absl::Duration kConnectTimeMax = absl::Seconds(10);
// How long a server may take to confirm a cancellation before the connection is given up.
inline constexpr absl::Duration kCancelTimeMax = absl::Seconds(2);

class Connection {
 public:
  // UNAVAILABLE with the mend when no server answers; never with the connection string, which may hold a password.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(const ConnectOptions& options);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Prepares `query` once, where it has a name, and runs it. Errors as in db/pg/sqlstate.h.
  absl::StatusOr<Result> Run(const Query& query, const Params& params, const Patience& patience);
  // Keeps `query` back until the next statement, with which it is sent in one round trip, before it; what it answers is
  // dropped, and an error of it is the error of that statement. Its text lives as long as the program, or as `own_sql`.
  void Defer(const Query& query, Params params);
  void Defer(std::string own_sql);
  // Runs what was kept back.
  absl::Status Settle(const Patience& patience);
  // What was kept back will not be run.
  void ForgetDeferred() { deferred_.clear(); }
  // As Run() of several, in one round trip; what was kept back goes first. All results but of that; the first error
  // ends it, and the statements behind it are not run.
  struct Statement {
    Query query;
    Params params = {};
  };
  absl::StatusOr<std::vector<Result>> RunAll(const std::vector<Statement>& statements, const Patience& patience);
  // As Run, but gives the rows one by one as they arrive, so that memory does not grow with their number.
  // A status other than OK from `on_row` ends the statement and is returned.
  absl::Status Stream(const Query& query, const Params& params, const Patience& patience,
                      absl::FunctionRef<absl::Status(const Row&)> on_row);
  // One or more statements without parameters or rows, in one round trip (simple protocol): migrations, `begin`.
  // Returns the tag of the last command ("COMMIT").
  absl::StatusOr<std::string> RunScript(const std::string& sql, const Patience& patience);

  // COPY, used by CopyWriter and Transaction::CopyOut.
  absl::Status StartCopyIn(const Query& query, const Patience& patience);
  absl::Status PutCopyBytes(const std::string& bytes, const Patience& patience);
  // Ends the copy; with `abandon` the server forgets it and the transaction has failed. Returns the rows stored.
  absl::StatusOr<int64_t> EndCopyIn(bool abandon, const Patience& patience);
  absl::Status CopyOut(const Query& query, const Patience& patience,
                       absl::FunctionRef<absl::Status(const Row&)> on_row);

  bool IsUsable() const;
  // Whether the way to the server is known to be gone.
  bool IsCutOff() const;
  // The same, as far as can be known without asking the server. For one that is idle.
  bool HasGone() const;
  // True outside of any transaction.
  bool IsIdle() const;
  // The server's process for this session: for pg_terminate_backend in tests.
  int BackendPid() const;

 private:
  struct Prepared {
    const char* sql;
    std::vector<TypeOid> types;
  };
  struct Deferred {
    Query query;
    std::string own_sql;  // the text, where the query has none
    Params params;
    Query Text() const { return query.sql != nullptr ? query : Query{"", own_sql.c_str()}; }
  };
  // What went into a pipeline, in order.
  struct Sent {
    const char* name;
    bool prepares = false;
  };
  explicit Connection(pg_conn* connection);

  absl::Status SetRole(const std::string& role, const Patience& patience);
  // Whether this session knows a named query. Another text or other types under its name end the program.
  bool IsPrepared(const Query& query, const Params& params) const;
  absl::Status SendPrepare(const Query& query, const Params& params);
  absl::Status Prepare(const Query& query, const Params& params, const Patience& patience);
  absl::Status SendStatement(const Query& query, const Params& params);
  // Sends `query` as it is and waits for the server to enter the COPY state that is wanted (libpq's ExecStatusType).
  absl::Status StartCopy(const Query& query, int wanted_state, const Patience& patience);
  // The next message of a COPY OUT; false at its end.
  absl::StatusOr<bool> NextCopyMessage(std::string& message, const Patience& patience);

  // Hands what libpq has buffered to the kernel.
  absl::Status Flush(const Patience& patience);
  // The next result of the answer, owned by the caller; null at its end.
  absl::StatusOr<pg_result*> NextResult(const Patience& patience);
  // The answers to the statements of a pipeline, up to its end.
  absl::StatusOr<std::vector<Result>> FinishPipeline(const std::vector<Sent>& sent, const Patience& patience);
  // Reads the whole answer and keeps the last result; the first error becomes the status.
  absl::StatusOr<Result> Finish(const char* query_name, const Patience& patience);
  // Waits until the socket can be read (or written), or the patience ends.
  absl::Status WaitForSocket(bool to_write, const Patience& patience);
  // Cancels what runs on the server and reads the rest of its answer; returns `cause`.
  absl::Status Abandon(absl::Status cause);
  absl::Status AbandonPipeline(const std::vector<Sent>& sent, absl::Status cause);
  absl::Status AbandonCopy(absl::Status cause);
  void RequestCancel();
  // The connection is gone for good.
  absl::Status Lost();

  pg_conn* connection_;
  absl::flat_hash_map<std::string, Prepared> prepared_;
  std::vector<Deferred> deferred_;
  bool broken_ = false;
};

}  // namespace snowfield::db
