// The queue: work is handed out by lease, and what is done to an item is done by whoever holds it.
//
// A lease has a fence, a number that grows with each lease of the item. Who acts with a fence must hold that very
// lease, even if its time is over but nobody else has taken the item since; who acts without one may, where nobody else
// holds it. So no result of a worker who was thought lost is taken after another's. Whose work one may claim or act on
// is whose one may see (follow_ups.h); a holder may act on what they hold wherever it has gone. Thread safety: as the
// transaction's; FollowUpQueue as it says.
#pragma once

#include <cstdint>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "db/pg/pool.h"
#include "db/store/follow_up_queue_store.h"
#include "services/access/caller.h"
#include "services/rpc/draining.h"
#include "snowfield/followup/v1/queue.pb.h"

namespace snowfield::followup {

inline constexpr int kClaimCountMax = 100;
inline constexpr absl::Duration kLeaseMin = absl::Seconds(30);
inline constexpr absl::Duration kLeaseMax = absl::Hours(1);
inline constexpr absl::Duration kLeaseDefault = absl::Minutes(10);
inline constexpr absl::Duration kClaimWaitMax = absl::Seconds(50);
// Callers who wait for work; each holds a thread of the server.
inline constexpr int kClaimWaitersMax = 32;
// The truth is in the database: a caller who waits looks there this often.
inline constexpr absl::Duration kClaimLookPause = absl::Seconds(1);
inline constexpr absl::Duration kSnoozeMax = absl::Hours(24 * 90);
inline constexpr int kFollowUpReasonCharactersMax = 200;

// The scope of a transaction that works on items by their ids.
db::Scope ByKeys(const access::Call& call);

// Claims for many callers at once. Thread safety: Claim() from any thread. All must outlive it.
class FollowUpQueue {
 public:
  FollowUpQueue(db::Pool* pool, const base::Clock& clock, const rpc::Draining& draining)
      : pool_(pool), clock_(clock), draining_(draining) {}

  // INVALID_ARGUMENT QUEUE_INVALID, OWNER_INVALID, COUNT_OUT_OF_RANGE, LEASE_OUT_OF_RANGE, WAIT_OUT_OF_RANGE;
  // PERMISSION_DENIED NOT_YOUR_BRANCH. No leases where there is no work within wait_s.
  absl::StatusOr<v1::ClaimFollowUpsResponse> Claim(const access::Call& call, const v1::ClaimFollowUpsRequest& request);

 private:
  bool TakePlace() ABSL_LOCKS_EXCLUDED(mutex_);
  void LeavePlace() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::ClaimFollowUpsResponse> ClaimOnce(const access::Call& call,
                                                       const v1::ClaimFollowUpsRequest& request);

  db::Pool* const pool_;
  const base::Clock& clock_;
  const rpc::Draining& draining_;
  absl::Mutex mutex_;
  int waiters_ ABSL_GUARDED_BY(mutex_) = 0;
};

// Whether the caller may act on the item now. FAILED_PRECONDITION FOLLOW_UP_DROPPED, ALREADY_COMPLETED,
// FOLLOW_UP_GIVEN_UP, LEASE_LOST, HELD_BY_ANOTHER; PERMISSION_DENIED NOT_YOUR_FOLLOW_UP.
absl::Status CheckMayAct(db::Transaction& transaction, const access::Caller& caller, const db::LockedFollowUp& item,
                         int64_t fence, absl::Time now);

// INVALID_ARGUMENT LEASES_OUT_OF_RANGE.
absl::StatusOr<v1::RenewLeasesResponse> Renew(db::Transaction& transaction, const access::Caller& caller,
                                              const v1::RenewLeasesRequest& request, absl::Time now);
absl::StatusOr<v1::ReleaseLeasesResponse> Release(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::ReleaseLeasesRequest& request, absl::Time now);
// As CheckMayAct; INVALID_ARGUMENT TIME_MISSING, TIME_OUT_OF_RANGE, TOO_LONG.
absl::StatusOr<v1::FollowUp> Snooze(db::Transaction& transaction, const access::Caller& caller,
                                    const v1::SnoozeFollowUpRequest& request, absl::Time now);
// Whoever sees it may, whoever holds it: the lease ends. FAILED_PRECONDITION MEMBER_CANNOT_WORK for a clerk, a viewer,
// or one who has left.
absl::StatusOr<v1::FollowUp> Reassign(db::Transaction& transaction, const access::Caller& caller,
                                      const v1::ReassignFollowUpRequest& request, absl::Time now);
absl::StatusOr<v1::FollowUp> GiveUp(db::Transaction& transaction, const access::Caller& caller,
                                    const v1::GiveUpFollowUpRequest& request, absl::Time now);
// FAILED_PRECONDITION NOT_GIVEN_UP, MAY_NOT_REOPEN.
absl::StatusOr<v1::FollowUp> Reopen(db::Transaction& transaction, const access::Caller& caller,
                                    const v1::ReopenFollowUpRequest& request, absl::Time now);
absl::StatusOr<v1::ListFollowUpEventsResponse> ListEvents(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListFollowUpEventsRequest& request);

}  // namespace snowfield::followup
