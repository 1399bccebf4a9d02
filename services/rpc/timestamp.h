// Times on the wire.
// Thread safety: pure.
#pragma once

#include <google/protobuf/timestamp.pb.h>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace snowfield::rpc {

google::protobuf::Timestamp ToTimestamp(absl::Time time);

// INVALID_ARGUMENT naming `field` for a time that protobuf does not allow (before year 1, after 9999, nanoseconds out
// of range).
absl::StatusOr<absl::Time> FromTimestamp(const google::protobuf::Timestamp& timestamp, const char* field);

}  // namespace snowfield::rpc
