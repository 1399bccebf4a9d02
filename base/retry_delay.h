// RetryDelay: a status that says after which time the caller may try again.
//
// services/rpc sends it as google.rpc.RetryInfo. Callers that were refused together should get different delays, so
// that they do not come back together. Thread safety: pure.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace snowfield::base {

// `delay` is not negative; it is kept to the millisecond. OK stays OK.
absl::Status WithRetryDelay(absl::Status status, absl::Duration delay);
std::optional<absl::Duration> RetryDelayOf(const absl::Status& status);

}  // namespace snowfield::base
