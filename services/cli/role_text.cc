#include "services/cli/role_text.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status.h"

namespace snowfield::cli {
using access::v1::MemberScope;
using access::v1::Role;

absl::StatusOr<Role> RoleOf(const std::string& name) {
  Role role = access::v1::ROLE_UNSPECIFIED;
  if (access::v1::Role_Parse("ROLE_" + absl::AsciiStrToUpper(name), &role) && role != access::v1::ROLE_UNSPECIFIED) {
    return role;
  }
  return base::InvalidField("--role", "ROLE_UNKNOWN", absl::StrCat("choose ", kRoleHelp));
}

std::string RoleText(Role role) {
  const std::string name = access::v1::Role_Name(role);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "ROLE_"));
}

absl::StatusOr<MemberScope> ScopeOf(const std::string& name) {
  MemberScope scope = access::v1::MEMBER_SCOPE_UNSPECIFIED;
  if (name.empty()) return scope;
  if (access::v1::MemberScope_Parse("MEMBER_SCOPE_" + absl::AsciiStrToUpper(name), &scope) &&
      scope != access::v1::MEMBER_SCOPE_UNSPECIFIED) {
    return scope;
  }
  return base::InvalidField("--scope", "SCOPE_UNFIT", "choose campaign or branch, or leave it out");
}

std::string ScopeText(MemberScope scope) {
  const std::string name = access::v1::MemberScope_Name(scope);
  return absl::AsciiStrToLower(absl::StripPrefix(name, "MEMBER_SCOPE_"));
}

}  // namespace snowfield::cli
