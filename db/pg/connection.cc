#include "db/pg/connection.h"

#include <libpq-fe.h>
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/copy_format.h"
#include "db/pg/sqlstate.h"

namespace snowfield::db {
namespace {
void IgnoreNotice(void*, const char*) {}

bool IsNamed(const Query& query) { return query.name[0] != '\0'; }

std::string_view ErrorField(const PGresult* result, int code) {
  const char* text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : std::string_view(text);
}

absl::Status StatusOfResult(const PGresult* result, const char* query_name) {
  return StatusOf({.sqlstate = ErrorField(result, PG_DIAG_SQLSTATE),
                   .constraint = ErrorField(result, PG_DIAG_CONSTRAINT_NAME),
                   .message = ErrorField(result, PG_DIAG_MESSAGE_PRIMARY),
                   .query_name = query_name});
}

bool IsError(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

absl::Status OutOfPatience(bool caller_gone) { return StatusOf({.sqlstate = "57014", .caller_gone = caller_gone}); }
}  // namespace

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(const ConnectOptions& options) {
  const absl::Duration allowed = std::min(options.deadline - absl::Now(), kConnectTimeMax);
  // libpq counts whole seconds and takes anything below 2 as 2.
  const std::string seconds = absl::StrCat(std::max<int64_t>(2, absl::ToInt64Seconds(allowed)));
  // What the connection string says comes last and wins.
  const char* const keywords[] = {"application_name",
                                  "client_encoding",
                                  "connect_timeout",
                                  "keepalives_idle",
                                  "tcp_user_timeout",
                                  "dbname",
                                  nullptr};
  const char* const values[] = {"snowfield", "UTF8", seconds.c_str(), "30", "30000", options.connection_string.c_str(),
                                nullptr};
  std::unique_ptr<Connection> connection(new Connection(PQconnectdbParams(keywords, values, /*expand_dbname=*/1)));
  PGconn* const handle = connection->connection_;
  if (PQstatus(handle) != CONNECTION_OK) {
    return base::Problem(
        absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "",
        absl::StrCat("no connection to the database: check that it runs and that the address, user and password given "
                     "with --database are right (",
                     PQerrorMessage(handle), ")"));
  }
  PQsetNoticeProcessor(handle, IgnoreNotice, nullptr);
  if (PQsetnonblocking(handle, 1) != 0) return connection->Lost();
  if (!options.role.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(connection->SetRole(options.role, {.deadline = absl::Now() + kConnectTimeMax}));
  }
  return connection;
}

Connection::Connection(pg_conn* connection) : connection_(connection) {}

Connection::~Connection() { PQfinish(connection_); }

bool Connection::IsUsable() const { return !broken_ && !IsCutOff(); }
bool Connection::IsIdle() const { return PQtransactionStatus(connection_) == PQTRANS_IDLE; }
int Connection::BackendPid() const { return PQbackendPID(connection_); }

absl::Status Connection::SetRole(const std::string& role, const Patience& patience) {
  char* const quoted = PQescapeIdentifier(connection_, role.data(), role.size());
  if (quoted == nullptr) return Lost();
  const std::string statement = absl::StrCat("set role ", quoted);
  PQfreemem(quoted);
  const absl::StatusOr<std::string> outcome = RunScript(statement, patience);
  if (outcome.ok() || !IsUsable()) return outcome.status();
  return base::NotNow("SCHEMA_MISSING", absl::StrCat("the login role may not act as role ", role,
                                                     ": run `snowfield migrate` with this database first"));
}

bool Connection::IsCutOff() const { return PQstatus(connection_) != CONNECTION_OK; }

bool Connection::HasGone() const {
  // The server says nothing to an idle session but that it is over.
  pollfd socket = {.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
  return IsCutOff() || poll(&socket, 1, 0) != 0;
}

void Connection::Defer(const Query& query, Params params) {
  deferred_.push_back({.query = query, .own_sql = {}, .params = std::move(params)});
}

void Connection::Defer(std::string own_sql) {
  deferred_.push_back({.query = {"", nullptr}, .own_sql = std::move(own_sql), .params = {}});
}

absl::Status Connection::Settle(const Patience& patience) {
  return deferred_.empty() ? absl::OkStatus() : RunAll({}, patience).status();
}

absl::StatusOr<std::vector<Result>> Connection::RunAll(const std::vector<Statement>& statements,
                                                       const Patience& patience) {
  const std::vector<Deferred> before = std::exchange(deferred_, {});
  if (PQenterPipelineMode(connection_) != 1) return Lost();
  // Preparations go in the pipeline too, behind the begin: what cannot be prepared fails the transaction, as any
  // statement does.
  std::vector<Sent> sent;
  const auto send = [&](const Query& query, const Params& params) {
    if (IsNamed(query) && !IsPrepared(query, params)) {
      SNOWFIELD_RETURN_IF_ERROR(SendPrepare(query, params));
      prepared_.emplace(query.name, Prepared{query.sql, params.Types()});
      sent.push_back({.name = query.name, .prepares = true});
    }
    sent.push_back({.name = query.name});
    return SendStatement(query, params);
  };
  for (const Deferred& one : before) SNOWFIELD_RETURN_IF_ERROR(send(one.Text(), one.params));
  for (const Statement& one : statements) SNOWFIELD_RETURN_IF_ERROR(send(one.query, one.params));
  if (PQpipelineSync(connection_) != 1) return Lost();
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<Result> results, FinishPipeline(sent, patience));
  results.erase(results.begin(), results.begin() + static_cast<std::ptrdiff_t>(before.size()));
  return results;
}

absl::StatusOr<std::vector<Result>> Connection::FinishPipeline(const std::vector<Sent>& sent,
                                                               const Patience& patience) {
  if (absl::Status status = Flush(patience); !status.ok()) return AbandonPipeline(sent, status);
  constexpr Sent kEnd = {.name = ""};
  std::vector<Result> results;
  absl::Status failure;
  size_t at = 0;
  while (true) {
    const absl::StatusOr<pg_result*> next = NextResult(patience);
    if (!next.ok()) return AbandonPipeline(sent, next.status());
    if (*next == nullptr) {  // the end of one statement's answer, or of the session
      if (IsCutOff()) return failure.ok() ? Lost() : failure;
      ++at;
      continue;
    }
    Result result(*next);
    if (PQresultStatus(*next) == PGRES_PIPELINE_SYNC) break;
    // Behind the last statement's answer comes but the end of the pipeline, or of the session.
    const Sent& answered = at < sent.size() ? sent[at] : kEnd;
    const bool is_run = PQresultStatus(*next) != PGRES_PIPELINE_ABORTED && !IsError(*next);
    if (IsError(*next) && failure.ok()) failure = StatusOfResult(*next, answered.name);
    if (answered.prepares && !is_run) prepared_.erase(answered.name);
    if (!answered.prepares && is_run) results.push_back(std::move(result));
  }
  if (PQexitPipelineMode(connection_) != 1) return Lost();
  // "Cached plan must not change result type": the schema has changed under a running server; a new session knows it.
  if (SqlStateOf(failure) == "0A000") broken_ = true;
  if (!failure.ok()) return failure;
  return results;
}

absl::Status Connection::AbandonPipeline(const std::vector<Sent>& sent, absl::Status cause) {
  // Whether these were prepared is not known any more, so no later statement may rely on this session.
  const bool in_doubt = std::any_of(sent.begin(), sent.end(), [](const Sent& one) { return one.prepares; });
  cause = Abandon(std::move(cause));
  broken_ = broken_ || in_doubt;
  return cause;
}

absl::StatusOr<Result> Connection::Run(const Query& query, const Params& params, const Patience& patience) {
  if (!deferred_.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<Result> results, RunAll({{.query = query, .params = params}}, patience));
    return std::move(results.front());
  }
  SNOWFIELD_RETURN_IF_ERROR(Prepare(query, params, patience));
  SNOWFIELD_RETURN_IF_ERROR(SendStatement(query, params));
  absl::StatusOr<Result> result = Finish(query.name, patience);
  // "Cached plan must not change result type": the schema has changed under a running server; a new session knows it.
  if (SqlStateOf(result.status()) == "0A000") broken_ = true;
  return result;
}

absl::Status Connection::Stream(const Query& query, const Params& params, const Patience& patience,
                                absl::FunctionRef<absl::Status(const Row&)> on_row) {
  SNOWFIELD_RETURN_IF_ERROR(Settle(patience));
  SNOWFIELD_RETURN_IF_ERROR(Prepare(query, params, patience));
  SNOWFIELD_RETURN_IF_ERROR(SendStatement(query, params));
  if (PQsetSingleRowMode(connection_) != 1) return Lost();
  if (absl::Status status = Flush(patience); !status.ok()) return Abandon(status);
  absl::Status failure;
  while (true) {
    const absl::StatusOr<pg_result*> next = NextResult(patience);
    if (!next.ok()) return Abandon(next.status());
    if (*next == nullptr) return failure;
    const Result result(*next);
    if (IsError(*next)) {
      if (failure.ok()) failure = StatusOfResult(*next, query.name);
      continue;
    }
    for (const Row row : result) {
      if (absl::Status status = on_row(row); !status.ok()) return Abandon(status);
    }
  }
}

absl::StatusOr<std::string> Connection::RunScript(const std::string& sql, const Patience& patience) {
  SNOWFIELD_RETURN_IF_ERROR(Settle(patience));
  if (PQsendQuery(connection_, sql.c_str()) != 1) return Lost();
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, Finish("", patience));
  return result.command_tag();
}

