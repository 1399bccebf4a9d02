#include "db/pg/transaction.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/pool.h"
#include "db/pg/sqlstate.h"

namespace snowfield::db {
namespace {
constexpr absl::Duration kRollbackTimeMax = absl::Seconds(5);
constexpr Query kCommit = {"", "commit"};

absl::Status AlreadyOver() {
  return base::Problem(absl::StatusCode::kInternal, "DATABASE_ERROR", "", "the transaction is over");
}
}  // namespace

Transaction::Transaction(std::unique_ptr<Connection, GiveBack> connection, base::CampaignId campaign, Patience patience)
    : connection_(std::move(connection)),
      campaign_(campaign),
      patience_(std::make_unique<Patience>(std::move(patience))) {}

void Transaction::GiveBack::operator()(Connection* connection) const {
  std::unique_ptr<Connection> owned(connection);
  owned->ForgetDeferred();
  if (owned->IsUsable() && !owned->IsIdle()) {
    // A connection that can't roll back is not idle, and so not used again.
    owned->RunScript("rollback", {.deadline = absl::Now() + kRollbackTimeMax}).status().IgnoreError();
  }
  pool->PutBack(std::move(owned));
}

absl::StatusOr<Result> Transaction::Run(const Query& query, const Params& params) {
  if (connection_ == nullptr) return AlreadyOver();
  absl::StatusOr<Result> result = connection_->Run(query, params, *patience_);
  KeepIfBegun(result.status()).IgnoreError();
  return result;
}

absl::Status Transaction::Defer(const Query& query, Params params) {
  if (connection_ == nullptr) return AlreadyOver();
  connection_->Defer(query, std::move(params));
  return absl::OkStatus();
}

absl::StatusOr<Result> Transaction::RunLast(const Query& query, const Params& params) {
  if (connection_ == nullptr) return AlreadyOver();
  absl::StatusOr<std::vector<Result>> results =
      connection_->RunAll({{.query = query, .params = params}, {.query = kCommit}}, *patience_);
  SNOWFIELD_RETURN_IF_ERROR(End(results.status(), results.ok() ? results->back().command_tag() : ""));
  return std::move(results->front());
}

absl::Status Transaction::Stream(const Query& query, const Params& params,
                                 absl::FunctionRef<absl::Status(const Row&)> on_row) {
  if (connection_ == nullptr) return AlreadyOver();
  return KeepIfBegun(connection_->Stream(query, params, *patience_, on_row));
}

absl::StatusOr<CopyWriter> Transaction::CopyIn(const Query& query) {
  if (connection_ == nullptr) return AlreadyOver();
  SNOWFIELD_RETURN_IF_ERROR(KeepIfBegun(connection_->StartCopyIn(query, *patience_)));
  return CopyWriter(connection_.get(), patience_.get());
}

absl::Status Transaction::CopyOut(const Query& query, absl::FunctionRef<absl::Status(const Row&)> on_row) {
  if (connection_ == nullptr) return AlreadyOver();
  return KeepIfBegun(connection_->CopyOut(query, *patience_, on_row));
}

absl::Status Transaction::Commit() {
  if (connection_ == nullptr) return AlreadyOver();
  const absl::StatusOr<Result> committed = connection_->Run(kCommit, {}, *patience_);
  return End(committed.status(), committed.ok() ? committed->command_tag() : "");
}

absl::Status Transaction::KeepIfBegun(absl::Status status) {
  if (!status.ok() && connection_->IsIdle()) connection_.reset();
  return status;
}

absl::Status Transaction::End(const absl::Status& committed, const std::string& tag) {
  const bool is_usable = connection_->IsUsable();
  connection_.reset();
  if (!committed.ok() && (!is_usable || absl::IsDeadlineExceeded(committed) || absl::IsCancelled(committed))) {
    return base::Problem(absl::StatusCode::kUnavailable, "COMMIT_UNKNOWN", "",
                         "the database went away while it stored this: send the same request again");
  }
  SNOWFIELD_RETURN_IF_ERROR(committed);
  // The server answers the commit of a failed transaction with a quiet rollback.
  if (tag != "COMMIT") {
    return base::Problem(absl::StatusCode::kInternal, "DATABASE_ERROR", "",
                         "a transaction with a failed statement was committed: nothing is stored");
  }
  return absl::OkStatus();
}

}  // namespace snowfield::db
