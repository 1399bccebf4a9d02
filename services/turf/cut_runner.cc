#include "services/turf/cut_runner.h"

#include <algorithm>

#include "base/log.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/cut_store.h"

namespace snowfield::turf {
namespace {

constexpr char kServerStopped[] = "the server stopped while it was cutting; start it again";
constexpr char kInternalFailure[] = "the server failed while it was cutting; its log has the reason";
// How long the end of a cut may wait for the database.
constexpr absl::Duration kRecordTimeMax = absl::Seconds(20);

std::string FailureText(const absl::Status& status) {
  return status.code() == absl::StatusCode::kInternal ? kInternalFailure : base::MessageOf(status);
}

}  // namespace

CutRunner::Standing CutRunner::StandingOf(const CutProgress& progress) {
  return {.stage = progress.stage.load(), .fraction = progress.fraction.load()};
}

absl::Status SettleDeadCuts(db::Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t dead, db::FailDeadCuts(transaction, kHeartbeatSilenceMax, kServerStopped));
  if (dead > 0) {
    base::Log(base::LogLevel::kWarning, "cut.server_lost",
              {{"campaign_id", transaction.campaign().value}, {"cuts", dead}});
  }
  return absl::OkStatus();
}

CutRunner::Place::~Place() {
  if (runner_ == nullptr) return;
  absl::MutexLock lock(&runner_->mutex_);
  --runner_->places_taken_;
}

CutRunner::CutRunner(db::Pool* pool, const CutRunnerOptions& options, Work work)
    : pool_(pool), options_(options), work_(std::move(work)), worker_(base::Uuid::Random().ToString()) {
  for (int i = 0; i < options_.at_once; ++i) threads_.emplace_back([this] { WorkUntilClosed(); });
  threads_.emplace_back([this] { BeatUntilClosed(); });
}

CutRunner::~CutRunner() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
    for (auto& [key, entry] : entries_) entry->progress.cancelled = true;
  }
  for (std::thread& thread : threads_) thread.join();
}

absl::StatusOr<CutRunner::Place> CutRunner::TakePlace() {
  absl::MutexLock lock(&mutex_);
  if (closed_ || places_taken_ >= options_.at_once + options_.waiting_max) {
    return base::Problem(absl::StatusCode::kResourceExhausted, "CUTS_EXHAUSTED", "",
                         "this server has as many cuts to do as it takes; try again when one has ended");
  }
  ++places_taken_;
  return Place(this);
}

void CutRunner::Start(Place place, CutJob job) {
  auto entry = std::make_shared<Entry>();
  entry->job = std::move(job);
  entry->job.options.threads = options_.threads_per_cut;
  absl::MutexLock lock(&mutex_);
  place.runner_ = nullptr;  // from here on the entry holds the place
  if (closed_) entry->progress.cancelled = true;
  entries_[{entry->job.campaign, entry->job.cut}] = entry;
  waiting_.push_back(std::move(entry));
}

std::optional<CutRunner::Standing> CutRunner::Find(base::CampaignId campaign, base::CutId cut) const {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(Key(campaign, cut));
  if (found == entries_.end()) return std::nullopt;
  return StandingOf(found->second->progress);
}

void CutRunner::Cancel(base::CampaignId campaign, base::CutId cut) {
  absl::MutexLock lock(&mutex_);
  const auto found = entries_.find(Key(campaign, cut));
  if (found != entries_.end()) found->second->progress.cancelled = true;
}

void CutRunner::WorkUntilClosed() {
  for (;;) {
    std::shared_ptr<Entry> entry;
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &CutRunner::HasWorkOrClosed));
      // What still waits when the runner ends is taken too, so that its end is recorded.
      if (waiting_.empty()) return;
      entry = std::move(waiting_.front());
      waiting_.pop_front();
    }
    Run(*entry);
    absl::MutexLock lock(&mutex_);
    entries_.erase(Key(entry->job.campaign, entry->job.cut));
    --places_taken_;
  }
}

void CutRunner::Run(Entry& entry) {
  const absl::Time start = absl::Now();
  absl::Status status = absl::CancelledError("cancelled before it began");
  if (!entry.progress.cancelled) {
    try {
      status = work_(*pool_, entry.job, worker_, entry.progress);
    } catch (const std::exception&) {
      // Memory, or a bug: the cut fails and the server lives on.
      status = absl::InternalError("exception");
    }
  }
  base::Log(status.ok() ? base::LogLevel::kInfo : base::LogLevel::kWarning, "cut.ended",
            {{"campaign_id", entry.job.campaign.value},
             {"cut_id", entry.job.cut.value},
             {"code", absl::StatusCodeToString(status.code())},
             {"reason", base::DetailOf(status).reason},
             {"seconds", absl::ToDoubleSeconds(absl::Now() - start)}});
  if (!status.ok()) RecordEnd(entry.job, status);
}

void CutRunner::RecordEnd(const CutJob& job, const absl::Status& status) {
  bool closed;
  {
    absl::MutexLock lock(&mutex_);
    closed = closed_;
  }
  const bool cancelled = status.code() == absl::StatusCode::kCancelled && !closed;
  const std::string failure = cancelled ? "" : closed ? kServerStopped : FailureText(status);
  const db::Scope scope = {.campaign = job.campaign, .deadline = absl::Now() + kRecordTimeMax};
  const absl::Status recorded = db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
    return db::EndCut(transaction, job.cut, cancelled ? db::kCutCancelled : db::kCutFailed, failure).status();
  });
  // Not lost: its heartbeat stops, and whoever looks at it next marks it failed.
  if (!recorded.ok()) {
    base::Log(base::LogLevel::kError, "cut.end_not_recorded",
              {{"campaign_id", job.campaign.value}, {"cut_id", job.cut.value}});
  }
}

void CutRunner::BeatUntilClosed() {
  for (;;) {
    std::vector<std::shared_ptr<Entry>> entries;
    {
      absl::MutexLock lock(&mutex_);
      const absl::Duration wait = std::min(options_.heartbeat_every, options_.progress_every);
      if (mutex_.AwaitWithTimeout(absl::Condition(&closed_), wait)) return;
      for (const auto& [key, entry] : entries_) entries.push_back(entry);
    }
    for (const auto& entry : entries) {
      const bool moved = StandingOf(entry->progress) != entry->told;
      if (moved || absl::Now() - entry->told_time >= options_.heartbeat_every) Beat(*entry);
    }
  }
}

void CutRunner::Beat(Entry& entry) {
  const db::Scope scope = {.campaign = entry.job.campaign, .deadline = absl::Now() + kHeartbeatEvery};
  const Standing now = StandingOf(entry.progress);
  const absl::StatusOr<bool> ours = db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
    return db::BeatCut(transaction,
                       {.cut = entry.job.cut, .worker = worker_, .stage = now.stage, .fraction = now.fraction});
  });
  if (ours.ok()) {
    entry.told = now;
    entry.told_time = absl::Now();
  }
  // Ended by another: cancelled through another server, or given up for dead. A database that is away says nothing.
  if (ours.ok() && !*ours) entry.progress.cancelled = true;
}

}  // namespace snowfield::turf
