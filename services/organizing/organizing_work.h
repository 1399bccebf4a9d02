// OrganizingWork: what a server does for the snowflake without being asked, on a thread of its own.
//
// Every kWorkEvery it goes through the campaigns and folds their tallies where there is something to count. Any number
// of servers may do so: the database lets one at a time work on a campaign. A failure is logged and tried again. Thread
// safety: construct and destroy on one thread. The pool and the clock must outlive it.
#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/repeating.h"
#include "db/pg/pool.h"

namespace snowfield::organizing {

inline constexpr absl::Duration kWorkEvery = absl::Seconds(1);
inline constexpr absl::Duration kProposeLookEvery = absl::Minutes(1);
// One piece of work on one campaign takes no longer.
inline constexpr absl::Duration kWorkTimeMax = absl::Minutes(10);

class OrganizingWork {
 public:
  OrganizingWork(db::Pool* pool, const base::Clock& clock, absl::Duration every = kWorkEvery)
      : pool_(pool), clock_(clock), thread_(every, [this] { WorkOnce(); }) {}

 private:
  void WorkOnce();
  void Work(base::CampaignId campaign, bool propose);

  db::Pool* const pool_;
  const base::Clock& clock_;
  absl::Time last_propose_ = absl::InfinitePast();  // of the thread alone
  base::Repeating thread_;
};

}  // namespace snowfield::organizing
