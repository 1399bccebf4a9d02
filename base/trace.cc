#include "base/trace.h"

#include <algorithm>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_format.h"

namespace snowfield::base {
namespace {
// version "-" trace-id "-" parent-id "-" trace-flags; later versions may add more behind another "-".
constexpr size_t kTraceIdAt = 3, kTraceIdLength = 32;
constexpr size_t kParentIdAt = 36, kParentIdLength = 16;
constexpr size_t kFlagsAt = 53, kLengthMin = 55;
constexpr std::string_view kVersionForbidden = "ff";

thread_local std::string current_trace_id;  // NOLINT(cppcoreguidelines-avoid-non-const-global-variables)

bool IsHex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return ('0' <= c && c <= '9') || ('a' <= c && c <= 'f'); });
}

bool IsZero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }
}  // namespace

std::optional<std::string> TraceIdOf(std::string_view traceparent) {
  if (traceparent.size() < kLengthMin) return std::nullopt;
  const std::string_view version = traceparent.substr(0, kTraceIdAt - 1);
  const std::string_view trace_id = traceparent.substr(kTraceIdAt, kTraceIdLength);
  const std::string_view parent_id = traceparent.substr(kParentIdAt, kParentIdLength);
  const std::string_view flags = traceparent.substr(kFlagsAt, kLengthMin - kFlagsAt);
  if (!IsHex(version) || !IsHex(trace_id) || !IsHex(parent_id) || !IsHex(flags)) return std::nullopt;
  if (traceparent[kTraceIdAt - 1] != '-' || traceparent[kParentIdAt - 1] != '-' || traceparent[kFlagsAt - 1] != '-') {
    return std::nullopt;
  }
  const bool ends_well = traceparent.size() == kLengthMin || (version != "00" && traceparent[kLengthMin] == '-');
  if (!ends_well || version == kVersionForbidden || IsZero(trace_id) || IsZero(parent_id)) return std::nullopt;
  return std::string(trace_id);
}

std::string NewTraceId() {
  thread_local absl::BitGen random;
  const auto high = absl::Uniform<uint64_t>(absl::IntervalClosed, random, 1, UINT64_MAX);
  return absl::StrFormat("%016x%016x", high, absl::Uniform<uint64_t>(random));
}

TraceScope::TraceScope(std::string trace_id) : outer_(std::exchange(current_trace_id, std::move(trace_id))) {}
TraceScope::~TraceScope() { current_trace_id = std::move(outer_); }

const std::string& CurrentTraceId() { return current_trace_id; }

}  // namespace snowfield::base
