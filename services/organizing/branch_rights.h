// Who may do what to whom in the snowflake: a caller acts within their scope (services/access/scope.h), and nobody acts
// on a role above theirs. Thread safety: as the transaction's.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/member_store.h"
#include "services/access/caller.h"

namespace snowfield::organizing {

// PERMISSION_DENIED NOT_YOUR_BRANCH where `member` is outside the caller's scope.
absl::Status CheckInBranch(db::Transaction& transaction, const access::Caller& caller, base::MemberId member,
                           std::string_view field);
// As CheckInBranch; also FAILED_PRECONDITION MEMBER_LEFT, and PERMISSION_DENIED ROLE_ABOVE_YOURS.
absl::Status CheckMayChange(db::Transaction& transaction, const access::Caller& caller, const db::MemberRow& member,
                            std::string_view field);

}  // namespace snowfield::organizing
