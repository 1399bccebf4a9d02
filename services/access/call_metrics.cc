#include "services/access/call_metrics.h"

#include <array>

namespace snowfield::access {
namespace {
// As the gRPC libraries that export these metrics write the codes, in the order of their numbers.
constexpr std::array<const char*, 17> kCodes = {
    "OK",       "Canceled",       "Unknown",          "InvalidArgument",   "DeadlineExceeded",
    "NotFound", "AlreadyExists",  "PermissionDenied", "ResourceExhausted", "FailedPrecondition",
    "Aborted",  "OutOfRange",     "Unimplemented",    "Internal",          "Unavailable",
    "DataLoss", "Unauthenticated"};
// Seconds. A phone's calls lie at the left, those of a cut at the right.
const prometheus::Histogram::BucketBoundaries kSeconds = {0.001, 0.0025, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25,
                                                          0.5,   1,      2.5,   5,    10,   30,   60,  300};
}  // namespace

CallMetrics::CallMetrics(prometheus::Registry& registry, const rpc::PolicyTable& policies) {
  auto& handled = prometheus::BuildCounter()
                      .Name("grpc_server_handled_total")
                      .Help("RPCs that were answered, by their code")
                      .Register(registry);
  auto& handling = prometheus::BuildHistogram()
                       .Name("grpc_server_handling_seconds")
                       .Help("Time from the arrival of an RPC to its answer; WaitChanges waits on purpose")
                       .Register(registry);
  for (const std::string& name : policies.Methods()) {
    const size_t dot = name.rfind('.');
    const prometheus::Labels method = {{"grpc_service", name.substr(0, dot)}, {"grpc_method", name.substr(dot + 1)}};
    OfMethod& mine = methods_[name];
    mine.seconds = &handling.Add(method, kSeconds);
    for (const char* code : kCodes) {
      prometheus::Labels labels = method;
      labels["grpc_code"] = code;
      mine.by_code.push_back(&handled.Add(labels));
    }
  }
}

void CallMetrics::Served(const rpc::MethodRule& rule, absl::StatusCode code, absl::Duration time) const {
  const auto found = methods_.find(rule.method);
  if (found == methods_.end()) return;
  const auto place = static_cast<size_t>(code);
  if (place < kCodes.size()) found->second.by_code[place]->Increment();
  found->second.seconds->Observe(absl::ToDoubleSeconds(time));
}

}  // namespace snowfield::access
