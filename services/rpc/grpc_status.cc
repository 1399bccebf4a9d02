#include "services/rpc/grpc_status.h"

#include <optional>
#include <string>
#include <utility>

#include "base/retry_delay.h"
#include "base/status.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace snowfield::rpc {
namespace {
constexpr char kInternalMessage[] = "the server has made an error; try again, and tell its operator the time of it";

std::string ReasonOf(const absl::Status& status, const base::ProblemDetail& detail) {
  if (!detail.reason.empty()) return detail.reason;
  return absl::StatusCodeToString(status.code());
}
}  // namespace

grpc::Status ToGrpcStatus(const absl::Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const base::ProblemDetail detail = base::DetailOf(status);
  const bool is_ours = absl::IsInternal(status) || absl::IsUnknown(status) || absl::IsDataLoss(status);
  const std::string message = is_ours ? kInternalMessage : base::MessageOf(status);

  google::rpc::Status wire;
  wire.set_code(static_cast<int>(status.code()));
  wire.set_message(message);
  google::rpc::ErrorInfo info;
  info.set_reason(ReasonOf(status, detail));
  info.set_domain(kErrorDomain);
  wire.add_details()->PackFrom(info);
  if (!detail.field.empty()) {
    google::rpc::BadRequest bad_request;
    auto* violation = bad_request.add_field_violations();
    violation->set_field(detail.field);
    violation->set_description(message);
    wire.add_details()->PackFrom(bad_request);
  }
  if (const std::optional<absl::Duration> delay = base::RetryDelayOf(status); delay.has_value()) {
    const int64_t milliseconds = absl::ToInt64Milliseconds(*delay);
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(milliseconds / 1000);
    retry.mutable_retry_delay()->set_nanos(static_cast<int32_t>(milliseconds % 1000) * 1'000'000);
    wire.add_details()->PackFrom(retry);
  }
  return {static_cast<grpc::StatusCode>(status.code()), message, wire.SerializeAsString()};
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  std::string reason;
  std::string field;
  std::optional<absl::Duration> delay;
  google::rpc::Status wire;
  if (wire.ParseFromString(status.error_details())) {
    for (const auto& detail : wire.details()) {
      google::rpc::ErrorInfo info;
      google::rpc::BadRequest bad_request;
      google::rpc::RetryInfo retry;
      if (detail.UnpackTo(&info)) reason = info.reason();
      if (detail.UnpackTo(&retry)) {
        delay = absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
      }
      if (detail.UnpackTo(&bad_request) && bad_request.field_violations_size() > 0) {
        field = bad_request.field_violations(0).field();
      }
    }
  }
  const auto code = static_cast<absl::StatusCode>(status.error_code());
  absl::Status problem = base::Problem(code, reason, field, status.error_message());
  return delay.has_value() ? base::WithRetryDelay(std::move(problem), *delay) : problem;
}

}  // namespace snowfield::rpc
