#include "services/followup/queue.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/contact_store.h"
#include "db/store/member_store.h"
#include "services/access/scope.h"
#include "services/followup/follow_ups.h"
#include "services/followup/wire.h"
#include "services/rpc/names.h"
#include "services/rpc/paging.h"
#include "services/rpc/reason.h"
#include "services/rpc/timestamp.h"

namespace snowfield::followup {
namespace {

using db::Transaction;

constexpr int64_t kEveryone = -1;
constexpr char kEvents[] = "follow_up_events";

constexpr std::array<std::pair<v1::FollowUpEventKind, std::string_view>, 10> kKinds = {
    {{v1::FOLLOW_UP_EVENT_KIND_CLAIMED, "claimed"},
     {v1::FOLLOW_UP_EVENT_KIND_LEASE_LOST, "lease_lost"},
     {v1::FOLLOW_UP_EVENT_KIND_RELEASED, "released"},
     {v1::FOLLOW_UP_EVENT_KIND_SNOOZED, "snoozed"},
     {v1::FOLLOW_UP_EVENT_KIND_REASSIGNED, "reassigned"},
     {v1::FOLLOW_UP_EVENT_KIND_CLIMBED, "climbed"},
     {v1::FOLLOW_UP_EVENT_KIND_COMPLETED, "completed"},
     {v1::FOLLOW_UP_EVENT_KIND_GIVEN_UP, "given_up"},
     {v1::FOLLOW_UP_EVENT_KIND_REOPENED, "reopened"},
     {v1::FOLLOW_UP_EVENT_KIND_HELD_BACK, "held_back"}}};

absl::Status CheckLease(int32_t lease_for_s) {
  const absl::Duration lease = absl::Seconds(lease_for_s);
  if (lease_for_s == 0 || (kLeaseMin <= lease && lease <= kLeaseMax)) return absl::OkStatus();
  return base::InvalidField("lease_for_s", "LEASE_OUT_OF_RANGE", "send 30 to 3600 seconds, or 0 for 600");
}

absl::Duration LeaseOf(int32_t lease_for_s) { return lease_for_s == 0 ? kLeaseDefault : absl::Seconds(lease_for_s); }

absl::Status CheckClaim(const v1::ClaimFollowUpsRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(CheckQueue(request.queue()));
  if (request.owner_id() < kEveryone) {
    return base::InvalidField("owner_id", "OWNER_INVALID", "send a member, 0 for yourself, or -1 for everyone");
  }
  if (request.count() < 0 || request.count() > kClaimCountMax) {
    return base::InvalidField("count", "COUNT_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kClaimCountMax, ", or 0 for 1"));
  }
  if (request.wait_s() < 0 || absl::Seconds(request.wait_s()) > kClaimWaitMax) {
    return base::InvalidField("wait_s", "WAIT_OUT_OF_RANGE", "send 0 to 50 seconds");
  }
  return CheckLease(request.lease_for_s());
}

template <typename Request>
absl::Status CheckLeases(const Request& request) {
  if (1 <= request.leases_size() && request.leases_size() <= kClaimCountMax) return absl::OkStatus();
  return base::InvalidField("leases", "LEASES_OUT_OF_RANGE", absl::StrCat("send 1 to ", kClaimCountMax, " leases"));
}

bool Holds(const access::Caller& caller, const db::LockedFollowUp& item, int64_t fence) {
  return item.state == "open" && item.holder == caller.member && item.fence == fence;
}

// The leases of the request that the caller still holds; the ids of the others go into `lost`.
template <typename Request>
absl::StatusOr<std::vector<base::FollowUpId>> FindHeld(Transaction& transaction, const access::Caller& caller,
                                                       const Request& request,
                                                       google::protobuf::RepeatedField<int64_t>* lost) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLeases(request));
  std::vector<base::FollowUpId> ids;
  for (const v1::LeaseName& lease : request.leases()) ids.emplace_back(lease.follow_up_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const auto items, db::LockFollowUps(transaction, ids));
  std::vector<base::FollowUpId> held;
  for (const v1::LeaseName& lease : request.leases()) {
    const base::FollowUpId id(lease.follow_up_id());
    const bool holds = std::any_of(items.begin(), items.end(), [&](const db::LockedFollowUp& item) {
      return item.follow_up == id && Holds(caller, item, lease.fence());
    });
    if (!holds) {
      lost->Add(id.value);
    } else if (std::find(held.begin(), held.end(), id) == held.end()) {
      held.push_back(id);
    }
  }
  return held;
}

absl::Status CheckSees(Transaction& transaction, const access::Caller& caller, base::MemberId owner) {
  SNOWFIELD_ASSIGN_OR_RETURN(const bool sees, access::IsInScope(transaction, caller, owner));
  if (sees) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_FOLLOW_UP", "follow_up_id",
                       "this is the work of someone who is not on your team or below it");
}

