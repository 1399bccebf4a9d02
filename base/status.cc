#include "base/status.h"

#include "absl/strings/cord.h"

namespace snowfield::base {
namespace {
constexpr char kReasonUrl[] = "snowfield/reason";
constexpr char kFieldUrl[] = "snowfield/field";

std::string Payload(const absl::Status& status, absl::string_view url) {
  auto payload = status.GetPayload(url);
  return payload.has_value() ? std::string(*payload) : std::string();
}
}  // namespace

absl::Status Problem(absl::StatusCode code, std::string_view reason, std::string_view field, std::string_view message) {
  absl::Status status(code, ToAbsl(message));
  status.SetPayload(kReasonUrl, absl::Cord(ToAbsl(reason)));
  if (!field.empty()) status.SetPayload(kFieldUrl, absl::Cord(ToAbsl(field)));
  return status;
}

absl::Status InvalidField(std::string_view field, std::string_view reason, std::string_view message) {
  return Problem(absl::StatusCode::kInvalidArgument, reason, field, message);
}

absl::Status NotNow(std::string_view reason, std::string_view message) {
  return Problem(absl::StatusCode::kFailedPrecondition, reason, "", message);
}

absl::Status NoSuch(std::string_view field, std::string_view message) {
  return Problem(absl::StatusCode::kNotFound, "NOT_FOUND", field, message);
}

ProblemDetail DetailOf(const absl::Status& status) {
  return {.reason = Payload(status, kReasonUrl), .field = Payload(status, kFieldUrl)};
}

std::string MessageOf(const absl::Status& status) { return std::string(ToStd(status.message())); }

}  // namespace snowfield::base
