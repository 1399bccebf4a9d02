#include "services/organizing/branch_rights.h"

#include "base/status.h"
#include "db/store/access_store.h"

namespace snowfield::organizing {

using access::v1::Role;

bool MayGive(Role caller, Role role) {
  if (caller == access::v1::ROLE_LEADER) {
    return role == access::v1::ROLE_LEADER || role == access::v1::ROLE_CANVASSER;
  }
  // Roles stand in the order of what they may do.
  return role >= caller;
}

bool MayLead(std::string_view role) {
  return role == "leader" || role == "organizer" || role == "director" || role == "owner";
}

absl::Status CheckInBranch(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                           std::string_view field) {
  if (caller.role != access::v1::ROLE_LEADER) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool inside, db::IsInBranch(transaction, member, caller.member));
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
