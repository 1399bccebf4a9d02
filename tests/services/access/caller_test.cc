#include "services/access/caller.h"

#include <gtest/gtest.h>

#include "services/access/scope.h"

namespace snowfield::access {
namespace {
using rpc::v1::Permission;

Caller With(v1::Role role) { return {.campaign = base::CampaignId(1), .member = base::MemberId(2), .role = role}; }

TEST(May, APhoneOnlyCanvasses) {
  Caller phone = With(v1::ROLE_OWNER);
  phone.phone = base::PhoneId(3);
  for (int i = rpc::v1::Permission_MIN; i <= rpc::v1::Permission_MAX; ++i) {
    const auto permission = static_cast<Permission>(i);
    const bool allowed = permission == rpc::v1::PERMISSION_CANVASS || permission == rpc::v1::PERMISSION_ANY_MEMBER ||
                         permission == rpc::v1::PERMISSION_PUBLIC;
    EXPECT_EQ(May(phone, permission), allowed) << Permission_Name(permission);
  }
}

TEST(May, TheOwnerMayAllButOperate) {
  for (int i = rpc::v1::PERMISSION_PUBLIC; i <= rpc::v1::Permission_MAX; ++i) {
    const auto permission = static_cast<Permission>(i);
    EXPECT_EQ(May(With(v1::ROLE_OWNER), permission), permission != rpc::v1::PERMISSION_OPERATE)
        << Permission_Name(permission);
  }
}

TEST(May, ACanvasserReadsNoPeopleAndNoTurf) {
  for (const Permission permission :
       {rpc::v1::PERMISSION_PEOPLE_READ, rpc::v1::PERMISSION_TURF_READ, rpc::v1::PERMISSION_MAP_READ,
        rpc::v1::PERMISSION_TEAM_READ, rpc::v1::PERMISSION_TEAM_WRITE, rpc::v1::PERMISSION_OPERATE}) {
    EXPECT_FALSE(May(With(v1::ROLE_CANVASSER), permission)) << Permission_Name(permission);
  }
  EXPECT_TRUE(May(With(v1::ROLE_CANVASSER), rpc::v1::PERMISSION_CANVASS));
  EXPECT_TRUE(May(With(v1::ROLE_CANVASSER), rpc::v1::PERMISSION_FOLLOW_UP_WORK)) << "their own";
}

TEST(May, NobodyHoldsAnUnstatedPermission) {
  EXPECT_FALSE(May(With(v1::ROLE_OWNER), rpc::v1::PERMISSION_UNSPECIFIED));
  EXPECT_FALSE(May(Caller{.is_operator = true}, rpc::v1::PERMISSION_MAP_READ));
  EXPECT_FALSE(May(Caller{}, rpc::v1::PERMISSION_ANY_MEMBER));
}

TEST(Reaches, TheCampaignOnlyWhoSeesIt) {
  Caller caller = With(v1::ROLE_ORGANIZER);
  EXPECT_FALSE(Reaches(caller, rpc::v1::SCOPE_BRANCH)) << "a caller without a scope reaches nothing";
  caller.scope = v1::MEMBER_SCOPE_BRANCH;
  EXPECT_TRUE(Reaches(caller, rpc::v1::SCOPE_BRANCH));
  EXPECT_TRUE(Reaches(caller, rpc::v1::SCOPE_SHARED));
  EXPECT_FALSE(Reaches(caller, rpc::v1::SCOPE_CAMPAIGN));
  caller.scope = v1::MEMBER_SCOPE_CAMPAIGN;
  EXPECT_TRUE(Reaches(caller, rpc::v1::SCOPE_CAMPAIGN));
  EXPECT_FALSE(Reaches(caller, rpc::v1::SCOPE_UNSPECIFIED));
}

TEST(MayHaveScope, HoldsLeadersToTheirBranchAndDirectorsToTheCampaign) {
  for (int i = v1::ROLE_OWNER; i <= v1::Role_MAX; ++i) {
    const auto role = static_cast<v1::Role>(i);
    EXPECT_TRUE(MayHaveScope(role, ScopeOf(role, false))) << v1::Role_Name(role);
    EXPECT_EQ(MayHaveScope(role, v1::MEMBER_SCOPE_CAMPAIGN), role != v1::ROLE_LEADER && role != v1::ROLE_CANVASSER);
    EXPECT_EQ(MayHaveScope(role, v1::MEMBER_SCOPE_BRANCH),
              role != v1::ROLE_OWNER && role != v1::ROLE_DIRECTOR && role != v1::ROLE_CLERK);
  }
}

TEST(MayGive, NobodyGivesMoreThanTheyHold) {
  Caller caller = With(v1::ROLE_ORGANIZER);
  caller.scope = v1::MEMBER_SCOPE_CAMPAIGN;
  EXPECT_FALSE(MayGive(caller, v1::ROLE_DIRECTOR));
  EXPECT_TRUE(MayGive(caller, v1::ROLE_ORGANIZER));
  EXPECT_TRUE(MayGive(caller, v1::ROLE_VIEWER));
  // One who is held to a branch would make someone who sees the campaign.
  caller.scope = v1::MEMBER_SCOPE_BRANCH;
  EXPECT_FALSE(MayGive(caller, v1::ROLE_ORGANIZER));
  EXPECT_FALSE(MayGive(caller, v1::ROLE_VIEWER));
  EXPECT_TRUE(MayGive(caller, v1::ROLE_LEADER));
}

TEST(RoleName, GoesThereAndBack) {
  for (int i = v1::ROLE_OWNER; i <= v1::Role_MAX; ++i) {
    const auto role = static_cast<v1::Role>(i);
    const auto back = RoleFromName(RoleName(role));
    ASSERT_TRUE(back.ok()) << v1::Role_Name(role);
    EXPECT_EQ(*back, role);
  }
  EXPECT_FALSE(RoleFromName("king").ok());
}

}  // namespace
}  // namespace snowfield::access