bool Connection::IsPrepared(const Query& query, const Params& params) const {
  const auto known = prepared_.find(query.name);
  if (known == prepared_.end()) return false;
  if (std::string_view(known->second.sql) != query.sql) Bug(absl::StrCat("two statements are named ", query.name));
  if (known->second.types != params.Types()) {
    Bug(absl::StrCat(query.name, " was given parameters of other types than before"));
  }
  return true;
}

absl::Status Connection::SendPrepare(const Query& query, const Params& params) {
  const std::vector<TypeOid> types = params.Types();
  static_assert(sizeof(TypeOid) == sizeof(Oid));
  const int sent = PQsendPrepare(connection_, query.name, query.sql, static_cast<int>(types.size()),
                                 reinterpret_cast<const Oid*>(types.data()));
  return sent == 1 ? absl::OkStatus() : Lost();
}

absl::Status Connection::Prepare(const Query& query, const Params& params, const Patience& patience) {
  if (!IsNamed(query) || IsPrepared(query, params)) return absl::OkStatus();
  SNOWFIELD_RETURN_IF_ERROR(SendPrepare(query, params));
  SNOWFIELD_RETURN_IF_ERROR(Finish(query.name, patience).status());
  prepared_.emplace(query.name, Prepared{query.sql, params.Types()});
  return absl::OkStatus();
}

