#include "services/organizing/organizing_work.h"

#include <string_view>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/tally_store.h"
#include "services/organizing/fold_tallies.h"
#include "services/organizing/proposals.h"

namespace snowfield::organizing {
namespace {

void LogFailure(std::string_view what, const absl::Status& status) {
  base::Log(
      base::LogLevel::kError, "organizing.work_failed",
      {{"what", what}, {"code", absl::StatusCodeToString(status.code())}, {"reason", base::DetailOf(status).reason}});
}

}  // namespace

void OrganizingWork::WorkOnce() {
  const absl::Time begin = absl::Now();
  const bool propose = begin - last_propose_ >= kProposeLookEvery;
  const absl::Status status = db::ForEachCampaign(*pool_, kWorkTimeMax, [&](base::CampaignId campaign) -> absl::Status {
    if (thread_.IsEnding()) return absl::CancelledError();
    Work(campaign, propose);
    return absl::OkStatus();
  });
  if (status.ok()) {
    if (propose) last_propose_ = begin;
  } else if (!thread_.IsEnding()) {
    LogFailure("campaigns", status);
  }
}

void OrganizingWork::Work(base::CampaignId campaign, bool propose) {
  const db::Scope scope{.campaign = campaign, .deadline = absl::Now() + kWorkTimeMax};
  const auto folded = db::RunInTransaction(
      *pool_, scope, [&](db::Transaction& transaction) { return FoldTallies(transaction, clock_.Now()); });
  if (!folded.ok()) LogFailure("fold", folded.status());
  if (!propose) return;
  const auto proposed = db::RunInTransaction(
      *pool_, scope, [&](db::Transaction& transaction) { return ProposeWhereDue(transaction, clock_.Now()); });
  if (!proposed.ok()) LogFailure("propose", proposed.status());
}

}  // namespace snowfield::organizing
