// What each RPC states about itself (snowfield.rpc.v1.policy), read from the descriptors.
//
// An RPC is known by the type of its request, which no two RPCs share. A service with an RPC that states no permission
// or no deadline is refused: the server does not start.
// Thread safety: immutable after it is made.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "snowfield/rpc/v1/policy.pb.h"

namespace google::protobuf {
class Descriptor;
}

namespace snowfield::rpc {

struct MethodRule {
  std::string method;  // "snowfield.turf.v1.TurfService.StartCut"
  v1::Permission permission = v1::PERMISSION_UNSPECIFIED;
  v1::Scope scope = v1::SCOPE_UNSPECIFIED;
  absl::Duration deadline_max;
};

// FAILED_PRECONDITION for a policy that states no permission, scope or deadline, or a scope that does not fit its
// permission.
absl::Status CheckPolicy(const std::string& method, const v1::MethodPolicy& policy);

class PolicyTable {
 public:
  // Reads every RPC of the named services ("snowfield.turf.v1.TurfService"). FAILED_PRECONDITION names an RPC whose
  // policy CheckPolicy refuses, a request type that two RPCs share, or a service that is not linked in.
  static absl::StatusOr<PolicyTable> Read(const std::vector<std::string>& services);

  // The rule of the RPC that takes this request; null where there is none: refuse it.
  const MethodRule* Find(const google::protobuf::Descriptor& request) const;
  // The full names of all RPCs, sorted.
  std::vector<std::string> Methods() const;

 private:
  absl::flat_hash_map<const google::protobuf::Descriptor*, MethodRule> rules_;
};

}  // namespace snowfield::rpc
