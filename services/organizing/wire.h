// Rows of the snowflake as messages.
// Thread safety: pure.
#pragma once

#include "absl/status/status.h"
#include "db/store/member_store.h"
#include "services/organizing/tree_change.h"
#include "snowfield/organizing/v1/members.pb.h"

namespace snowfield::organizing {

// INTERNAL for a role that this server does not know.
absl::Status ToMessage(const db::MemberRow& row, v1::Member& member);
void ToMessage(const TreeChange& change, v1::TreeChange& message);

}  // namespace snowfield::organizing
