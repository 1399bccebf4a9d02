#include "services/canvass/intake.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "base/retry_delay.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"

namespace snowfield::canvass {
namespace {
// How often one who waits asks whether its caller is still there.
constexpr absl::Duration kGonePoll = absl::Milliseconds(100);
// The weight of the newest commit in the pace.
constexpr double kPaceWeight = 0.1;
}  // namespace

struct Intake::Waiting {
  const db::Scope& scope;
  const SentBatch& batch;
  const int knocks;
  const absl::Time arrive_time;
  enum class State { kQueued, kTaken, kDone } state = State::kQueued;
  // Written by the leader before it says kDone.
  absl::StatusOr<KnockAnswers> answers = absl::InternalError("not stored yet");
  absl::CondVar news = {};
};

absl::StatusOr<KnockAnswers> Intake::Store(const db::Scope& scope, const SentBatch& batch) {
  Waiting mine{.scope = scope, .batch = batch, .knocks = batch.request->knocks_size(), .arrive_time = absl::Now()};
  absl::MutexLock lock(&mutex_);
  SNOWFIELD_RETURN_IF_ERROR(CheckRoom(mine.knocks));
  Lane& lane = lanes_[scope.campaign];
  ++lane.callers;
  lane.queued.push_back(&mine);
  lane.queued_knocks += mine.knocks;
  waiting_knocks_ += mine.knocks;
  figures_.waiting_most = std::max(figures_.waiting_most, ++figures_.waiting_now);
  if (lane.queued_knocks >= kCommitKnocksMax) lane.grown.Signal();
  absl::StatusOr<KnockAnswers> answers = WaitForAnswers(lane, mine);
  if (--lane.callers == 0) lanes_.erase(scope.campaign);
  return answers;
}

IntakeFigures Intake::figures() const {
  absl::MutexLock lock(&mutex_);
  return figures_;
}

// One batch always has room where nothing waits.
absl::Status Intake::CheckRoom(int knocks) {
  const bool is_full = figures_.waiting_now >= limits_.waiting_batches_max ||
                       (figures_.waiting_now > 0 && waiting_knocks_ + knocks > limits_.waiting_knocks_max);
  if (!is_full) return absl::OkStatus();
  ++figures_.refused;
  return base::WithRetryDelay(
      base::Problem(absl::StatusCode::kResourceExhausted, "OVERLOADED", "",
                    "many phones are sending now: keep the knocks and send them again after the retry delay"),
      retries_.NextDelay(absl::Now(), WorkOf(waiting_knocks_), WorkOf(knocks)));
}

absl::StatusOr<KnockAnswers> Intake::WaitForAnswers(Lane& lane, Waiting& mine) {
  while (mine.state != Waiting::State::kDone) {
    if (mine.state == Waiting::State::kTaken) {
      mine.news.Wait(&mutex_);
      continue;
    }
    if (mine.scope.cancelled && mine.scope.cancelled()) {
      Leave(lane, mine);
      return base::Problem(absl::StatusCode::kCancelled, "CANCELLED", "", "the caller cancelled the request");
    }
    if (absl::Now() >= mine.scope.deadline) {
      Leave(lane, mine);
      return base::Problem(absl::StatusCode::kDeadlineExceeded, "DEADLINE_EXCEEDED", "",
                           "the knocks had to wait for others too long and are not stored: send them again");
    }
    if (MayLead(lane)) {
      Lead(lane);
    } else {
      mine.news.WaitWithDeadline(&mutex_, std::min(absl::Now() + kGonePoll, mine.scope.deadline));
    }
  }
  return std::move(mine.answers);
}

void Intake::Leave(Lane& lane, Waiting& mine) {
  lane.queued.erase(std::find(lane.queued.begin(), lane.queued.end(), &mine));
  lane.queued_knocks -= mine.knocks;
  waiting_knocks_ -= mine.knocks;
  --figures_.waiting_now;
  // It may have been woken to lead.
  WakeNextLeader(lane);
}

bool Intake::MayLead(const Lane& lane) const { return !lane.gathering && lane.storing < limits_.commits_at_once; }

void Intake::WakeNextLeader(Lane& lane) {
  if (!lane.queued.empty() && MayLead(lane)) lane.queued.front()->news.Signal();
}

void Intake::Lead(Lane& lane) {
  lane.gathering = true;
  // Where nothing is being stored, waiting would gain nothing.
  const absl::Time wait_end = lane.queued.front()->arrive_time + kCommitWaitMax;
  while (lane.storing > 0 && lane.queued_knocks < kCommitKnocksMax && absl::Now() < wait_end) {
    lane.grown.WaitWithDeadline(&mutex_, wait_end);
  }
  lane.gathering = false;
  const Group group = TakeGroup(lane);
  const int at_once = ++lane.storing;
  ++figures_.storing_now;
  WakeNextLeader(lane);

  mutex_.Unlock();
  const absl::Time begin = absl::Now();
  StoreGroup(group);
  const absl::Duration time = absl::Now() - begin;
  mutex_.Lock();

  --lane.storing;
  --figures_.storing_now;
  int knocks = 0;
  for (Waiting* waiting : group) {
    waiting->state = Waiting::State::kDone;
    waiting->news.Signal();
    knocks += waiting->knocks;
  }
  figures_.batches += static_cast<int64_t>(group.size());
  ++figures_.commits;
  LearnPace(knocks, time, at_once);
  lane.grown.Signal();
  WakeNextLeader(lane);
}

// The oldest first; the first always, the others while there is room. The leader's own is among them, but for when more
// waited before it.
Intake::Group Intake::TakeGroup(Lane& lane) {
  Group group;
  int knocks = 0;
  while (!lane.queued.empty() && (group.empty() || knocks + lane.queued.front()->knocks <= kCommitKnocksMax)) {
    Waiting* waiting = lane.queued.front();
    lane.queued.pop_front();
    waiting->state = Waiting::State::kTaken;
    knocks += waiting->knocks;
    group.push_back(waiting);
  }
  lane.queued_knocks -= knocks;
  waiting_knocks_ -= knocks;
  figures_.waiting_now -= static_cast<int>(group.size());
  return group;
}

void Intake::LearnPace(int knocks, absl::Duration time, int at_once) {
  const double seconds = std::max(1e-4, absl::ToDoubleSeconds(time));
  const double seen = knocks * at_once / seconds;
  knocks_per_s_ = std::clamp(knocks_per_s_ + kPaceWeight * (seen - knocks_per_s_), 100.0, 1e6);
}

absl::Duration Intake::WorkOf(int knocks) const { return absl::Seconds(knocks / knocks_per_s_); }

void Intake::StoreGroup(const Group& group) {
  if (group.size() == 1) return StoreAlone(*group.front());
  // No one caller's patience ends what is others' too.
  db::Scope scope{.campaign = group.front()->scope.campaign, .deadline = absl::Now() + kSharedCommitTimeMax};
  absl::StatusOr<std::vector<KnockAnswers>> answers = StoreTogether(group, scope);
  // Without a database, or room in it, trying again one by one only makes it worse.
  const bool is_hopeless = absl::IsUnavailable(answers.status()) || absl::IsResourceExhausted(answers.status());
  for (size_t i = 0; i < group.size(); ++i) {
    if (answers.ok()) {
      group[i]->answers = std::move((*answers)[i]);
    } else if (is_hopeless) {
      group[i]->answers = answers.status();
    } else {
      StoreAlone(*group[i]);
    }
  }
}

void Intake::StoreAlone(Waiting& waiting) {
  absl::StatusOr<std::vector<KnockAnswers>> answers = StoreTogether({&waiting}, waiting.scope);
  if (answers.ok()) {
    waiting.answers = std::move(answers->front());
  } else {
    waiting.answers = answers.status();
  }
}

absl::StatusOr<std::vector<KnockAnswers>> Intake::StoreTogether(const Group& group, const db::Scope& scope) {
  std::vector<SentBatch> batches;
  for (const Waiting* waiting : group) batches.push_back(waiting->batch);
  db::Scope by_keys = scope;
  by_keys.look_ups = true;
  return db::RunInTransaction(
      *pool_, by_keys, [&](db::Transaction& transaction) { return IngestBatches(transaction, batches, clock_.Now()); });
}

}  // namespace snowfield::canvass
