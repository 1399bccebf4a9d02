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

void FollowUpWork::WorkOnce() {
  const absl::Status status = db::ForEachCampaign(
      *pool_, kWorkTimeMax, [this](base::CampaignId campaign) -> absl::Status { return Work(campaign); });
  if (!status.ok() && !thread_.IsEnding()) LogFailure(status);
}

absl::Status FollowUpWork::Work(base::CampaignId campaign) {
  if (thread_.IsEnding()) return absl::CancelledError();
  const auto moved = MoveLateFollowUps(*pool_, campaign, clock_.Now());
  if (!moved.ok()) {
    LogFailure(moved.status());
  } else if (moved->climbed + moved->given_up > 0) {
    base::Log(base::LogLevel::kInfo, "follow_up.moved",
              {{"campaign", campaign.value}, {"climbed", moved->climbed}, {"given_up", moved->given_up}});
  }
  return absl::OkStatus();
}

}  // namespace snowfield::followup
