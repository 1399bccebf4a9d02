// Turns a status of the inner layers into the one that goes out, once, at the edge.
//
// Each error carries google.rpc.ErrorInfo (reason, domain "snowfield") and, where a field is at fault,
// google.rpc.BadRequest; where it says when to try again, google.rpc.RetryInfo. An INTERNAL error says only that it is
// one; its cause is logged by code and reason, never by the text of a database error. docs/errors.md lists the reasons.
// Thread safety: pure.
#pragma once

#include <grpcpp/support/status.h>

#include "absl/status/status.h"

namespace snowfield::rpc {

inline constexpr char kErrorDomain[] = "snowfield";

grpc::Status ToGrpcStatus(const absl::Status& status);

// The other way, for clients: reason, field and retry delay are kept.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace snowfield::rpc
