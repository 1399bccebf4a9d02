#include "db/store/enrolment_guard_store.h"

#include "base/status.h"
#include "db/queries/enrolment_guard_queries.h"

namespace snowfield::db {

absl::StatusOr<std::optional<absl::Time>> EnrolmentLockedUntil(Transaction& transaction, std::string_view source,
                                                               absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kEnrolmentLockedUntil, Params().Id(transaction.campaign()).Bytea(source).Time(now)));
  return result[0].OptionalTime(0);
}

absl::StatusOr<FailureCount> CountEnrolmentFailure(Transaction& transaction, std::string_view source, absl::Time now,
                                                   const FailureLimit& limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kCountEnrolmentFailure,
                                                                  Params()
                                                                      .Id(transaction.campaign())
                                                                      .Bytea(source)
                                                                      .Time(now)
                                                                      .Double(absl::ToDoubleSeconds(limit.window))
                                                                      .Int32(limit.failures)
                                                                      .Double(absl::ToDoubleSeconds(limit.lock))));
  if (result.empty()) return FailureCount();
  return FailureCount{.failures = result[0].Int32(0), .locked = result[0].Bool(1)};
}

absl::Status ForgiveEnrolmentFailure(Transaction& transaction, std::string_view source) {
  return transaction.Run(queries::kForgiveEnrolmentFailure, Params().Id(transaction.campaign()).Bytea(source)).status();
}

absl::Status ForgetEnrolmentFailures(Transaction& transaction, absl::Time now) {
  return transaction.Run(queries::kForgetEnrolmentFailures, Params().Id(transaction.campaign()).Time(now)).status();
}

}  // namespace snowfield::db
