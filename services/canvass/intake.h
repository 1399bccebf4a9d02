// Intake: batches of knocks on their way into the data. Concurrent batches of one campaign share a transaction.
//
// A commit costs as much for one batch as for five, so a batch that arrives while another is being stored waits, at
// most kCommitWaitMax, for others, up to kCommitKnocksMax knocks. Each batch is answered by itself, after the commit is
// durable. Where a shared transaction fails, each of its batches is stored in one of its own: a bad one costs only
// itself. A caller who hangs up, or whose deadline passes, while its batch waits takes it out again; once it is being
// stored, it is stored.
//
// No more waits than is served within seconds: a batch beyond that is refused at once, RESOURCE_EXHAUSTED with reason
// OVERLOADED and a retry delay that spreads the refused over the time it takes to serve them (retry_spread.h).
// There are no threads of its own: of the callers that wait, one does the work for all (a leader). So a server that
// drains its calls has nothing left here.
// Thread safety: Store() and figures() from any thread. No call may be under way at the end.
#pragma once

#include <deque>
#include <map>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "services/canvass/ingest.h"
#include "services/canvass/retry_spread.h"

namespace snowfield::canvass {

inline constexpr absl::Duration kCommitWaitMax = absl::Milliseconds(5);
inline constexpr int kCommitKnocksMax = 500;
// A shared transaction that takes longer is given up, and its batches are stored one by one.
inline constexpr absl::Duration kSharedCommitTimeMax = absl::Seconds(15);

struct IntakeLimits {
  // Transactions of one campaign at once: while one waits for the disk or the counter, others fill the processors.
  int commits_at_once = 4;
  // What waits, over all campaigns. Each waiting batch holds one of the server's threads (services/rpc/limits.h).
  int waiting_batches_max = 128;
  int waiting_knocks_max = 25'000;
};

struct IntakeFigures {
  int64_t batches = 0;  // stored, alone or with others
  int64_t commits = 0;
  int64_t refused = 0;
  int storing_now = 0;  // transactions under way
  int waiting_now = 0;
  int waiting_most = 0;
};

class Intake {
 public:
  // Both must outlive it.
  Intake(db::Pool* pool, const base::Clock& clock, const IntakeLimits& limits = {})
      : pool_(pool), clock_(clock), limits_(limits) {}

  // The answers to a batch that CheckBatch() lets pass, durably stored. RESOURCE_EXHAUSTED OVERLOADED; CANCELLED,
  // DEADLINE_EXCEEDED where the scope says so before its turn; else as the database says.
  absl::StatusOr<KnockAnswers> Store(const db::Scope& scope, const SentBatch& batch);

  IntakeFigures figures() const;

 private:
  struct Waiting;
  // The batches of one campaign.
  struct Lane {
    std::deque<Waiting*> queued;
    int queued_knocks = 0;
    int storing = 0;         // groups in a transaction now
    bool gathering = false;  // a leader waits for more
    absl::CondVar grown;     // for that leader
    int callers = 0;         // that refer to the lane
  };
  using Group = std::vector<Waiting*>;

  absl::Status CheckRoom(int knocks) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::StatusOr<KnockAnswers> WaitForAnswers(Lane& lane, Waiting& mine) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Stores the next group of the lane for all that are in it.
  void Lead(Lane& lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Group TakeGroup(Lane& lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Leave(Lane& lane, Waiting& mine) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool MayLead(const Lane& lane) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void WakeNextLeader(Lane& lane) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void LearnPace(int knocks, absl::Duration time, int at_once) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Duration WorkOf(int knocks) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  void StoreGroup(const Group& group);
  void StoreAlone(Waiting& waiting);
  absl::StatusOr<std::vector<KnockAnswers>> StoreTogether(const Group& group, const db::Scope& scope);

  db::Pool* const pool_;
  const base::Clock& clock_;
  const IntakeLimits limits_;
  mutable absl::Mutex mutex_;
  std::map<base::CampaignId, Lane> lanes_ ABSL_GUARDED_BY(mutex_);
  int waiting_knocks_ ABSL_GUARDED_BY(mutex_) = 0;
  double knocks_per_s_ ABSL_GUARDED_BY(mutex_) = 5'000;  // as seen lately
  RetrySpread retries_ ABSL_GUARDED_BY(mutex_);
  IntakeFigures figures_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace snowfield::canvass
