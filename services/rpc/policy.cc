#include "services/rpc/policy.h"

#include <google/protobuf/descriptor.h>

#include "absl/strings/str_cat.h"
#include "base/status.h"

namespace snowfield::rpc {

absl::Status CheckPolicy(const std::string& method, const v1::MethodPolicy& policy) {
  if (policy.permission() == v1::PERMISSION_UNSPECIFIED || policy.scope() == v1::SCOPE_UNSPECIFIED ||
      policy.deadline_s_max() <= 0) {
    return base::NotNow("POLICY_MISSING", absl::StrCat(method, " states no permission, no scope or no deadline_s_max"));
  }
  const bool of_a_member =
      policy.permission() != v1::PERMISSION_PUBLIC && policy.permission() != v1::PERMISSION_OPERATE;
  if (of_a_member == (policy.scope() == v1::SCOPE_NONE)) {
    return base::NotNow("POLICY_UNFIT", absl::StrCat(method,
                                                     ": public calls and the operator's have SCOPE_NONE, and "
                                                     "no others"));
  }
  return absl::OkStatus();
}

absl::StatusOr<PolicyTable> PolicyTable::Read(const std::vector<std::string>& services) {
  PolicyTable table;
  for (const std::string& name : services) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    if (service == nullptr) return base::NotNow("SERVICE_UNKNOWN", absl::StrCat(name, " is not linked in"));
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      const auto& policy = method.options().GetExtension(v1::policy);
      SNOWFIELD_RETURN_IF_ERROR(CheckPolicy(method.full_name(), policy));
      const MethodRule rule{.method = method.full_name(),
                            .permission = policy.permission(),
                            .scope = policy.scope(),
                            .deadline_max = absl::Seconds(policy.deadline_s_max())};
      if (!table.rules_.emplace(method.input_type(), rule).second) {
        return base::NotNow("REQUEST_SHARED", absl::StrCat(method.full_name(), " shares its request with another RPC"));
      }
    }
  }
  return table;
}

const MethodRule* PolicyTable::Find(const google::protobuf::Descriptor& request) const {
  const auto found = rules_.find(&request);
  return found == rules_.end() ? nullptr : &found->second;
}

std::vector<std::string> PolicyTable::Methods() const {
  std::vector<std::string> methods;
  for (const auto& [request, rule] : rules_) methods.push_back(rule.method);
  std::sort(methods.begin(), methods.end());
  return methods;
}

}  // namespace snowfield::rpc
