#include "services/access/caller.h"

#include <gtest/gtest.h>

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
        rpc::v1::PERMISSION_TEAM_READ, rpc::v1::PERMISSION_FOLLOW_UP_READ, rpc::v1::PERMISSION_OPERATE}) {
    EXPECT_FALSE(May(With(v1::ROLE_CANVASSER), permission)) << Permission_Name(permission);
  }
  EXPECT_TRUE(May(With(v1::ROLE_CANVASSER), rpc::v1::PERMISSION_CANVASS));
}

TEST(May, NobodyHoldsAnUnstatedPermission) {
  EXPECT_FALSE(May(With(v1::ROLE_OWNER), rpc::v1::PERMISSION_UNSPECIFIED));
  EXPECT_FALSE(May(Caller{.is_operator = true}, rpc::v1::PERMISSION_MAP_READ));
  EXPECT_FALSE(May(Caller{}, rpc::v1::PERMISSION_ANY_MEMBER));
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
