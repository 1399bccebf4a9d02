#include "services/rpc/grpc_status.h"

#include <gtest/gtest.h>

#include "base/retry_delay.h"
#include "base/status.h"

namespace snowfield::rpc {
namespace {

TEST(GrpcStatus, CarriesReasonAndFieldThereAndBack) {
  const absl::Status status = base::InvalidField("target_doors", "TARGET_OUT_OF_RANGE", "send 1 to 1,000");
  const grpc::Status wire = ToGrpcStatus(status);
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(wire.error_message(), "send 1 to 1,000");
  const absl::Status back = FromGrpcStatus(wire);
  EXPECT_EQ(base::DetailOf(back).reason, "TARGET_OUT_OF_RANGE");
  EXPECT_EQ(base::DetailOf(back).field, "target_doors");
  EXPECT_EQ(back.code(), absl::StatusCode::kInvalidArgument);
}

TEST(GrpcStatus, CarriesTheTimeToTryAgainThereAndBack) {
  const absl::Status busy = base::Problem(absl::StatusCode::kResourceExhausted, "OVERLOADED", "", "busy");
  EXPECT_EQ(base::RetryDelayOf(busy), std::nullopt);
  EXPECT_EQ(base::RetryDelayOf(FromGrpcStatus(ToGrpcStatus(busy))), std::nullopt);
  const absl::Status later = base::WithRetryDelay(busy, absl::Milliseconds(2'345));
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(later));
  EXPECT_EQ(base::RetryDelayOf(back), absl::Milliseconds(2'345));
  EXPECT_EQ(base::DetailOf(back).reason, "OVERLOADED");
  EXPECT_EQ(back.code(), absl::StatusCode::kResourceExhausted);
}

TEST(GrpcStatus, EveryErrorHasAReason) {
  EXPECT_EQ(base::DetailOf(FromGrpcStatus(ToGrpcStatus(absl::AbortedError("again")))).reason, "ABORTED");
}

TEST(GrpcStatus, InternalErrorsTellNothing) {
  const grpc::Status wire = ToGrpcStatus(absl::InternalError("row (Ada, 12 Main St) is broken"));
  EXPECT_EQ(wire.error_message().find("Ada"), std::string::npos);
  EXPECT_EQ(wire.error_details().find("Ada"), std::string::npos);
}

TEST(GrpcStatus, OkStaysOk) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(FromGrpcStatus(grpc::Status::OK).ok());
}

}  // namespace
}  // namespace snowfield::rpc
