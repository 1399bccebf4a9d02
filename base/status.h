// Statuses: how every layer says what went wrong.
//
// A Problem is an absl::Status that also carries a stable reason (UPPER_SNAKE, documented in docs/errors.md), the field
// of the request it is about (proto path, may be empty) and a message that says the mend. The layers below gRPC make
// them; services/rpc turns them into google.rpc.ErrorInfo and BadRequest, once.
// Messages never hold names, addresses or positions of people: they travel into logs.
//
// Thread safety: all functions are pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace snowfield::base {

// Debian's Abseil has its own string_view; this is the one place where the two meet.
inline absl::string_view ToAbsl(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view ToStd(absl::string_view text) { return {text.data(), text.size()}; }

struct ProblemDetail {
  std::string reason;  // e.g. "TARGET_OUT_OF_RANGE"; stable, for programs
  std::string field;   // e.g. "target_doors"; empty when no field is at fault
};

// A status with code, reason, field and a message for people that says the mend.
absl::Status Problem(absl::StatusCode code, std::string_view reason, std::string_view field, std::string_view message);

// The field has a value that can never be right. INVALID_ARGUMENT.
absl::Status InvalidField(std::string_view field, std::string_view reason, std::string_view message);
// The request is right but not now. FAILED_PRECONDITION.
absl::Status NotNow(std::string_view reason, std::string_view message);
// No such thing in this campaign. NOT_FOUND.
absl::Status NoSuch(std::string_view field, std::string_view message);

// The detail that Problem() attached; reason and field are empty where there is none.
ProblemDetail DetailOf(const absl::Status& status);

// The message of a status as std::string.
std::string MessageOf(const absl::Status& status);

}  // namespace snowfield::base

// Returns the status of `expression` from the enclosing function unless it is OK.
#define SNOWFIELD_RETURN_IF_ERROR(expression)                                                                \
  do {                                                                                                       \
    if (absl::Status status_macro_value = (expression); !status_macro_value.ok()) return status_macro_value; \
  } while (false)

#define SNOWFIELD_STATUS_JOIN_INNER(a, b) a##b
#define SNOWFIELD_STATUS_JOIN(a, b) SNOWFIELD_STATUS_JOIN_INNER(a, b)

// SNOWFIELD_ASSIGN_OR_RETURN(auto value, MayFail());
#define SNOWFIELD_ASSIGN_OR_RETURN(declaration, expression) \
  SNOWFIELD_ASSIGN_OR_RETURN_INNER(SNOWFIELD_STATUS_JOIN(status_or_, __LINE__), declaration, expression)
#define SNOWFIELD_ASSIGN_OR_RETURN_INNER(temporary, declaration, expression) \
  auto temporary = (expression);                                             \
  if (!temporary.ok()) return temporary.status();                            \
  declaration = *std::move(temporary)
