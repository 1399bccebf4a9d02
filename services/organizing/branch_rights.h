// Who may do what to whom in the snowflake: a leader acts within their own branch, and nobody acts on a role above
// theirs or gives one.
// Thread safety: as the transaction's.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/member_store.h"
#include "services/access/caller.h"

namespace snowfield::organizing {

// A leader's people knock on doors or lead; clerks and viewers see the whole campaign, so staff make them.
bool MayGive(access::v1::Role caller, access::v1::Role role);

// Whether members of this role may have a team.
bool MayLead(std::string_view role);

// PERMISSION_DENIED NOT_YOUR_BRANCH where the caller is a leader and `member` is neither they nor below them.
absl::Status CheckInBranch(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                           std::string_view field);
// As CheckInBranch; also FAILED_PRECONDITION MEMBER_LEFT, and PERMISSION_DENIED ROLE_ABOVE_YOURS.
absl::Status CheckMayChange(db::Transaction& transaction, const access::Caller& caller, const db::MemberRow& member,
                            std::string_view field);

}  // namespace snowfield::organizing