absl::StatusOr<db::LockedFollowUp> Lock(Transaction& transaction, int64_t id) {
  SNOWFIELD_ASSIGN_OR_RETURN(auto items, db::LockFollowUps(transaction, {base::FollowUpId(id)}));
  if (items.empty()) return base::NoSuch("follow_up_id", "no such follow-up: list them again");
  return std::move(items.front());
}

absl::StatusOr<db::LockedFollowUp> LockToAct(Transaction& transaction, const access::Caller& caller, int64_t id,
                                             int64_t fence, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::LockedFollowUp item, Lock(transaction, id));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayAct(transaction, caller, item, fence, now));
  return item;
}

// What was done is told to the audit log; the item as it is now goes to the caller.
absl::StatusOr<v1::FollowUp> Tell(Transaction& transaction, const access::Caller& caller, std::string_view action,
                                  base::FollowUpId id) {
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
      transaction, {.member = caller.member, .action = action, .subject_kind = "follow_up", .subject_id = id.value}));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRow row, db::FindFollowUp(transaction, id));
  v1::FollowUp message;
  ToMessage(row, message);
  return message;
}

void ToMessage(const db::FollowUpEventRow& row, v1::FollowUpEvent& out) {
  out.set_kind(rpc::ValueIn(kKinds, row.kind));
  *out.mutable_time() = rpc::ToTimestamp(row.time);
  out.set_member_id(row.member.value);
  out.set_from_member_id(row.from_member.value);
  out.set_to_member_id(row.to_member.value);
  out.set_detail(row.detail);
}

}  // namespace

db::Scope ByKeys(const access::Call& call) {
  db::Scope scope = call.Scope();
  scope.look_ups = true;
  return scope;
}

absl::StatusOr<v1::ClaimFollowUpsResponse> FollowUpQueue::ClaimOnce(const access::Call& call,
                                                                    const v1::ClaimFollowUpsRequest& request) {
  using Claimed = absl::StatusOr<v1::ClaimFollowUpsResponse>;
  return db::RunInTransaction(*pool_, ByKeys(call), [&](Transaction& transaction) -> Claimed {
    const absl::Time now = clock_.Now();
    db::FollowUpClaim claim{.whole_branch = request.owner_id() == kEveryone,
                            .owner = request.owner_id() == 0 ? call.caller.member : base::MemberId(request.owner_id()),
                            .queue = request.queue(),
                            .count_max = std::max(1, request.count()),
                            .holder = call.caller.member,
                            .now = now,
                            .expire_time = now + LeaseOf(request.lease_for_s())};
    if (claim.whole_branch) {
      claim.owner = access::BranchRoot(call.caller);
    } else if (claim.owner != call.caller.member) {
      SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, call.caller, claim.owner, "owner_id"));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::FollowUpRow> rows, db::ClaimFollowUps(transaction, claim));
    v1::ClaimFollowUpsResponse response;
    for (const db::FollowUpRow& row : rows) {
      v1::Lease* lease = response.add_leases();
      followup::ToMessage(row, *lease->mutable_follow_up());
      lease->set_fence(row.fence);
    }
    SNOWFIELD_RETURN_IF_ERROR(TellWhoWasRead(transaction, call.caller, "follow_up.claim", rows));
    if (!rows.empty()) return response;
    SNOWFIELD_ASSIGN_OR_RETURN(const db::LimitsNow limits, db::FindContactLimits(transaction, now));
    if (limits.quiet_until.has_value()) *response.mutable_quiet_until_time() = rpc::ToTimestamp(*limits.quiet_until);
    return response;
  });
}

