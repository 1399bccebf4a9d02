// CallMetrics: rate, errors and duration of each RPC, for Prometheus.
//
// The names and labels are those that gRPC servers of other languages use, so that a dashboard made for them fits:
// grpc_server_handled_total{grpc_service,grpc_method,grpc_code} and grpc_server_handling_seconds{grpc_service,
// grpc_method}. Invariants: labels are names of RPCs and codes, of which there are so many and no more; nothing of a
// caller or a campaign is among them.
// Thread safety: Served() from any thread. The registry must outlive it.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/rpc/policy.h"

namespace snowfield::access {

class CallMetrics {
 public:
  // One set for each RPC of the table, with the codes that it may answer: a rate is there before the first error.
  CallMetrics(prometheus::Registry& registry, const rpc::PolicyTable& policies);

  // An RPC of the table was answered with `code`, after `time`.
  void Served(const rpc::MethodRule& rule, absl::StatusCode code, absl::Duration time) const;

 private:
  struct OfMethod {
    std::vector<prometheus::Counter*> by_code;  // the number of the code is the place
    prometheus::Histogram* seconds = nullptr;
  };
  absl::flat_hash_map<std::string, OfMethod> methods_;
};

}  // namespace snowfield::access
