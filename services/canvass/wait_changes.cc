#include "services/canvass/wait_changes.h"

#include <algorithm>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/canvass/changes.h"

namespace snowfield::canvass {
namespace {

// So that those who were sent away together do not come back together.
int PollAfterSeconds() {
  thread_local absl::BitGen random;
  return absl::Uniform(absl::IntervalClosed, random, kPollAfterSeconds * 2 / 3, kPollAfterSeconds * 4 / 3);
}

}  // namespace

void ChangeBell::Ring(base::CampaignId campaign) {
  absl::MutexLock lock(&mutex_);
  ++rings_[campaign];
}

int64_t ChangeBell::Rings(base::CampaignId campaign) const {
  absl::MutexLock lock(&mutex_);
  const auto rings = rings_.find(campaign);
  return rings == rings_.end() ? 0 : rings->second;
}

void ChangeBell::WaitForRing(base::CampaignId campaign, int64_t seen, absl::Duration time) const {
  const auto has_rung = [this, campaign, seen] {
    const auto rings = rings_.find(campaign);
    return rings != rings_.end() && rings->second > seen;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&has_rung), time);
}

bool ChangeWaiters::TakePlace() {
  absl::MutexLock lock(&mutex_);
  if (waiters_ >= waiters_max_) return false;
  ++waiters_;
  return true;
}

void ChangeWaiters::LeavePlace() {
  absl::MutexLock lock(&mutex_);
  --waiters_;
}

absl::StatusOr<v1::WaitChangesResponse> ChangeWaiters::Look(const db::Scope& scope, base::PhoneId phone,
                                                            const v1::WaitChangesRequest& request) {
  v1::ListChangesRequest list;
  list.set_change_token(request.change_token());
  list.set_page_size(request.page_size());
  SNOWFIELD_ASSIGN_OR_RETURN(v1::ListChangesResponse changes,
                             db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
                               return ReadChanges(transaction, phone, list);
                             }));
  v1::WaitChangesResponse response;
  response.mutable_changes()->Swap(changes.mutable_changes());
  response.set_change_token(std::move(*changes.mutable_change_token()));
  response.set_more(changes.more());
  return response;
}

absl::StatusOr<v1::WaitChangesResponse> ChangeWaiters::Wait(const db::Scope& scope, base::PhoneId phone,
                                                            const v1::WaitChangesRequest& request) {
  if (request.wait_s() < 0 || request.wait_s() > kWaitSecondsMax) {
    return base::InvalidField("wait_s", "WAIT_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kWaitSecondsMax, " seconds, or 0 for ", kWaitSecondsDefault));
  }
  const absl::Duration time = absl::Seconds(request.wait_s() == 0 ? kWaitSecondsDefault : request.wait_s());
  // An answer needs its way back before the caller's own deadline.
  const absl::Time end = std::min(absl::Now() + time, scope.deadline - absl::Seconds(1));
  int64_t rings = bell_.Rings(scope.campaign);
  SNOWFIELD_ASSIGN_OR_RETURN(v1::WaitChangesResponse response, Look(scope, phone, request));
  if (!response.changes().empty()) return response;
  if (!TakePlace()) {
    response.set_poll_after_s(PollAfterSeconds());
    return response;
  }
  const absl::Cleanup leave = [this] { LeavePlace(); };
  v1::WaitChangesRequest next = request;
  while (response.changes().empty() && absl::Now() < end) {
    if (scope.cancelled && scope.cancelled()) {
      return base::Problem(absl::StatusCode::kCancelled, "CANCELLED", "", "the caller cancelled the request");
    }
    if (draining_.HasBegun()) {
      response.set_poll_after_s(PollAfterSeconds());
      return response;
    }
    const absl::Time looked = absl::Now();
    bell_.WaitForRing(scope.campaign, rings, std::min(kLookPause, end - looked));
    absl::SleepFor(std::min(kLookPauseMin - (absl::Now() - looked), end - absl::Now()));
    rings = bell_.Rings(scope.campaign);
    next.set_change_token(response.change_token());
    SNOWFIELD_ASSIGN_OR_RETURN(response, Look(scope, phone, next));
  }
  return response;
}

}  // namespace snowfield::canvass
