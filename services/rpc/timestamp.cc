#include "services/rpc/timestamp.h"

#include "base/status.h"

namespace snowfield::rpc {
namespace {
// The range of google.protobuf.Timestamp.
constexpr int64_t kEarliestS = -62135596800;
constexpr int64_t kLatestS = 253402300799;
}  // namespace

google::protobuf::Timestamp ToTimestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  const int64_t seconds = absl::ToUnixSeconds(time);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
  return timestamp;
}

absl::StatusOr<absl::Time> FromTimestamp(const google::protobuf::Timestamp& timestamp, const char* field) {
  if (timestamp.seconds() < kEarliestS || timestamp.seconds() > kLatestS || timestamp.nanos() < 0 ||
      timestamp.nanos() > 999'999'999) {
    return base::InvalidField(field, "TIME_OUT_OF_RANGE", "send a time between the years 1 and 9999");
  }
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

}  // namespace snowfield::rpc