absl::StatusOr<v1::ClaimFollowUpsResponse> FollowUpQueue::Claim(const access::Call& call,
                                                                const v1::ClaimFollowUpsRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(CheckClaim(request));
  const absl::Time end = std::min(absl::Now() + absl::Seconds(request.wait_s()), call.deadline - kClaimLookPause);
  SNOWFIELD_ASSIGN_OR_RETURN(v1::ClaimFollowUpsResponse response, ClaimOnce(call, request));
  if (!response.leases().empty() || response.has_quiet_until_time() || absl::Now() >= end || !TakePlace()) {
    return response;
  }
  absl::StatusOr<v1::ClaimFollowUpsResponse> later = response;
  while (later.ok() && later->leases().empty() && absl::Now() < end && !draining_.HasBegun()) {
    if (call.cancelled()) {
      later = absl::CancelledError("the caller has gone");
      break;
    }
    absl::SleepFor(std::min(kClaimLookPause, end - absl::Now()));
    later = ClaimOnce(call, request);
  }
  LeavePlace();
  return later;
}

bool FollowUpQueue::TakePlace() {
  absl::MutexLock lock(&mutex_);
  if (waiters_ >= kClaimWaitersMax) return false;
  ++waiters_;
  return true;
}

void FollowUpQueue::LeavePlace() {
  absl::MutexLock lock(&mutex_);
  --waiters_;
}

absl::Status CheckMayAct(Transaction& transaction, const access::Caller& caller, const db::LockedFollowUp& item,
                         int64_t fence, absl::Time now) {
  if (!Holds(caller, item, fence)) SNOWFIELD_RETURN_IF_ERROR(CheckSees(transaction, caller, item.owner));
  if (item.state == "dropped") {
    return base::NotNow("FOLLOW_UP_DROPPED", "do not get in touch: a do-not-contact or a correction ended this one");
  }
  if (item.state == "done") {
    return base::NotNow("ALREADY_COMPLETED",
                        absl::StrCat("this one was completed with outcome ", item.outcome, " before: list them again"));
  }
  if (item.state == "dead") return base::NotNow("FOLLOW_UP_GIVEN_UP", "this one was given up: reopen it first");
  if (fence != 0) {
    if (Holds(caller, item, fence)) return absl::OkStatus();
    return base::NotNow("LEASE_LOST", "your lease ran out and someone else has this one now: claim another");
  }
  const bool is_free = !item.holder || item.holder == caller.member ||
                       (item.lease_expire_time.has_value() && *item.lease_expire_time <= now);
  if (is_free) return absl::OkStatus();
  return base::NotNow("HELD_BY_ANOTHER", "someone is at it: wait until their lease is over, or claim another");
}

absl::StatusOr<v1::RenewLeasesResponse> Renew(Transaction& transaction, const access::Caller& caller,
                                              const v1::RenewLeasesRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(CheckLease(request.lease_for_s()));
  v1::RenewLeasesResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto held, FindHeld(transaction, caller, request, response.mutable_lost_ids()));
  const absl::Time expire_time = now + LeaseOf(request.lease_for_s());
  SNOWFIELD_RETURN_IF_ERROR(db::RenewLeases(transaction, held, expire_time));
  *response.mutable_expire_time() = rpc::ToTimestamp(expire_time);
  return response;
}

absl::StatusOr<v1::ReleaseLeasesResponse> Release(Transaction& transaction, const access::Caller& caller,
                                                  const v1::ReleaseLeasesRequest& request, absl::Time now) {
  v1::ReleaseLeasesResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto held, FindHeld(transaction, caller, request, response.mutable_lost_ids()));
  SNOWFIELD_RETURN_IF_ERROR(db::ReleaseLeases(transaction, held, {.member = caller.member, .now = now}));
  return response;
}

absl::StatusOr<v1::FollowUp> Snooze(Transaction& transaction, const access::Caller& caller,
                                    const v1::SnoozeFollowUpRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 0, kFollowUpReasonCharactersMax, "reason"));
  if (!request.has_until_time()) return base::InvalidField("until_time", "TIME_MISSING", "say until when");
  SNOWFIELD_ASSIGN_OR_RETURN(const absl::Time until, rpc::FromTimestamp(request.until_time(), "until_time"));
  if (until <= now || until > now + kSnoozeMax) {
    return base::InvalidField("until_time", "TIME_OUT_OF_RANGE", "send a time to come, within 90 days");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::LockedFollowUp item,
                             LockToAct(transaction, caller, request.follow_up_id(), request.fence(), now));
  SNOWFIELD_RETURN_IF_ERROR(
      db::SnoozeFollowUp(transaction, item.follow_up, {.member = caller.member, .now = now}, until, request.reason()));
  return Tell(transaction, caller, "follow_up.snooze", item.follow_up);
}

