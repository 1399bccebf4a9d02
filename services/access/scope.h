// Scope: how far a caller sees, and whom they may act on. Every check of "is this one of theirs" is one of these.
//
// A caller's scope is the whole campaign or their branch of the snowflake (Caller::scope). The gate refuses a caller
// who is held to a branch where an RPC's policy says SCOPE_CAMPAIGN; where it says SCOPE_BRANCH, the method calls one
// of the functions below for each member it is about to read or change. Thread safety: as the transaction's.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"

namespace snowfield::access {

// The scope that a role has in the database; `held_to_branch` narrows an organizer's or a viewer's.
v1::MemberScope ScopeOf(v1::Role role, bool held_to_branch);
// Whether a member of this role may have this scope.
bool MayHaveScope(v1::Role role, v1::MemberScope scope);

// Where lists begin: none for a caller who sees the whole campaign, else the caller.
base::MemberId BranchRoot(const Caller& caller);

// Whether `member` is inside the caller's scope. True for any id where that is the campaign.
absl::StatusOr<bool> IsInScope(db::Transaction& transaction, const Caller& caller, base::MemberId member);

// OK where `member` exists and is inside the caller's scope; NOT_FOUND, or PERMISSION_DENIED with reason
// NOT_YOUR_BRANCH, naming `field`.
absl::Status CheckInScope(db::Transaction& transaction, const Caller& caller, base::MemberId member,
                          std::string_view field);

// As CheckInScope, for acting in that member's place or on their standing (secrets, phones, moves): also
// PERMISSION_DENIED with reason ROLE_ABOVE_YOURS where their role may do what the caller's may not.
absl::Status CheckMayManage(db::Transaction& transaction, const Caller& caller, base::MemberId member,
                            std::string_view field);

// Whether members of this role, as the database writes it, may have a team and turf.
bool MayLead(std::string_view role);

// Whether the caller may make a member of this role. Nobody gives what they do not hold, and one who is held to a
// branch gives only roles that are too.
bool MayGive(const Caller& caller, v1::Role role);

}  // namespace snowfield::access
