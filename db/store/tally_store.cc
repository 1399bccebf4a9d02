#include "db/store/tally_store.h"

#include <utility>

#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/queries/tally_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

template <typename Row_, typename Read>
std::vector<int64_t> Column(const std::vector<Row_>& rows, Read read) {
  std::vector<int64_t> column;
  column.reserve(rows.size());
  for (const Row_& row : rows) column.push_back(read(row));
  return column;
}

template <typename Row_>
std::vector<base::MemberId> Members(const std::vector<Row_>& rows) {
  std::vector<base::MemberId> members;
  members.reserve(rows.size());
  for (const Row_& row : rows) members.push_back(row.member);
  return members;
}

Tally TallyAt(const Row& row, int first) {
  return {.members = row.Int64(first),
          .leaders = row.Int64(first + 1),
          .doors = row.Int64(first + 2),
          .contacts = row.Int64(first + 3),
          .supporters = row.Int64(first + 4),
          .volunteers = row.Int64(first + 5),
          .overdue = row.Int64(first + 6)};
}

constexpr int kOwnColumn = 2;
constexpr int kBranchColumn = 9;

TallyRow ReadTallyRow(const Row& row) {
  return {.member = row.Id<base::MemberId>(0),
          .display_name = std::string(row.Text(1)),
          .own = TallyAt(row, kOwnColumn),
          .branch = TallyAt(row, kBranchColumn)};
}

}  // namespace

absl::StatusOr<base::CampaignId> LastCampaign(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kLastCampaign));
  return result[0].Id<base::CampaignId>(0);
}

absl::Status ForEachCampaign(Pool& pool, absl::Duration time_max,
                             absl::FunctionRef<absl::Status(base::CampaignId)> work) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::CampaignId last,
                             RunInTransaction(pool, {.deadline = absl::Now() + time_max, .read_only = true},
                                              [](Transaction& transaction) { return LastCampaign(transaction); }));
  for (int64_t campaign = 1; campaign <= last.value; ++campaign) {
    SNOWFIELD_RETURN_IF_ERROR(work(base::CampaignId(campaign)));
  }
  return absl::OkStatus();
}

absl::StatusOr<bool> FoldIsDue(Transaction& transaction, absl::Time overdue_since) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFoldIsDue, Campaign(transaction).Time(overdue_since)));
  return !result.empty() && result[0].Bool(0);
}

absl::StatusOr<bool> HasTally(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kHasTally, Campaign(transaction)));
  return result[0].Bool(0);
}

absl::Status StartTally(Transaction& transaction) {
  return transaction.Run(queries::kStartTally, Campaign(transaction)).status();
}

absl::StatusOr<std::optional<TallyCursor>> LockTally(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kLockTally, Campaign(transaction)));
  if (result.empty()) return std::nullopt;
  return TallyCursor{.change_number = result[0].Int64(0), .overdue_time = result[0].Time(1)};
}

absl::Status MoveCursor(Transaction& transaction, const CursorMove& move) {
  return transaction
      .Run(queries::kMoveCursor,
           Campaign(transaction).Int64(move.change_number).Time(move.fold_time).Time(move.overdue_time))
      .status();
}

absl::StatusOr<FreshKnocks> CountFreshKnocks(Transaction& transaction, int64_t above) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountFreshKnocks, Campaign(transaction).Int64(above)));
  FreshKnocks fresh{.last_change = above, .days = {}};
  for (const Row& row : result) {
    fresh.last_change = row.Int64(0);
    if (row.IsNull(1)) continue;
    fresh.days.push_back({.member = row.Id<base::MemberId>(1),
                          .day = std::string(row.Text(2)),
                          .tally = {.doors = row.Int64(3),
                                    .contacts = row.Int64(4),
                                    .supporters = row.Int64(5),
                                    .volunteers = row.Int64(6)},
                          .first_time = row.OptionalTime(7),
                          .last_time = row.OptionalTime(8)});
  }
  return fresh;
}

