// Caller: who makes a call, and what they may do.
// Thread safety: plain values; pure functions.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "snowfield/access/v1/access.pb.h"
#include "snowfield/rpc/v1/policy.pb.h"

namespace snowfield::access {

struct Caller {
  base::CampaignId campaign = {};  // none for the operator and for a public call
  base::MemberId member = {};
  base::PhoneId phone = {};  // set where the token is a phone's
  v1::Role role = v1::ROLE_UNSPECIFIED;
  // How far they see (services/access/scope.h); a phone is its member's own whatever the role.
  v1::MemberScope scope = v1::MEMBER_SCOPE_UNSPECIFIED;
  bool is_operator = false;
};

// One admitted call: its caller, when it must end, and whether the client has gone.
struct Call {
  Caller caller = {};
  absl::Time deadline = absl::InfiniteFuture();
  std::function<bool()> cancelled = [] { return false; };
  std::string source = {};   // services/access/source.h
  bool source_tells = true;  // false: all that come through a proxy have this one

  // The caller's campaign, with the call's deadline and cancellation.
  db::Scope Scope() const;
  // As Scope(), for reading only.
  db::Scope ReadScope() const;
};

// Whether members of this role hold the right, other than what all hold.
bool RoleMay(v1::Role role, rpc::v1::Permission permission);
// Whether this caller holds the right. A phone's token holds PERMISSION_CANVASS and PERMISSION_ANY_MEMBER only,
// whatever its member's role.
bool May(const Caller& caller, rpc::v1::Permission permission);
// Whether the caller's scope is as wide as the RPC's. What stands in a branch is for the method to check.
bool Reaches(const Caller& caller, rpc::v1::Scope scope);

// "leader" and back, as the database writes roles.
std::string_view RoleName(v1::Role role);
absl::StatusOr<v1::Role> RoleFromName(std::string_view name);

}  // namespace snowfield::access
