#include "services/organizing/branch_rights.h"

#include "base/status.h"
#include "services/access/scope.h"

namespace snowfield::organizing {

using access::v1::Role;

absl::Status CheckInBranch(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                           std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, access::IsInScope(transaction, caller, member));
  if (inside) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_BRANCH", field,
                       "this member is not on your team or below it: ask their leader");
}

absl::Status CheckMayChange(db::Transaction& transaction, const access::Caller& caller, const db::MemberRow& member,
                            std::string_view field) {
  SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member.id, field));
  SNOWFIELD_ASSIGN_OR_RETURN(const Role role, access::RoleFromName(member.role));
  if (member.id != caller.member && role < caller.role) {
    return base::Problem(absl::StatusCode::kPermissionDenied, "ROLE_ABOVE_YOURS", field,
                         "this member's role may do what yours may not: ask someone who holds it");
  }
  if (!member.leave_time.has_value()) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_LEFT", field,
                       "this member has left the campaign: name someone who is here");
}

}  // namespace snowfield::organizing