absl::StatusOr<v1::FollowUp> Reassign(Transaction& transaction, const access::Caller& caller,
                                      const v1::ReassignFollowUpRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 0, kFollowUpReasonCharactersMax, "reason"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::LockedFollowUp item, Lock(transaction, request.follow_up_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckSees(transaction, caller, item.owner));
  if (item.state != "open") SNOWFIELD_RETURN_IF_ERROR(CheckMayAct(transaction, caller, item, 0, now));
  const base::MemberId to_member(request.to_member_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, to_member, "to_member_id"));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, to_member, "to_member_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const access::v1::Role role, access::RoleFromName(row.role));
  if (row.leave_time.has_value() || !access::RoleMay(role, rpc::v1::PERMISSION_FOLLOW_UP_WORK)) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_CANNOT_WORK", "to_member_id",
                         "this member has left, or their role does no follow-ups: choose another");
  }
  SNOWFIELD_RETURN_IF_ERROR(db::ReassignFollowUp(transaction, item.follow_up, {.member = caller.member, .now = now},
                                                 to_member, request.reason()));
  return Tell(transaction, caller, "follow_up.reassign", item.follow_up);
}

absl::StatusOr<v1::FollowUp> GiveUp(Transaction& transaction, const access::Caller& caller,
                                    const v1::GiveUpFollowUpRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 1, kFollowUpReasonCharactersMax, "reason"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::LockedFollowUp item,
                             LockToAct(transaction, caller, request.follow_up_id(), request.fence(), now));
  SNOWFIELD_RETURN_IF_ERROR(
      db::GiveUpFollowUp(transaction, item.follow_up, {.member = caller.member, .now = now}, request.reason()));
  return Tell(transaction, caller, "follow_up.give_up", item.follow_up);
}

absl::StatusOr<v1::FollowUp> Reopen(Transaction& transaction, const access::Caller& caller,
                                    const v1::ReopenFollowUpRequest& request, absl::Time now) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 0, kFollowUpReasonCharactersMax, "reason"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::LockedFollowUp item, Lock(transaction, request.follow_up_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckSees(transaction, caller, item.owner));
  if (item.state != "dead") return base::NotNow("NOT_GIVEN_UP", "only what was given up can be opened again");
  SNOWFIELD_ASSIGN_OR_RETURN(
      const bool opened,
      db::ReopenFollowUp(transaction, item.follow_up, {.member = caller.member, .now = now}, request.reason()));
  if (!opened) {
    return base::NotNow("MAY_NOT_REOPEN",
                        "its knock was corrected or voided since, or whom it is about asked to be left alone");
  }
  return Tell(transaction, caller, "follow_up.reopen", item.follow_up);
}

absl::StatusOr<v1::ListFollowUpEventsResponse> ListEvents(Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListFollowUpEventsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kEvents, request.page_size(), request.page_token()));
  const base::FollowUpId id(request.follow_up_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FollowUpRow item, db::FindFollowUp(transaction, id));
  SNOWFIELD_RETURN_IF_ERROR(CheckSees(transaction, caller, item.owner));
  SNOWFIELD_ASSIGN_OR_RETURN(auto rows, db::ListFollowUpEvents(transaction, id, page.after, page.size + 1));
  v1::ListFollowUpEventsResponse response;
  if (page.after == 0) {
    v1::FollowUpEvent* created = response.add_events();
    created->set_kind(v1::FOLLOW_UP_EVENT_KIND_CREATED);
    *created->mutable_time() = rpc::ToTimestamp(item.create_time);
    created->set_detail(item.rule_name);
  }
  if (static_cast<int>(rows.size()) > page.size) {
    rows.pop_back();
    response.set_next_page_token(rpc::NextPageToken(kEvents, rows.back().event_id));
  }
  for (const db::FollowUpEventRow& row : rows) ToMessage(row, *response.add_events());
  if (item.state == "dropped" && response.next_page_token().empty()) {
    v1::FollowUpEvent* dropped = response.add_events();
    dropped->set_kind(v1::FOLLOW_UP_EVENT_KIND_DROPPED);
    *dropped->mutable_time() = rpc::ToTimestamp(item.complete_time.value_or(item.create_time));
    dropped->set_member_id(item.completed_by.value);
    dropped->set_detail(item.drop_reason);
  }
  return response;
}

}  // namespace snowfield::followup
