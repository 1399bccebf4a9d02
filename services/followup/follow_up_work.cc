#include "services/followup/follow_up_work.h"

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/follow_up_queue_store.h"
#include "db/store/tally_store.h"

namespace snowfield::followup {
namespace {

constexpr absl::Duration kWorkTimeMax = absl::Seconds(30);

void LogFailure(const absl::Status& status) {
  base::Log(base::LogLevel::kError, "follow_up.work_failed",
            {{"code", absl::StatusCodeToString(status.code())}, {"reason", base::DetailOf(status).reason}});
}

// Runs `work`, which moves at most kFollowUpWorkRowsMax items in a transaction, until there are no more.
template <typename Work>
absl::StatusOr<int> MoveAll(db::Pool& pool, base::CampaignId campaign, Work work) {
  int moved = 0;
  while (true) {
    SNOWFIELD_ASSIGN_OR_RETURN(
        const int now,
        db::RunInTransaction(pool, {.campaign = campaign, .deadline = absl::Now() + kWorkTimeMax}, work));
    moved += now;
    if (now < kFollowUpWorkRowsMax) return moved;
  }
}

}  // namespace

absl::StatusOr<FollowUpsMoved> MoveLateFollowUps(db::Pool& pool, base::CampaignId campaign, absl::Time now) {
  FollowUpsMoved moved;
  SNOWFIELD_ASSIGN_OR_RETURN(moved.given_up, MoveAll(pool, campaign, [&](db::Transaction& transaction) {
                               return db::GiveUpExhausted(transaction, now, kFollowUpTriesMax, kFollowUpWorkRowsMax);
                             }));
  SNOWFIELD_ASSIGN_OR_RETURN(moved.climbed, MoveAll(pool, campaign, [&](db::Transaction& transaction) {
                               return db::ClimbFollowUps(transaction, now, kFollowUpWorkRowsMax);
                             }));
  return moved;
}

FollowUpWork::FollowUpWork(db::Pool* pool, const base::Clock& clock, absl::Duration every)
    : pool_(pool), clock_(clock), every_(every), thread_([this] { WorkUntilClosed(); }) {}

FollowUpWork::~FollowUpWork() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  thread_.join();
}

void FollowUpWork::WorkUntilClosed() {
  const auto wait = [this] {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&closed_), every_);
  };
  while (!wait()) WorkOnce();
}

void FollowUpWork::WorkOnce() {
  const auto last = db::RunInTransaction(*pool_, {.deadline = absl::Now() + kWorkTimeMax, .read_only = true},
                                         [](db::Transaction& transaction) { return db::LastCampaign(transaction); });
  if (!last.ok()) return LogFailure(last.status());
  for (int64_t campaign = 1; campaign <= last->value; ++campaign) {
    {
      absl::MutexLock lock(&mutex_);
      if (closed_) return;
    }
    const auto moved = MoveLateFollowUps(*pool_, base::CampaignId(campaign), clock_.Now());
    if (!moved.ok()) {
      LogFailure(moved.status());
    } else if (moved->climbed + moved->given_up > 0) {
      base::Log(base::LogLevel::kInfo, "follow_up.moved",
                {{"campaign", campaign}, {"climbed", moved->climbed}, {"given_up", moved->given_up}});
    }
  }
}

}  // namespace snowfield::followup
