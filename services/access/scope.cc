#include "services/access/scope.h"

#include <string>

#include "base/status.h"
#include "db/store/access_store.h"

namespace snowfield::access {
namespace {

absl::Status Denied(std::string_view reason, std::string_view field, std::string_view message) {
  return base::Problem(absl::StatusCode::kPermissionDenied, reason, field, message);
}

// Roles stand in the order of what they may do.
bool IsAbove(v1::Role role, v1::Role other) { return role < other; }

bool IsOfABranch(v1::Role role) { return role == v1::ROLE_LEADER || role == v1::ROLE_CANVASSER; }

bool SeesCampaign(const Caller& caller) { return caller.scope == v1::MEMBER_SCOPE_CAMPAIGN; }

}  // namespace

v1::MemberScope ScopeOf(v1::Role role, bool held_to_branch) {
  if (role == v1::ROLE_UNSPECIFIED) return v1::MEMBER_SCOPE_UNSPECIFIED;
  return held_to_branch || IsOfABranch(role) ? v1::MEMBER_SCOPE_BRANCH : v1::MEMBER_SCOPE_CAMPAIGN;
}

bool MayHaveScope(v1::Role role, v1::MemberScope scope) {
  if (scope == v1::MEMBER_SCOPE_CAMPAIGN) return !IsOfABranch(role);
  return scope == v1::MEMBER_SCOPE_BRANCH &&
         (IsOfABranch(role) || role == v1::ROLE_ORGANIZER || role == v1::ROLE_VIEWER);
}

base::MemberId BranchRoot(const Caller& caller) { return SeesCampaign(caller) ? base::MemberId() : caller.member; }

absl::StatusOr<bool> IsInScope(db::Transaction& transaction, const Caller& caller, base::MemberId member) {
  if (SeesCampaign(caller) || member == caller.member) return true;
  return db::IsInBranch(transaction, member, caller.member);
}

absl::Status CheckInScope(db::Transaction& transaction, const Caller& caller, base::MemberId member,
                          std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(db::MemberRole(transaction, member, field).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, IsInScope(transaction, caller, member));
  if (inside) return absl::OkStatus();
  return Denied("NOT_YOUR_BRANCH", field, "this member is not on your team or below it: ask their leader");
}

absl::Status CheckMayManage(db::Transaction& transaction, const Caller& caller, base::MemberId member,
                            std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckInScope(transaction, caller, member, field));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string name, db::MemberRole(transaction, member, field));
  SNOWFIELD_ASSIGN_OR_RETURN(const v1::Role role, RoleFromName(name));
  if (!IsAbove(role, caller.role)) return absl::OkStatus();
  return Denied("ROLE_ABOVE_YOURS", field, "this member's role may do what yours may not: ask someone who holds it");
}

bool MayLead(std::string_view role) {
  return role == "leader" || role == "organizer" || role == "director" || role == "owner";
}

bool MayGive(const Caller& caller, v1::Role role) {
  if (!SeesCampaign(caller) && !IsOfABranch(role)) return false;
  return !IsAbove(role, caller.role);
}

}  // namespace snowfield::access