absl::Status Connection::SendStatement(const Query& query, const Params& params) {
  std::vector<const char*> values(params.count());
  std::vector<int> lengths(params.count());
  const std::vector<int> formats(params.count(), 1);
  for (size_t i = 0; i < params.count(); ++i) {
    values[i] = params.Value(i);
    lengths[i] = std::max(0, params.Length(i));
  }
  const auto count = static_cast<int>(params.count());
  const std::vector<TypeOid> types = params.Types();
  const int sent = IsNamed(query)
                       ? PQsendQueryPrepared(connection_, query.name, count, values.data(), lengths.data(),
                                             formats.data(), /*resultFormat=*/1)
                       : PQsendQueryParams(connection_, query.sql, count, reinterpret_cast<const Oid*>(types.data()),
                                           values.data(), lengths.data(), formats.data(), /*resultFormat=*/1);
  return sent == 1 ? absl::OkStatus() : Lost();
}

absl::StatusOr<Result> Connection::Finish(const char* query_name, const Patience& patience) {
  if (absl::Status status = Flush(patience); !status.ok()) return Abandon(status);
  std::optional<Result> last;
  absl::Status failure;
  while (true) {
    const absl::StatusOr<pg_result*> next = NextResult(patience);
    if (!next.ok()) return Abandon(next.status());
    if (*next == nullptr) break;
    last.emplace(*next);
    if (PQresultStatus(*next) == PGRES_COPY_IN || PQresultStatus(*next) == PGRES_COPY_OUT) {
      Bug(absl::StrCat(query_name, " is a COPY: use CopyIn or CopyOut"));
    }
    if (IsError(*next) && failure.ok()) failure = StatusOfResult(*next, query_name);
  }
  if (!failure.ok()) return failure;
  if (!last.has_value()) return Lost();
  return *std::move(last);
}

absl::Status Connection::Flush(const Patience& patience) {
  while (true) {
    const int state = PQflush(connection_);
    if (state == 0) return absl::OkStatus();
    if (state < 0) return Lost();
    SNOWFIELD_RETURN_IF_ERROR(WaitForSocket(/*to_write=*/true, patience));
    // The server may be unable to read before we have read what it says.
    if (PQconsumeInput(connection_) != 1) return Lost();
  }
}

absl::StatusOr<pg_result*> Connection::NextResult(const Patience& patience) {
  while (PQisBusy(connection_)) {
    SNOWFIELD_RETURN_IF_ERROR(WaitForSocket(/*to_write=*/false, patience));
    // On failure libpq makes a result of it (57P01 for a server that shuts down), which PQgetResult gives.
    if (PQconsumeInput(connection_) != 1) break;
  }
  return PQgetResult(connection_);
}

absl::Status Connection::WaitForSocket(bool to_write, const Patience& patience) {
  pollfd socket = {.fd = PQsocket(connection_), .events = POLLIN, .revents = 0};
  if (to_write) socket.events |= POLLOUT;
  while (true) {
    if (patience.cancelled && patience.cancelled()) return OutOfPatience(/*caller_gone=*/true);
    const absl::Duration left = patience.deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return OutOfPatience(/*caller_gone=*/false);
    const absl::Duration slice = std::min(left, patience.cancelled ? kCancelPoll : absl::Seconds(1));
    const int ready = poll(&socket, 1, static_cast<int>(absl::ToInt64Milliseconds(slice)) + 1);
    if (ready > 0) return absl::OkStatus();
    if (ready < 0 && errno != EINTR) return Lost();
  }
}

