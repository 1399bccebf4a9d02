// Failed guesses of short enrolment codes: counted for each source and for the campaign, where every server sees them.
// Thread safety: as the transaction's.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// The campaign as a whole, where a source is asked for.
inline constexpr std::string_view kAnySource;

// Until when guesses from this source (32 bytes), or from everyone in the campaign, are refused; nothing: they are not.
absl::StatusOr<std::optional<absl::Time>> EnrolmentLockedUntil(Transaction& transaction, std::string_view source,
                                                               absl::Time now);

struct FailureLimit {
  int failures = 0;       // this many within `window` lock for `lock`
  absl::Duration window;  // from the first of them
  absl::Duration lock;
};
struct FailureCount {
  int failures = 0;
  bool locked = false;
};
// Counts one failure. Takes the row of the source until the transaction ends: all failures from there are in one order.
// No failures, where the campaign does not exist.
absl::StatusOr<FailureCount> CountEnrolmentFailure(Transaction& transaction, std::string_view source, absl::Time now,
                                                   const FailureLimit& limit);
// Takes back what this transaction has counted: the guess was right.
absl::Status ForgiveEnrolmentFailure(Transaction& transaction, std::string_view source);
// Takes away what is a day old, a little at a time.
absl::Status ForgetEnrolmentFailures(Transaction& transaction, absl::Time now);

}  // namespace snowfield::db
