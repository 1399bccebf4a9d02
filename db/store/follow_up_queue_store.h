// The queue of follow-ups: leases, their ends, climbing, and the history of an item.
//
// Invariants: an item is held by one member at a time; its fence grows with each lease; each thing that is done to it
// is in its history, in the same transaction. Rows are locked in the order of their ids. Thread safety: as the
// transaction's.
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
#include "db/pg/transaction.h"
#include "db/store/follow_up_store.h"

namespace snowfield::db {

struct FollowUpClaim {
  bool whole_branch = false;  // of `owner` and all below; of the whole campaign where `owner` is none
  base::MemberId owner;
  std::string_view queue;  // empty: any
  int count_max = 1;
  base::MemberId holder;
  absl::Time now;
  absl::Time expire_time;
};
// Where all that is due is held back, a claim looks behind it so often at once; the next one goes on from there.
inline constexpr int kLooksBehindHeldBack = 5;
// The most due that nobody holds, in due order; none in quiet hours. Items of people and households of whom enough was
// asked (db/store/contact_store.h) are put off on the way.
absl::StatusOr<std::vector<FollowUpRow>> ClaimFollowUps(Transaction& transaction, const FollowUpClaim& claim);

// In due order; those that there are.
absl::StatusOr<std::vector<FollowUpRow>> FindFollowUps(Transaction& transaction,
                                                       const std::vector<base::FollowUpId>& follow_ups);
// NOT_FOUND naming "follow_up_id".
absl::StatusOr<FollowUpRow> FindFollowUp(Transaction& transaction, base::FollowUpId follow_up);

// What must be known to act on an item, which stays so until the transaction ends.
struct LockedFollowUp {
  base::FollowUpId follow_up;
  std::string state;
  base::MemberId owner;
  std::string outcome;
  base::PersonId person;
  base::MemberId holder;
  std::optional<absl::Time> lease_expire_time;
  int64_t fence = 0;
};
// In order of id; those that there are.
absl::StatusOr<std::vector<LockedFollowUp>> LockFollowUps(Transaction& transaction,
                                                          const std::vector<base::FollowUpId>& follow_ups);

// Who does it, and when.
struct Doer {
  base::MemberId member;
  absl::Time now;
};
struct Outcome {
  base::FollowUpId follow_up;
  std::string_view outcome;
};
// All of these act on locked, open items, whose lease ends with it (but for RenewLeases).
absl::Status CompleteFollowUps(Transaction& transaction, const std::vector<Outcome>& outcomes, const Doer& doer);
absl::Status RenewLeases(Transaction& transaction, const std::vector<base::FollowUpId>& follow_ups,
                         absl::Time expire_time);
absl::Status ReleaseLeases(Transaction& transaction, const std::vector<base::FollowUpId>& follow_ups, const Doer& doer);
absl::Status SnoozeFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer, absl::Time until,
                            std::string_view reason);
absl::Status ReassignFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                              base::MemberId to_member, std::string_view reason);
absl::Status GiveUpFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                            std::string_view reason);
// Of a dead one. False where its knock no longer stands, or whom it is about is not to be contacted.
absl::StatusOr<bool> ReopenFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                                    std::string_view reason);

// Gives up what was tried `tries_max` times without a result; at most count_max. How many.
absl::StatusOr<int> GiveUpExhausted(Transaction& transaction, absl::Time now, int tries_max, int count_max);
// Late items that nobody holds go to their owner's leader; at most count_max. How many.
absl::StatusOr<int> ClimbFollowUps(Transaction& transaction, absl::Time now, int count_max);

struct FollowUpEventRow {
  int64_t event_id = 0;
  absl::Time time;
  std::string kind;
  base::MemberId member;
  base::MemberId from_member;
  base::MemberId to_member;
  std::string detail;
};
// In order, after event `after`.
absl::StatusOr<std::vector<FollowUpEventRow>> ListFollowUpEvents(Transaction& transaction, base::FollowUpId follow_up,
                                                                 int64_t after, int count_max);

}  // namespace snowfield::db
