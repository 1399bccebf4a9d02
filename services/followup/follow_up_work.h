// FollowUpWork: what becomes of work that nobody does, on a thread of its own.
//
// Every kFollowUpWorkEvery it goes through the campaigns: late items that nobody holds climb the snowflake, one level
// for each climb_after of their rule; those that were tried kFollowUpTriesMax times without a result are given up. Any
// number of servers may do so: rows that one works on are skipped by the others, and an item that has climbed is not
// late again at once. A failure is logged and tried again. Thread safety: construct and destroy on one thread. The pool
// and the clock must outlive it.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/repeating.h"
#include "db/pg/pool.h"

namespace snowfield::followup {

inline constexpr absl::Duration kFollowUpWorkEvery = absl::Seconds(30);
inline constexpr int kFollowUpTriesMax = 10;
// In one transaction.
inline constexpr int kFollowUpWorkRowsMax = 500;

struct FollowUpsMoved {
  int climbed = 0;
  int given_up = 0;
};
// All that is due in the campaign at time `now`.
absl::StatusOr<FollowUpsMoved> MoveLateFollowUps(db::Pool& pool, base::CampaignId campaign, absl::Time now);

class FollowUpWork {
 public:
  FollowUpWork(db::Pool* pool, const base::Clock& clock, absl::Duration every = kFollowUpWorkEvery)
      : pool_(pool), clock_(clock), thread_(every, [this] { WorkOnce(); }) {}

 private:
  void WorkOnce();
  absl::Status Work(base::CampaignId campaign);

  db::Pool* const pool_;
  const base::Clock& clock_;
  base::Repeating thread_;
};

}  // namespace snowfield::followup
