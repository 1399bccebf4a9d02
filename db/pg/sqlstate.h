// Database errors as statuses: the one place where an SQLSTATE gets its meaning (PostgreSQL manual, appendix A).
//
//   23505 ALREADY_EXISTS       reason ALREADY_EXISTS        40001 40P01 ABORTED             reason WRITE_CONFLICT
//   23503 FAILED_PRECONDITION  reason REFERENCE_VIOLATED    08* 57P*    UNAVAILABLE         reason DATABASE_UNAVAILABLE
//   23514 INVALID_ARGUMENT     reason CHECK_VIOLATED        53*         RESOURCE_EXHAUSTED  reason DATABASE_EXHAUSTED
//   57014 DEADLINE_EXCEEDED    reason DEADLINE_EXCEEDED     others      INTERNAL            reason DATABASE_ERROR
//         or CANCELLED         reason CANCELLED, when the caller had gone
//
// The status carries the constraint's name, so that a service can turn it into a reason of its own. The server's
// message is kept for class 42 alone (a bug in our SQL: names, no values); DETAIL, which quotes rows, never is. Thread
// safety: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace snowfield::db {

struct DatabaseError {
  std::string_view sqlstate = {};    // five characters, or empty when there was no answer (connection lost)
  std::string_view constraint = {};  // may be empty
  std::string_view message = {};     // the server's primary message
  std::string_view query_name = {};  // may be empty
  bool caller_gone = false;          // 57014: the RPC was cancelled, not late
};

absl::Status StatusOf(const DatabaseError& error);

// The constraint that refused the statement ("turf_door_pkey"), or empty.
std::string ConstraintOf(const absl::Status& status);
// The five characters, or empty for a status that no database error gave.
std::string SqlStateOf(const absl::Status& status);
// A serialization failure or a deadlock: the whole transaction may be run again.
bool MayRetry(const absl::Status& status);

}  // namespace snowfield::db
