// Upkeep: what has to be done to a campaign's data from time to time, by whichever server comes to it first.
//
// Now: taking away changes that are older than kChangesKept. A phone that has not read them by then downloads its lists
// again. A server looks after the campaigns that it has stored something for; a claim in the database lets one server
// at a time do the work. The work is done in small transactions, as each holds the campaign's counter. Thread safety:
// Note() from any thread; the work is done on a thread of its own, which ends with the object.
#pragma once

#include <set>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/repeating.h"
#include "db/pg/pool.h"

namespace snowfield::canvass {

inline constexpr absl::Duration kChangesKept = absl::Hours(24 * 30);
inline constexpr int kPruneRowsMax = 5'000;
inline constexpr absl::Duration kUpkeepPause = absl::Minutes(10);
inline constexpr absl::Duration kUpkeepClaimTime = absl::Minutes(10);

// Takes away the changes of the campaign from before `before`; returns how many. Nothing where another server is at it.
absl::StatusOr<int64_t> PruneChanges(db::Pool& pool, base::CampaignId campaign, absl::Time now, absl::Time before);

class Upkeep {
 public:
  // Both must outlive it.
  Upkeep(db::Pool* pool, const base::Clock& clock, absl::Duration pause = kUpkeepPause)
      : pool_(pool), clock_(clock), thread_(pause, [this] { PruneNoted(); }) {}

  // This campaign has new data.
  void Note(base::CampaignId campaign);

 private:
  void PruneNoted();

  db::Pool* const pool_;
  const base::Clock& clock_;
  absl::Mutex mutex_;
  std::set<base::CampaignId> noted_ ABSL_GUARDED_BY(mutex_);
  base::Repeating thread_;
};

}  // namespace snowfield::canvass