void Connection::RequestCancel() {
  PGcancel* const handle = PQgetCancel(connection_);
  if (handle == nullptr) return;
  char ignored[256];
  // Where the request is lost, the statement timeout ends the statement.
  PQcancel(handle, ignored, sizeof(ignored));
  PQfreeCancel(handle);
}

absl::Status Connection::Abandon(absl::Status cause) {
  if (broken_) return cause;
  RequestCancel();
  const Patience short_patience = {.deadline = absl::Now() + kCancelTimeMax};
  while (true) {
    const absl::StatusOr<pg_result*> rest = NextResult(short_patience);
    if (!rest.ok()) {
      broken_ = true;
      return cause;
    }
    const bool in_pipeline = PQpipelineStatus(connection_) != PQ_PIPELINE_OFF;
    if (*rest == nullptr) {
      if (!in_pipeline) return cause;
      if (!IsCutOff()) continue;  // another statement's answer follows
      broken_ = true;
      return cause;
    }
    const bool is_end = PQresultStatus(*rest) == PGRES_PIPELINE_SYNC;
    PQclear(*rest);
    if (!is_end) continue;
    if (PQexitPipelineMode(connection_) != 1) broken_ = true;
    return cause;
  }
}

absl::Status Connection::AbandonCopy(absl::Status cause) {
  RequestCancel();
  broken_ = true;  // getting out of the middle of a COPY costs more than a new session
  return cause;
}

absl::Status Connection::Lost() {
  broken_ = true;
  return StatusOf({});
}

absl::Status Connection::StartCopy(const Query& query, int wanted_state, const Patience& patience) {
  SNOWFIELD_RETURN_IF_ERROR(Settle(patience));
  if (PQsendQuery(connection_, query.sql) != 1) return Lost();
  if (absl::Status status = Flush(patience); !status.ok()) return Abandon(status);
  const absl::StatusOr<pg_result*> next = NextResult(patience);
  if (!next.ok()) return Abandon(next.status());
  if (*next == nullptr) return Lost();
  const Result result(*next);
  if (PQresultStatus(*next) == wanted_state) return absl::OkStatus();
  if (!IsError(*next)) Bug(absl::StrCat(query.name, " is not the kind of COPY that was called for"));
  absl::Status failure = StatusOfResult(*next, query.name);
  SNOWFIELD_RETURN_IF_ERROR(Finish(query.name, patience).status());
  return failure;
}

absl::Status Connection::StartCopyIn(const Query& query, const Patience& patience) {
  return StartCopy(query, PGRES_COPY_IN, patience);
}

absl::Status Connection::PutCopyBytes(const std::string& bytes, const Patience& patience) {
  while (true) {
    const int state = PQputCopyData(connection_, bytes.data(), static_cast<int>(bytes.size()));
    if (state < 0) return Lost();
    // Flushed each time, or libpq would gather the whole copy in memory.
    if (absl::Status status = Flush(patience); !status.ok()) return AbandonCopy(status);
    if (state == 1) return absl::OkStatus();
  }
}

absl::StatusOr<int64_t> Connection::EndCopyIn(bool abandon, const Patience& patience) {
  while (true) {
    const int state = PQputCopyEnd(connection_, abandon ? "abandoned by the client" : nullptr);
    if (state < 0) return Lost();
    if (absl::Status status = Flush(patience); !status.ok()) return AbandonCopy(status);
    if (state == 1) break;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, Finish("copy", patience));
  return result.affected_row_count();
}

absl::StatusOr<bool> Connection::NextCopyMessage(std::string& message, const Patience& patience) {
  while (true) {
    char* bytes = nullptr;
    const int length = PQgetCopyData(connection_, &bytes, /*async=*/1);
    if (length > 0) {
      message.assign(bytes, static_cast<size_t>(length));
      PQfreemem(bytes);
      return true;
    }
    if (length == -1) return false;
    if (length < -1) return Lost();
    SNOWFIELD_RETURN_IF_ERROR(WaitForSocket(/*to_write=*/false, patience));
    if (PQconsumeInput(connection_) != 1) return Lost();
  }
}

absl::Status Connection::CopyOut(const Query& query, const Patience& patience,
                                 absl::FunctionRef<absl::Status(const Row&)> on_row) {
  SNOWFIELD_RETURN_IF_ERROR(StartCopy(query, PGRES_COPY_OUT, patience));
  CopyReader reader;
  std::string message;
  while (true) {
    const absl::StatusOr<bool> more = NextCopyMessage(message, patience);
    if (!more.ok()) return AbandonCopy(more.status());
    if (!*more) return Finish(query.name, patience).status();
    if (absl::Status status = reader.Read(message, on_row); !status.ok()) return AbandonCopy(status);
  }
}

}  // namespace snowfield::db
