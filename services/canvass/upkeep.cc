#include "services/canvass/upkeep.h"

#include <utility>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/change_store.h"

namespace snowfield::canvass {
namespace {
constexpr char kPruneTask[] = "prune_changes";
constexpr absl::Duration kStepTimeMax = absl::Seconds(30);

db::Scope StepScope(base::CampaignId campaign) {
  return {.campaign = campaign, .deadline = absl::Now() + kStepTimeMax};
}
}  // namespace

absl::StatusOr<int64_t> PruneChanges(db::Pool& pool, base::CampaignId campaign, absl::Time now, absl::Time before) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const bool claimed, db::RunInTransaction(pool, StepScope(campaign), [&](db::Transaction& transaction) {
        return db::ClaimUpkeep(transaction, {.task = kPruneTask, .now = now, .until = now + kUpkeepClaimTime});
      }));
  if (!claimed) return 0;
  int64_t pruned = 0;
  for (int64_t step = 1; step > 0;) {
    SNOWFIELD_ASSIGN_OR_RETURN(step, db::RunInTransaction(pool, StepScope(campaign), [&](db::Transaction& transaction) {
                                 return db::PruneChanges(transaction, before, kPruneRowsMax);
                               }));
    pruned += step;
  }
  return pruned;
}

void Upkeep::Note(base::CampaignId campaign) {
  absl::MutexLock lock(&mutex_);
  noted_.insert(campaign);
}

void Upkeep::PruneNoted() {
  std::set<base::CampaignId> campaigns;
  {
    absl::MutexLock lock(&mutex_);
    campaigns = std::exchange(noted_, {});
  }
  for (const base::CampaignId campaign : campaigns) {
    const absl::Time now = clock_.Now();
    const absl::StatusOr<int64_t> pruned = PruneChanges(*pool_, campaign, now, now - kChangesKept);
    if (!pruned.ok()) {
      base::Log(base::LogLevel::kWarning, "upkeep.failed",
                {{"campaign", campaign.value}, {"reason", base::DetailOf(pruned.status()).reason}});
    } else if (*pruned > 0) {
      base::Log(base::LogLevel::kInfo, "changes.pruned", {{"campaign", campaign.value}, {"changes", *pruned}});
    }
  }
}

}  // namespace snowfield::canvass