absl::Status AddDays(Transaction& transaction, const std::vector<DayDelta>& days) {
  if (days.empty()) return absl::OkStatus();
  std::vector<std::string> names;
  std::vector<std::optional<absl::Time>> first_times, last_times;
  for (const DayDelta& day : days) {
    names.push_back(day.day);
    first_times.push_back(day.first_time);
    last_times.push_back(day.last_time);
  }
  const auto of = [&](int64_t Tally::*figure) {
    return Column(days, [figure](const DayDelta& day) { return day.tally.*figure; });
  };
  return transaction
      .Run(queries::kAddDays, Campaign(transaction)
                                  .Ids(Members(days))
                                  .Texts(names)
                                  .Int64s(of(&Tally::doors))
                                  .Int64s(of(&Tally::contacts))
                                  .Int64s(of(&Tally::supporters))
                                  .Int64s(of(&Tally::volunteers))
                                  .Times(first_times)
                                  .Times(last_times))
      .status();
}

absl::StatusOr<std::vector<base::MemberId>> TakeTouches(Transaction& transaction, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kTakeTouches, Campaign(transaction).Int32(count_max)));
  std::vector<base::MemberId> members;
  for (const Row& row : result) members.push_back(row.Id<base::MemberId>(0));
  return members;
}

absl::StatusOr<std::vector<TallyDelta>> CountTouched(Transaction& transaction,
                                                     const std::vector<base::MemberId>& members) {
  std::vector<TallyDelta> deltas;
  if (members.empty()) return deltas;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountTouched, Campaign(transaction).Ids(members)));
  for (const Row& row : result) {
    deltas.push_back(
        {.member = row.Id<base::MemberId>(0), .tally = {.members = row.Int64(1), .leaders = row.Int64(2)}});
  }
  return deltas;
}

absl::StatusOr<std::vector<TallyDelta>> CountOverdue(Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountOverdue, Campaign(transaction).Time(now)));
  std::vector<TallyDelta> deltas;
  for (const Row& row : result) {
    deltas.push_back({.member = row.Id<base::MemberId>(0), .tally = {.overdue = row.Int64(1)}});
  }
  return deltas;
}

absl::Status AddTallies(Transaction& transaction, const std::vector<TallyDelta>& deltas) {
  if (deltas.empty()) return absl::OkStatus();
  const auto of = [&](int64_t Tally::*figure) {
    return Column(deltas, [figure](const TallyDelta& delta) { return delta.tally.*figure; });
  };
  return transaction
      .Run(queries::kAddTallies, Campaign(transaction)
                                     .Ids(Members(deltas))
                                     .Int64s(of(&Tally::members))
                                     .Int64s(of(&Tally::leaders))
                                     .Int64s(of(&Tally::doors))
                                     .Int64s(of(&Tally::contacts))
                                     .Int64s(of(&Tally::supporters))
                                     .Int64s(of(&Tally::volunteers))
                                     .Int64s(of(&Tally::overdue)))
      .status();
}

absl::Status TouchMembers(Transaction& transaction, const std::vector<base::MemberId>& members) {
  return transaction.Run(queries::kTouchMembers, Campaign(transaction).Ids(members)).status();
}

absl::Status ShiftBranch(Transaction& transaction, base::MemberId member, int sign) {
  return transaction.Run(queries::kShiftBranchTally, Campaign(transaction).Id(member).Int64(sign)).status();
}

absl::StatusOr<std::vector<base::MemberId>> OrderByDepth(Transaction& transaction,
                                                         const std::vector<base::MemberId>& members) {
  if (members.size() < 2) return members;
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kOrderByDepth, Campaign(transaction).Ids(members)));
  std::vector<base::MemberId> ordered;
  for (const Row& row : result) ordered.push_back(row.Id<base::MemberId>(0));
  return ordered;
}

absl::StatusOr<std::vector<TallyRow>> ReadTallies(Transaction& transaction, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kReadTallies, Campaign(transaction).Id(member)));
  std::vector<TallyRow> rows;
  for (const Row& row : result) {
    if (rows.empty() && row.Id<base::MemberId>(0) != member) break;
    rows.push_back(ReadTallyRow(row));
  }
  return rows;
}

absl::StatusOr<std::optional<TallyRow>> ReadTally(Transaction& transaction, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kReadTally, Campaign(transaction).Id(member)));
  if (result.empty()) return std::nullopt;
  return ReadTallyRow(result[0]);
}

absl::StatusOr<std::optional<absl::Time>> TallyTime(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kTallyTime, Campaign(transaction)));
  if (result.empty()) return std::nullopt;
  return result[0].Time(0);
}

}  // namespace snowfield::db
