// WaitChanges: a phone that waits for news gets them within a second, without asking again and again.
//
// The truth is in the database: a waiter looks there every kLookPause, whatever else happens; so it learns what other
// servers stored, and a bell that does not ring costs a second. The bell rings for what this server stored. (NOTIFY
// would serialise the commits of all campaigns on one lock, needs a connection of its own, and dies in pooling proxies;
// one look is one indexed statement.) A waiter holds a thread of the server, so their number is bounded: beyond it a
// call is answered at once, with what there is and the time after which to ask again. Thread safety: all functions from
// any thread.
#pragma once

#include <map>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "services/rpc/draining.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr int kWaitSecondsDefault = 25;
inline constexpr int kWaitSecondsMax = 50;
inline constexpr int kWaitersMax = 64;
inline constexpr absl::Duration kLookPause = absl::Seconds(1);
// However often the bell rings, a waiter does not look more often.
inline constexpr absl::Duration kLookPauseMin = absl::Milliseconds(200);
// Who can't wait asks again after about this time.
inline constexpr int kPollAfterSeconds = 15;

// Rings when this server has stored changes of a campaign.
class ChangeBell {
 public:
  void Ring(base::CampaignId campaign);
  // How often it has rung for the campaign.
  int64_t Rings(base::CampaignId campaign) const;
  // Waits until it has rung more often than `seen`, or the time is over.
  void WaitForRing(base::CampaignId campaign, int64_t seen, absl::Duration time) const;

 private:
  mutable absl::Mutex mutex_;
  std::map<base::CampaignId, int64_t> rings_ ABSL_GUARDED_BY(mutex_);
};

class ChangeWaiters {
 public:
  // All must outlive it.
  ChangeWaiters(db::Pool* pool, const ChangeBell& bell, const rpc::Draining& draining, int waiters_max = kWaitersMax)
      : pool_(pool), bell_(bell), draining_(draining), waiters_max_(waiters_max) {}

  // What ListChanges would answer; where that is nothing, it waits. `scope` is for reading. INVALID_ARGUMENT
  // WAIT_OUT_OF_RANGE, and as ReadChanges(); CANCELLED where the caller has gone.
  absl::StatusOr<v1::WaitChangesResponse> Wait(const db::Scope& scope, base::PhoneId phone,
                                               const v1::WaitChangesRequest& request);

 private:
  bool TakePlace() ABSL_LOCKS_EXCLUDED(mutex_);
  void LeavePlace() ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::WaitChangesResponse> Look(const db::Scope& scope, base::PhoneId phone,
                                               const v1::WaitChangesRequest& request);

  db::Pool* const pool_;
  const ChangeBell& bell_;
  const rpc::Draining& draining_;
  const int waiters_max_;
  absl::Mutex mutex_;
  int waiters_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace snowfield::canvass
