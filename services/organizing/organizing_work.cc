#include "services/organizing/organizing_work.h"

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

OrganizingWork::OrganizingWork(db::Pool* pool, const base::Clock& clock, absl::Duration every)
    : pool_(pool), clock_(clock), every_(every), thread_([this] { WorkUntilClosed(); }) {}

OrganizingWork::~OrganizingWork() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  thread_.join();
}

void OrganizingWork::WorkUntilClosed() {
  const auto wait = [this] {
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&closed_), every_);
  };
  while (!wait()) WorkOnce();
}

void OrganizingWork::WorkOnce() {
  const auto last = db::RunInTransaction(*pool_, {.deadline = absl::Now() + kWorkTimeMax, .read_only = true},
                                         [](db::Transaction& transaction) { return db::LastCampaign(transaction); });
  if (!last.ok()) return LogFailure("campaigns", last.status());
  const bool propose = absl::Now() - last_propose_ >= kProposeLookEvery;
  if (propose) last_propose_ = absl::Now();
  for (int64_t campaign = 1; campaign <= last->value; ++campaign) {
    {
      absl::MutexLock lock(&mutex_);
      if (closed_) return;
    }
    Work(base::CampaignId(campaign), propose);
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
