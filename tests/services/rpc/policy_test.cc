#include "services/rpc/policy.h"

#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include "base/status.h"
#include "snowfield/access/v1/access.pb.h"
#include "snowfield/canvass/v1/canvass.pb.h"
#include "snowfield/followup/v1/followup.pb.h"
#include "snowfield/organizing/v1/organizing.pb.h"
#include "snowfield/territory/v1/territory.pb.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::rpc {
namespace {

// Naming a message of each file links its descriptors in.
std::vector<std::string> All() {
  std::vector<std::string> names;
  for (const auto* message :
       {access::v1::WhoAmIRequest::descriptor(), territory::v1::GetTerritoryRequest::descriptor(),
        turf::v1::GetCutRequest::descriptor(), organizing::v1::GetMemberRequest::descriptor(),
        canvass::v1::SendKnocksRequest::descriptor(), followup::v1::ListFollowUpsRequest::descriptor()}) {
    names.push_back(message->file()->service(0)->full_name());
  }
  return names;
}
const std::vector<std::string> kAll = All();

TEST(PolicyTable, EveryRpcStatesItsPolicy) {
  const auto table = PolicyTable::Read(kAll);
  ASSERT_TRUE(table.ok()) << table.status();
  const MethodRule* rule = table->Find(*turf::v1::StartCutRequest::descriptor());
  ASSERT_NE(rule, nullptr);
  EXPECT_EQ(rule->method, "snowfield.turf.v1.TurfService.StartCut");
  EXPECT_EQ(rule->permission, v1::PERMISSION_TURF_WRITE);
  EXPECT_GT(rule->deadline_max, absl::ZeroDuration());
}

TEST(PolicyTable, RefusesAPolicyThatLeavesSomethingOut) {
  v1::MethodPolicy good;
  good.set_permission(v1::PERMISSION_MAP_READ);
  good.set_scope(v1::SCOPE_SHARED);
  good.set_deadline_s_max(10);
  EXPECT_TRUE(CheckPolicy("m", good).ok());
  for (const char* field : {"permission", "scope", "deadline_s_max"}) {
    v1::MethodPolicy policy = good;
    policy.GetReflection()->ClearField(&policy, policy.GetDescriptor()->FindFieldByName(field));
    EXPECT_EQ(base::DetailOf(CheckPolicy("m", policy)).reason, "POLICY_MISSING") << field;
  }
}

TEST(PolicyTable, RefusesAMembersCallWithoutScopeAndAPublicOneWithAScope) {
  v1::MethodPolicy policy;
  policy.set_permission(v1::PERMISSION_MAP_READ);
  policy.set_scope(v1::SCOPE_NONE);
  policy.set_deadline_s_max(10);
  EXPECT_EQ(base::DetailOf(CheckPolicy("m", policy)).reason, "POLICY_UNFIT");
  policy.set_permission(v1::PERMISSION_PUBLIC);
  policy.set_scope(v1::SCOPE_CAMPAIGN);
  EXPECT_EQ(base::DetailOf(CheckPolicy("m", policy)).reason, "POLICY_UNFIT");
}

TEST(PolicyTable, ListsArePaged) {
  for (const std::string& name : kAll) {
    const auto* service = google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    ASSERT_NE(service, nullptr) << name;
    for (int i = 0; i < service->method_count(); ++i) {
      const auto& method = *service->method(i);
      if (method.name().rfind("List", 0) != 0) continue;
      EXPECT_NE(method.input_type()->FindFieldByName("page_size"), nullptr) << method.full_name();
    }
  }
}

TEST(PolicyTable, RefusesAServiceThatIsNotThere) {
  const auto table = PolicyTable::Read({"snowfield.turf.v1.NoSuchService"});
  EXPECT_EQ(base::DetailOf(table.status()).reason, "SERVICE_UNKNOWN");
}

TEST(PolicyTable, RefusesARequestThatTwoRpcsShare) {
  const auto table = PolicyTable::Read({kAll[0], kAll[0]});
  EXPECT_EQ(base::DetailOf(table.status()).reason, "REQUEST_SHARED");
}

TEST(PolicyTable, KnowsNoRuleForOtherMessages) {
  const auto table = PolicyTable::Read(kAll);
  ASSERT_TRUE(table.ok());
  EXPECT_EQ(table->Find(*turf::v1::Cut::descriptor()), nullptr);
}

}  // namespace
}  // namespace snowfield::rpc
