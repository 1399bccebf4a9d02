#include "db/store/follow_up_queue_store.h"

#include <utility>

#include "base/status.h"
#include "db/queries/follow_up_queue_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// With $3 who and $4 when.
Params Of(const Transaction& transaction, base::FollowUpId follow_up, const Doer& doer) {
  return Campaign(transaction).Id(follow_up).Id(doer.member).Time(doer.now);
}

absl::StatusOr<int> Affected(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  return static_cast<int>(result->affected_row_count());
}

}  // namespace

absl::StatusOr<std::vector<FollowUpRow>> ClaimFollowUps(Transaction& transaction, const FollowUpClaim& claim) {
  const Query& due = claim.whole_branch ? queries::kLockDueOfBranch : queries::kLockDueOfOwner;
  std::vector<base::FollowUpId> ids;
  for (int look = 0; look < kLooksBehindHeldBack; ++look) {
    const auto missing = static_cast<int64_t>(claim.count_max) - static_cast<int64_t>(ids.size());
    SNOWFIELD_ASSIGN_OR_RETURN(
        const Result locked,
        transaction.Run(
            due, Campaign(transaction).Int64(claim.owner.value).Text(claim.queue).Time(claim.now).Int64(missing)));
    std::vector<base::FollowUpId> free, held;
    std::vector<absl::Time> untils;
    std::vector<std::string> reasons;
    for (const Row row : locked) {
      if (row.IsNull(1)) {
        free.push_back(row.Id<base::FollowUpId>(0));
        continue;
      }
      held.push_back(row.Id<base::FollowUpId>(0));
      untils.push_back(row.Time(1));
      reasons.emplace_back(row.Text(2));
    }
    if (!free.empty()) {
      SNOWFIELD_RETURN_IF_ERROR(
          transaction.Defer(queries::kLeaseFollowUps,
                            Campaign(transaction).Ids(free).Id(claim.holder).Time(claim.now).Time(claim.expire_time)));
    }
    ids.insert(ids.end(), free.begin(), free.end());
    if (held.empty()) break;
    SNOWFIELD_RETURN_IF_ERROR(transaction.Defer(
        queries::kHoldBackFollowUps, Campaign(transaction).Ids(held).Time(claim.now).Times(untils).Texts(reasons)));
  }
  if (ids.empty()) return std::vector<FollowUpRow>();
  return FindFollowUps(transaction, ids);
}

absl::StatusOr<std::vector<FollowUpRow>> FindFollowUps(Transaction& transaction,
                                                       const std::vector<base::FollowUpId>& follow_ups) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindFollowUps, Campaign(transaction).Ids(follow_ups)));
  std::vector<FollowUpRow> rows;
  for (const Row row : result) rows.push_back(ReadFollowUp(row));
  return rows;
}

absl::StatusOr<FollowUpRow> FindFollowUp(Transaction& transaction, base::FollowUpId follow_up) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<FollowUpRow> rows, FindFollowUps(transaction, {follow_up}));
  if (rows.empty()) return base::NoSuch("follow_up_id", "no such follow-up: list them again");
  return std::move(rows.front());
}

absl::StatusOr<std::vector<LockedFollowUp>> LockFollowUps(Transaction& transaction,
                                                          const std::vector<base::FollowUpId>& follow_ups) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockFollowUps, Campaign(transaction).Ids(follow_ups)));
  std::vector<LockedFollowUp> locked;
  for (const Row row : result) {
    locked.push_back({.follow_up = row.Id<base::FollowUpId>(0),
                      .state = std::string(row.Text(1)),
                      .owner = row.Id<base::MemberId>(2),
                      .outcome = std::string(row.Text(3)),
                      .person = row.Id<base::PersonId>(4),
                      .holder = row.Id<base::MemberId>(5),
                      .lease_expire_time = row.OptionalTime(6),
                      .fence = row.Int64(7)});
  }
  return locked;
}

absl::Status CompleteFollowUps(Transaction& transaction, const std::vector<Outcome>& outcomes, const Doer& doer) {
  if (outcomes.empty()) return absl::OkStatus();
  std::vector<base::FollowUpId> ids;
  std::vector<std::string> words;
  for (const Outcome& one : outcomes) {
    ids.push_back(one.follow_up);
    words.emplace_back(one.outcome);
  }
  return transaction.Defer(queries::kCompleteFollowUps,
                           Campaign(transaction).Ids(ids).Texts(words).Id(doer.member).Time(doer.now));
}

absl::Status RenewLeases(Transaction& transaction, const std::vector<base::FollowUpId>& follow_ups,
                         absl::Time expire_time) {
  if (follow_ups.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kRenewLeases, Campaign(transaction).Ids(follow_ups).Time(expire_time));
}

absl::Status ReleaseLeases(Transaction& transaction, const std::vector<base::FollowUpId>& follow_ups,
                           const Doer& doer) {
  if (follow_ups.empty()) return absl::OkStatus();
  return transaction.Defer(queries::kReleaseLeases,
                           Campaign(transaction).Ids(follow_ups).Id(doer.member).Time(doer.now));
}

absl::Status SnoozeFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer, absl::Time until,
                            std::string_view reason) {
  return transaction.Defer(queries::kSnoozeFollowUp, Of(transaction, follow_up, doer).Time(until).Text(reason));
}

absl::Status ReassignFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                              base::MemberId to_member, std::string_view reason) {
  return transaction.Defer(queries::kReassignFollowUp, Of(transaction, follow_up, doer).Id(to_member).Text(reason));
}

absl::Status GiveUpFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                            std::string_view reason) {
  return transaction.Defer(queries::kGiveUpFollowUp, Of(transaction, follow_up, doer).Text(reason));
}

absl::StatusOr<bool> ReopenFollowUp(Transaction& transaction, base::FollowUpId follow_up, const Doer& doer,
                                    std::string_view reason) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const int opened,
      Affected(transaction.Run(queries::kReopenFollowUp, Of(transaction, follow_up, doer).Text(reason))));
  return opened == 1;
}

absl::StatusOr<int> GiveUpExhausted(Transaction& transaction, absl::Time now, int tries_max, int count_max) {
  return Affected(
      transaction.Run(queries::kGiveUpExhausted, Campaign(transaction).Time(now).Int32(tries_max).Int64(count_max)));
}

absl::StatusOr<int> ClimbFollowUps(Transaction& transaction, absl::Time now, int count_max) {
  return Affected(transaction.Run(queries::kClimbFollowUps, Campaign(transaction).Time(now).Int64(count_max)));
}

absl::StatusOr<std::vector<FollowUpEventRow>> ListFollowUpEvents(Transaction& transaction, base::FollowUpId follow_up,
                                                                 int64_t after, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListFollowUpEvents, Campaign(transaction).Id(follow_up).Int64(after).Int64(count_max)));
  std::vector<FollowUpEventRow> events;
  for (const Row row : result) {
    events.push_back({.event_id = row.Int64(0),
                      .time = row.Time(1),
                      .kind = std::string(row.Text(2)),
                      .member = row.Id<base::MemberId>(3),
                      .from_member = row.Id<base::MemberId>(4),
                      .to_member = row.Id<base::MemberId>(5),
                      .detail = std::string(row.Text(6))});
  }
  return events;
}

}  // namespace snowfield::db
