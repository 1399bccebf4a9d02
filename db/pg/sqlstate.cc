#include "db/pg/sqlstate.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::db {
namespace {
constexpr char kConstraintUrl[] = "snowfield/constraint";
constexpr char kSqlStateUrl[] = "snowfield/sqlstate";

std::string Payload(const absl::Status& status, absl::string_view url) {
  auto payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}

std::string Quoted(std::string_view name) { return name.empty() ? "" : absl::StrCat(" (", base::ToAbsl(name), ")"); }

absl::Status InternalError(const DatabaseError& error) {
  std::string message = absl::StrCat("the database refused a statement", Quoted(error.query_name), " with SQLSTATE ",
                                     base::ToAbsl(error.sqlstate));
  if (error.sqlstate.starts_with("42")) absl::StrAppend(&message, ": ", base::ToAbsl(error.message));
  return base::Problem(absl::StatusCode::kInternal, "DATABASE_ERROR", "", message);
}

absl::Status WithoutPayload(const DatabaseError& error) {
  using absl::StatusCode;
  const std::string_view state = error.sqlstate;
  if (state == "23505") {
    return base::Problem(StatusCode::kAlreadyExists, "ALREADY_EXISTS", "",
                         absl::StrCat("there is one already", Quoted(error.constraint)));
  }
  if (state == "23503") {
    return base::Problem(
        StatusCode::kFailedPrecondition, "REFERENCE_VIOLATED", "",
        absl::StrCat("what it refers to is not there, or it is still referred to", Quoted(error.constraint)));
  }
  if (state == "23514") {
    return base::Problem(StatusCode::kInvalidArgument, "CHECK_VIOLATED", "",
                         absl::StrCat("a value is out of its range", Quoted(error.constraint)));
  }
  if (state == "40001" || state == "40P01") {
    return base::Problem(StatusCode::kAborted, "WRITE_CONFLICT", "", "another write came between: try again");
  }
  if (state.empty() || state.starts_with("08") || state.starts_with("57P")) {
    return base::Problem(StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "",
                         "the database can't be reached now: try again in a moment");
  }
  if (state.starts_with("53")) {
    return base::Problem(StatusCode::kResourceExhausted, "DATABASE_EXHAUSTED", "",
                         absl::StrCat("the database is out of connections, memory or disk (SQLSTATE ",
                                      base::ToAbsl(state), "): its operator has to look"));
  }
  if (state == "57014" && error.caller_gone) {
    return base::Problem(StatusCode::kCancelled, "CANCELLED", "", "the caller cancelled the request");
  }
  if (state == "57014") {
    return base::Problem(StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "",
                         absl::StrCat("the statement", Quoted(error.query_name), " did not end before the deadline: ",
                                      "allow more time, or ask for less at once"));
  }
  return InternalError(error);
}
}  // namespace

absl::Status StatusOf(const DatabaseError& error) {
  absl::Status status = WithoutPayload(error);
  if (!error.sqlstate.empty()) status.SetPayload(kSqlStateUrl, absl::Cord(base::ToAbsl(error.sqlstate)));
  if (!error.constraint.empty()) status.SetPayload(kConstraintUrl, absl::Cord(base::ToAbsl(error.constraint)));
  return status;
}

std::string ConstraintOf(const absl::Status& status) { return Payload(status, kConstraintUrl); }
std::string SqlStateOf(const absl::Status& status) { return Payload(status, kSqlStateUrl); }

bool MayRetry(const absl::Status& status) {
  const std::string state = SqlStateOf(status);
  return state == "40001" || state == "40P01";
}

}  // namespace snowfield::db
