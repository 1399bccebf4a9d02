// Changes: what phones learn by token, numbered in commit order.
//
// Invariant: a reader who has seen change n has seen every change below n. AppendChanges() takes the numbers from one
// counter row per campaign and holds its lock until the commit, so it must be the last statement of its transaction,
// and the transaction must then commit at once.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

enum class ChangeKind { kKnock, kDoNotContact, kListRevoked, kListHandedOver, kListChanged, kKnockVoided };

struct NewChange {
  ChangeKind kind = ChangeKind::kKnock;
  base::WalkListId walk_list;
  base::DoorId door = {};                // none for what concerns the list
  std::optional<base::Uuid> knock = {};  // the knock that gave rise to it
  base::PhoneId phone = {};              // for this phone alone; none: for all that have the list out
};

// No change, no effect. The last statement before the commit.
absl::Status AppendChanges(Transaction& transaction, const std::vector<NewChange>& changes);

struct ChangeBounds {
  int64_t last = 0;   // the last number given out
  int64_t floor = 0;  // a reader who stands below has missed changes that are no longer kept
};
absl::StatusOr<ChangeBounds> FindChangeBounds(Transaction& transaction);

struct Change {
  int64_t number = 0;
  ChangeKind kind = ChangeKind::kKnock;
  std::string list_number;
  base::DoorId door;
  int result = 0;                       // 0 where there is no knock
  absl::Time knock_time;                // InfinitePast where there is no knock
  std::vector<base::PersonId> persons;  // whom a do-not-contact names; none: the household
  std::string replaced_by;              // the number of the list in a revoked one's place; empty: none
};

// Says kListChanged to every phone that has a list out, as AppendChanges() does.
absl::Status WriteListsChanged(Transaction& transaction, absl::Time now);

// The same to those that have a list with one of the doors out.
absl::Status WriteListsOfDoorsChanged(Transaction& transaction, const std::vector<base::DoorId>& doors, absl::Time now);

struct UpkeepClaim {
  std::string_view task;
  absl::Time now;
  absl::Time until;
};
// Whether the task is the caller's until then. False where another has claimed it and the claim has not run out.
absl::StatusOr<bool> ClaimUpkeep(Transaction& transaction, const UpkeepClaim& claim);
// Takes away at most `count_max` of the oldest changes from before `before`; returns how many.
absl::StatusOr<int64_t> PruneChanges(Transaction& transaction, absl::Time before, int count_max);

struct ChangeQuery {
  base::PhoneId phone;
  base::WalkListId only_list = {};  // none: all that the phone has out
  int64_t after = 0;
  int count_max = 0;
};
// In the order of their numbers.
absl::StatusOr<std::vector<Change>> ListChanges(Transaction& transaction, const ChangeQuery& query);

}  // namespace snowfield::db
