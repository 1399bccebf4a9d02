#include "db/store/walk_list_store.h"

#include "base/status.h"
#include "db/queries/walk_list_queries.h"
#include "db/store/change_store.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

template <typename IdType>
absl::StatusOr<std::vector<IdType>> FirstColumn(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  std::vector<IdType> ids;
  for (const Row& row : *result) ids.push_back(row.Id<IdType>(0));
  return ids;
}

absl::StatusOr<std::vector<AssignmentRow>> Assignments(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  std::vector<AssignmentRow> assignments;
  for (const Row& row : *result) {
    assignments.push_back({.walk_list = row.Id<base::WalkListId>(0),
                           .turf = row.Id<base::TurfId>(1),
                           .turf_number = row.Int32(2),
                           .leader = row.Id<base::MemberId>(3),
                           .leader_name = std::string(row.Text(4)),
                           .list_number = std::string(row.Text(5)),
                           .door_count = row.Int32(6),
                           .create_time = row.Time(7),
                           .region_number = row.Int32(8)});
  }
  return assignments;
}

}  // namespace

absl::StatusOr<std::vector<base::WalkListId>> RevokeListsOfCut(Transaction& transaction, base::CutId cut) {
  return FirstColumn<base::WalkListId>(transaction.Run(queries::kRevokeListsOfCut, Campaign(transaction).Id(cut)));
}

absl::StatusOr<std::vector<base::WalkListId>> RevokeListsOfOthers(Transaction& transaction,
                                                                  const std::vector<base::TurfId>& turfs,
                                                                  base::MemberId leader) {
  return FirstColumn<base::WalkListId>(
      transaction.Run(queries::kRevokeListsOfOthers, Campaign(transaction).Ids(turfs).Id(leader)));
}

absl::StatusOr<std::vector<CurrentList>> ListCurrentLists(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListCurrentListsOfCut, Campaign(transaction).Id(cut)));
  std::vector<CurrentList> lists;
  for (const Row& row : result) {
    lists.push_back({.walk_list = row.Id<base::WalkListId>(0),
                     .turf = row.Id<base::TurfId>(1),
                     .leader = row.Id<base::MemberId>(2)});
  }
  return lists;
}

absl::StatusOr<int> MoveWalkLists(Transaction& transaction, const std::vector<ListMove>& moves) {
  std::vector<base::TurfId> from, to;
  for (const ListMove& move : moves) {
    from.push_back(move.from);
    to.push_back(move.to);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kMoveWalkLists, Campaign(transaction).Ids(from).Ids(to)));
  return static_cast<int>(result.row_count());
}

absl::StatusOr<std::vector<PhoneOutRow>> ListPhonesOut(Transaction& transaction,
                                                       const std::vector<base::WalkListId>& lists) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPhonesOut, Campaign(transaction).Ids(lists)));
  std::vector<PhoneOutRow> phones;
  for (const Row& row : result) {
    phones.push_back({.walk_list = row.Id<base::WalkListId>(0),
                      .member = row.Id<base::MemberId>(1),
                      .member_name = std::string(row.Text(2)),
                      .expire_time = row.Time(3)});
  }
  return phones;
}

absl::StatusOr<std::vector<DoorsDoneRow>> CountDoorsDone(Transaction& transaction,
                                                         const std::vector<base::WalkListId>& lists) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kCountDoorsDone, Campaign(transaction).Ids(lists)));
  std::vector<DoorsDoneRow> counts;
  for (const Row& row : result) {
    counts.push_back({.walk_list = row.Id<base::WalkListId>(0), .doors = row.Int64(1)});
  }
  return counts;
}

absl::Status WriteListsRevoked(Transaction& transaction, const std::vector<base::WalkListId>& lists) {
  std::vector<NewChange> changes;
  for (const base::WalkListId list : lists) {
    changes.push_back({.kind = ChangeKind::kListRevoked, .walk_list = list, .door = {}, .knock = std::nullopt});
  }
  return AppendChanges(transaction, changes);
}

absl::StatusOr<std::vector<base::TurfId>> InsertWalkLists(Transaction& transaction,
                                                          const std::vector<NewWalkList>& lists) {
  std::vector<base::TurfId> turfs;
  std::vector<base::MemberId> leaders;
  std::vector<std::string> numbers;
  for (const NewWalkList& list : lists) {
    turfs.push_back(list.turf);
    leaders.push_back(list.leader);
    numbers.push_back(list.list_number);
  }
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kInsertWalkLists, Campaign(transaction).Ids(turfs).Ids(leaders).Texts(numbers))
          .status());
  return FirstColumn<base::TurfId>(transaction.Run(queries::kTurfsWithoutList, Campaign(transaction).Ids(turfs)));
}

absl::StatusOr<std::vector<AssignmentRow>> ListAssignments(Transaction& transaction, const AssignmentPage& page) {
  return Assignments(transaction.Run(
      queries::kListAssignments,
      Campaign(transaction).Id(page.cut).Id(page.leader).Int64(page.after).Int64(page.limit).Id(page.branch)));
}

absl::StatusOr<std::vector<AssignmentRow>> ListAssignmentsOfTurfs(Transaction& transaction,
                                                                  const std::vector<base::TurfId>& turfs) {
  return Assignments(transaction.Run(queries::kListAssignmentsOfTurfs, Campaign(transaction).Ids(turfs)));
}

absl::StatusOr<std::vector<LeaderRow>> ReadLeaders(Transaction& transaction, const std::vector<base::MemberId>& members,
                                                   base::MemberId branch) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kReadLeaders, Campaign(transaction).Ids(members).Id(branch)));
  std::vector<LeaderRow> leaders;
  for (const Row& row : result) {
    LeaderRow leader{.member = row.Id<base::MemberId>(0),
                     .role = std::string(row.Text(1)),
                     .home = std::nullopt,
                     .current_lists = row.Int64(4)};
    if (!row.IsNull(2)) leader.home = {.longitude_deg = row.Double(2), .latitude_deg = row.Double(3)};
    leaders.push_back(std::move(leader));
  }
  return leaders;
}

}  // namespace snowfield::db
