#include "services/access/caller.h"

#include <array>
#include <utility>

namespace snowfield::access {
namespace {
using rpc::v1::Permission;

constexpr std::array<std::pair<v1::Role, std::string_view>, 7> kRoleNames = {{{v1::ROLE_OWNER, "owner"},
                                                                              {v1::ROLE_DIRECTOR, "director"},
                                                                              {v1::ROLE_ORGANIZER, "organizer"},
                                                                              {v1::ROLE_LEADER, "leader"},
                                                                              {v1::ROLE_CANVASSER, "canvasser"},
                                                                              {v1::ROLE_CLERK, "clerk"},
                                                                              {v1::ROLE_VIEWER, "viewer"}}};

}  // namespace

bool RoleMay(v1::Role role, Permission permission) {
  switch (permission) {
    case rpc::v1::PERMISSION_ACCESS_WRITE:
      return role == v1::ROLE_OWNER;
    case rpc::v1::PERMISSION_MAP_WRITE:
    case rpc::v1::PERMISSION_PEOPLE_READ:
    case rpc::v1::PERMISSION_PEOPLE_ERASE:
    case rpc::v1::PERMISSION_AUDIT_READ:
      return role == v1::ROLE_OWNER || role == v1::ROLE_DIRECTOR;
    case rpc::v1::PERMISSION_TURF_WRITE:
      return role == v1::ROLE_OWNER || role == v1::ROLE_DIRECTOR || role == v1::ROLE_ORGANIZER;
    case rpc::v1::PERMISSION_MAP_READ:
    case rpc::v1::PERMISSION_TURF_READ:
      return role != v1::ROLE_CANVASSER && role != v1::ROLE_LEADER;
    case rpc::v1::PERMISSION_TEAM_READ:
      return role != v1::ROLE_CANVASSER && role != v1::ROLE_CLERK;
    // A canvasser's branch is themselves: they see and do the work that is theirs.
    case rpc::v1::PERMISSION_FOLLOW_UP_READ:
    case rpc::v1::PERMISSION_FOLLOW_UP_WORK:
      return role != v1::ROLE_CLERK && role != v1::ROLE_VIEWER;
    case rpc::v1::PERMISSION_TEAM_WRITE:
    case rpc::v1::PERMISSION_PAPER_PRINT:
      return role == v1::ROLE_OWNER || role == v1::ROLE_DIRECTOR || role == v1::ROLE_ORGANIZER ||
             role == v1::ROLE_LEADER;
    case rpc::v1::PERMISSION_PAPER_ENTER:
      return role != v1::ROLE_CANVASSER && role != v1::ROLE_VIEWER;
    case rpc::v1::PERMISSION_CANVASS:
      return role != v1::ROLE_CLERK && role != v1::ROLE_VIEWER;
    default:
      return false;
  }
}

db::Scope Call::Scope() const { return {.campaign = caller.campaign, .deadline = deadline, .cancelled = cancelled}; }

db::Scope Call::ReadScope() const {
  db::Scope scope = Scope();
  scope.read_only = true;
  return scope;
}

bool May(const Caller& caller, Permission permission) {
  if (permission == rpc::v1::PERMISSION_PUBLIC) return true;
  if (permission == rpc::v1::PERMISSION_OPERATE) return caller.is_operator;
  if (!caller.member || caller.role == v1::ROLE_UNSPECIFIED) return false;
  if (permission == rpc::v1::PERMISSION_ANY_MEMBER) return true;
  if (caller.phone && permission != rpc::v1::PERMISSION_CANVASS) return false;
  return RoleMay(caller.role, permission);
}

bool Reaches(const Caller& caller, rpc::v1::Scope scope) {
  switch (scope) {
    case rpc::v1::SCOPE_NONE:
      return true;
    case rpc::v1::SCOPE_OWN:
    case rpc::v1::SCOPE_SHARED:
    case rpc::v1::SCOPE_BRANCH:
      return caller.scope != v1::MEMBER_SCOPE_UNSPECIFIED;
    case rpc::v1::SCOPE_CAMPAIGN:
      return caller.scope == v1::MEMBER_SCOPE_CAMPAIGN;
    default:
      return false;
  }
}

std::string_view RoleName(v1::Role role) {
  for (const auto& [known, name] : kRoleNames) {
    if (known == role) return name;
  }
  return "";
}

absl::StatusOr<v1::Role> RoleFromName(std::string_view name) {
  for (const auto& [role, known] : kRoleNames) {
    if (known == name) return role;
  }
  return absl::InternalError("a role that this server does not know");
}

}  // namespace snowfield::access
