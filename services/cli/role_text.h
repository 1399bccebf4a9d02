// Roles and scopes as people type and read them: "leader", "branch".
// Thread safety: pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "snowfield/access/v1/access.pb.h"

namespace snowfield::cli {

inline constexpr char kRoleHelp[] = "owner, director, organizer, leader, canvasser, clerk or viewer";

// INVALID_ARGUMENT naming --role.
absl::StatusOr<access::v1::Role> RoleOf(const std::string& name);
std::string RoleText(access::v1::Role role);

// "campaign", "branch", or nothing for what the role has. INVALID_ARGUMENT naming --scope.
absl::StatusOr<access::v1::MemberScope> ScopeOf(const std::string& name);
std::string ScopeText(access::v1::MemberScope scope);

}  // namespace snowfield::cli
