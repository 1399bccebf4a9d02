// CutRunner: works on cuts in the background of a server, a bounded number at once.
//
// Invariants: every cut that Start() took ends in the database as done, failed or cancelled, or its heartbeat stops and
// any server that looks at it after kHeartbeatSilenceMax marks it failed (SettleDeadCuts). At most `at_once` cuts run;
// at most `waiting_max` wait. Ending the runner ends its cuts as failed.
// Thread safety: all functions from any thread. The pool must outlive the runner.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/turf/cut_work.h"

namespace snowfield::turf {

inline constexpr int kCutsAtOnce = 2;
inline constexpr int kCutsWaitingMax = 16;
inline constexpr absl::Duration kHeartbeatEvery = absl::Seconds(5);
// How often the progress of a cut is written down for those who watch it from another server, where it has moved.
inline constexpr absl::Duration kProgressEvery = absl::Seconds(1);
// A running cut that has been silent for longer has lost its server.
inline constexpr absl::Duration kHeartbeatSilenceMax = absl::Seconds(60);

struct CutRunnerOptions {
  int at_once = kCutsAtOnce;
  int waiting_max = kCutsWaitingMax;
  int threads_per_cut = 1;  // 1 to geo::kCutThreadsMax
  absl::Duration heartbeat_every = kHeartbeatEvery;
  absl::Duration progress_every = kProgressEvery;
};

class CutRunner {
 public:
  using Work = std::function<absl::Status(db::Pool&, const CutJob&, const std::string& worker, CutProgress&)>;

  // `work` is RunCut; a test may put its own in.
  CutRunner(db::Pool* pool, const CutRunnerOptions& options, Work work = RunCut);
  ~CutRunner();
  CutRunner(const CutRunner&) = delete;
  CutRunner& operator=(const CutRunner&) = delete;

  // The right to start one cut; given back when it is destroyed unused.
  class Place {
   public:
    explicit Place(CutRunner* runner) : runner_(runner) {}
    Place(Place&& other) noexcept : runner_(std::exchange(other.runner_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place();

   private:
    friend class CutRunner;
    CutRunner* runner_;
  };
  // RESOURCE_EXHAUSTED with reason CUTS_EXHAUSTED when as many cuts wait as may.
  absl::StatusOr<Place> TakePlace();
  // Works on a cut whose row, in state running and with this worker's name, is committed.
  void Start(Place place, CutJob job);

  struct Standing {
    std::string_view stage;
    double fraction;
    bool operator==(const Standing&) const = default;
  };
  // Where a cut of this runner stands; nothing once it has ended, or if another server works on it.
  std::optional<Standing> Find(base::CampaignId campaign, base::CutId cut) const;
  // Asks a cut of this runner to stop; others are passed over.
  void Cancel(base::CampaignId campaign, base::CutId cut);

  // The name under which this runner holds its cuts; new for each runner.
  const std::string& worker() const { return worker_; }

 private:
  struct Entry {
    CutJob job;
    CutProgress progress;
    // What BeatUntilClosed wrote last, and when; its own.
    Standing told = {.stage = "", .fraction = 0};
    absl::Time told_time = absl::InfinitePast();
  };
  using Key = std::pair<base::CampaignId, base::CutId>;

  static Standing StandingOf(const CutProgress& progress);
  void WorkUntilClosed();
  void BeatUntilClosed();
  void Run(Entry& entry);
  void RecordEnd(const CutJob& job, const absl::Status& status);
  void Beat(Entry& entry);
  bool HasWorkOrClosed() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) { return closed_ || !waiting_.empty(); }

  db::Pool* const pool_;
  const CutRunnerOptions options_;
  const Work work_;
  const std::string worker_;
  mutable absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  int places_taken_ ABSL_GUARDED_BY(mutex_) = 0;
  std::deque<std::shared_ptr<Entry>> waiting_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<Key, std::shared_ptr<Entry>> entries_ ABSL_GUARDED_BY(mutex_);  // waiting and running
  std::vector<std::thread> threads_;
};

// Marks the campaign's cuts whose server has fallen silent as failed.
absl::Status SettleDeadCuts(db::Transaction& transaction);

}  // namespace snowfield::turf
