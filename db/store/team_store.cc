#include "db/store/team_store.h"

#include <algorithm>

#include "base/status.h"
#include "db/queries/team_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

}  // namespace

absl::Status LockMoves(Transaction& transaction) {
  return transaction.Run(queries::kLockMoves, Campaign(transaction)).status();
}

absl::Status LockMember(Transaction& transaction, base::MemberId member) {
  return transaction.Run(queries::kLockMember, Campaign(transaction).Id(member)).status();
}

absl::StatusOr<std::vector<TeamPlace>> ListTeam(Transaction& transaction, base::MemberId leader) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListTeam, Campaign(transaction).Id(leader)));
  std::vector<TeamPlace> team;
  for (const Row& row : result) team.push_back({.member = row.Id<base::MemberId>(0), .slot = row.Int32(1)});
  return team;
}

absl::StatusOr<std::vector<int>> FreeSlots(Transaction& transaction, base::MemberId leader) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFreeSlots, Campaign(transaction).Id(leader)));
  std::vector<int> slots;
  for (const Row& row : result) slots.push_back(row.Int32(0));
  return slots;
}

absl::StatusOr<std::vector<LeaderWithRoom>> FindLeadersNear(Transaction& transaction, base::MemberId member,
                                                            const Nearness& nearness) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kNearLeaders,
                      Campaign(transaction).Id(member).Int32(nearness.steps_max).Int32(nearness.leaders_max)));
  std::vector<LeaderWithRoom> leaders;
  for (const Row& row : result) {
    LeaderWithRoom leader{.leader = row.Id<base::MemberId>(0), .free_slots = {}};
    for (const int64_t slot : row.Int64s(1)) leader.free_slots.push_back(static_cast<int>(slot));
    leaders.push_back(std::move(leader));
  }
  return leaders;
}

absl::Status SeatMembers(Transaction& transaction, const std::vector<Seat>& seats) {
  if (seats.empty()) return absl::OkStatus();
  std::vector<base::MemberId> members, leaders;
  std::vector<int64_t> slots;
  for (const Seat& seat : seats) {
    members.push_back(seat.member);
    leaders.push_back(seat.leader);
    slots.push_back(seat.slot);
  }
  std::vector<bool> starts;
  for (const base::MemberId leader : leaders) {
    starts.push_back(std::find(members.begin(), members.end(), leader) == members.end());
  }
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kSeatMembers,
                      Campaign(transaction).Ids(members).Ids(leaders).Int64s(slots).Bools(starts)));
  if (result[0].Int64(0) == static_cast<int64_t>(seats.size())) return absl::OkStatus();
  return absl::InternalError("the seats make no tree");
}

absl::Status SetRole(Transaction& transaction, base::MemberId member, std::string_view role) {
  return transaction.Run(queries::kSetRole, Campaign(transaction).Id(member).Text(role)).status();
}

absl::Status ComparePlacesAtCommit(Transaction& transaction) {
  return transaction.Run(queries::kComparePlacesAtCommit).status();
}

absl::Status Leave(Transaction& transaction, base::MemberId member) {
  for (const Query* query :
       {&queries::kLeave, &queries::kEndTokensOfMember, &queries::kEndPhonesOfMember, &queries::kEndCodesOfMember}) {
    SNOWFIELD_RETURN_IF_ERROR(transaction.Run(*query, Campaign(transaction).Id(member)).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<Holdings> CountHoldings(Transaction& transaction, base::MemberId member) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountHoldings, Campaign(transaction).Id(member)));
  return Holdings{.walk_lists = static_cast<int>(result[0].Int64(0)),
                  .follow_ups = static_cast<int>(result[0].Int64(1))};
}

absl::StatusOr<Holdings> HandOver(Transaction& transaction, base::MemberId from, base::MemberId to) {
  const Params params = Campaign(transaction).Id(from).Id(to);
  SNOWFIELD_ASSIGN_OR_RETURN(const Result lists, transaction.Run(queries::kHandOverWalkLists, params));
  SNOWFIELD_ASSIGN_OR_RETURN(const Result follow_ups, transaction.Run(queries::kHandOverFollowUps, params));
  return Holdings{.walk_lists = static_cast<int>(lists.affected_row_count()),
                  .follow_ups = static_cast<int>(follow_ups.affected_row_count())};
}

}  // namespace snowfield::db
