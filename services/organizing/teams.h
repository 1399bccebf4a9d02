// Changes of teams: moving, stepping down, leaving, merging, splitting.
//
// Each is planned and done under services/organizing/tree_change.h, by callers whose right
// services/organizing/branch_rights.h says; a leader names others of their own branch, or the leader right above.
// Repeating a change that was done does no harm.
// Thread safety: all functions from any thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/organizing/tree_change.h"

namespace snowfield::organizing {

// A team has at most 12 places.
inline constexpr int kFollowersMax = 12;

struct MoveOrder {
  base::MemberId member;
  base::MemberId new_leader;
  bool without_people = false;
  bool validate_only = false;
};
// FAILED_PRECONDITION TEAM_FULL, WOULD_CYCLE, WOULD_ORPHAN, TREE_TOO_DEEP, MEMBER_LEFT; INVALID_ARGUMENT NOT_A_LEADER;
// PERMISSION_DENIED NOT_YOUR_BRANCH, ROLE_ABOVE_YOURS; NOT_FOUND.
absl::StatusOr<TreeChange> MoveMember(db::Pool& pool, const access::Call& call, const MoveOrder& order);

enum class Ending {
  kStepsDown,  // stays in the tree, without a team
  kLeaves,     // goes out of the tree; access ends
  kMerges,     // steps down, and all the people must fit on the successor's team
};
struct EndingOrder {
  Ending ending = Ending::kStepsDown;
  base::MemberId member;
  base::MemberId successor;  // none: the leader above and those near; not none for kMerges
  bool validate_only = false;
};
// As MoveMember; and FAILED_PRECONDITION AT_THE_TOP, SUCCESSOR_UNFIT.
absl::StatusOr<TreeChange> EndLeading(db::Pool& pool, const access::Call& call, const EndingOrder& order);

// The same within a transaction that holds the lock of changes and of the member, and nothing done yet.
absl::StatusOr<TreeChange> PlanEnding(db::Transaction& transaction, const access::Caller& caller,
                                      const EndingOrder& order);

struct SplitOrder {
  base::MemberId leader;
  base::MemberId new_leader;
  std::vector<base::MemberId> followers;  // 1 to kFollowersMax
  base::MemberId under;                   // none: the new leader stays where they are
  bool validate_only = false;
};
// FAILED_PRECONDITION NOT_ON_TEAM, TEAM_FULL, WOULD_CYCLE, TREE_TOO_DEEP, MEMBER_LEFT; INVALID_ARGUMENT
// FOLLOWERS_OUT_OF_RANGE, NOT_A_LEADER; PERMISSION_DENIED; NOT_FOUND.
absl::StatusOr<TreeChange> SplitTeam(db::Pool& pool, const access::Call& call, const SplitOrder& order);
// The same within a transaction that holds the lock of changes, and nothing done yet.
absl::StatusOr<TreeChange> PlanSplit(db::Transaction& transaction, const access::Caller& caller,
                                     const SplitOrder& order);

}  // namespace snowfield::organizing
