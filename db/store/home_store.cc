#include "db/store/home_store.h"

#include <utility>

#include "base/status.h"
#include "db/queries/home_queries.h"

namespace snowfield::db {
namespace {
Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }
}  // namespace

absl::StatusOr<std::vector<TeammateRow>> ReadTeammates(Transaction& transaction, base::MemberId leader,
                                                       const TeamView& view) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kHomeTeam,
                      Campaign(transaction).Id(leader).Text(view.recent_after_day).Int32(view.name_characters_max)));
  std::vector<TeammateRow> team;
  for (const Row& row : result) {
    TeammateRow mate{.member = row.Id<base::MemberId>(0),
                     .display_name = std::string(row.Text(1)),
                     .role = std::string(row.Text(2)),
                     .team_size = row.Int64(3),
                     .shift_day = std::nullopt,
                     .shift_doors = row.Int64(5),
                     .shift_contacts = row.Int64(6),
                     .shift_minutes = row.Int64(7),
                     .recent_doors = row.Int64(8),
                     .recent_contacts = row.Int64(9)};
    if (!row.IsNull(4)) mate.shift_day = std::string(row.Text(4));
    team.push_back(std::move(mate));
  }
  return team;
}

absl::StatusOr<WorkView> ReadWork(Transaction& transaction, base::MemberId owner, const WorkWindow& window) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result counts,
      transaction.Run(queries::kHomeWork, Campaign(transaction).Id(owner).Time(window.now).Time(window.soon)));
  WorkView work{.open = counts[0].Int64(0), .overdue = counts[0].Int64(1), .due_soon = counts[0].Int64(2), .next = {}};
  if (work.open == 0) return work;
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result next,
      transaction.Run(queries::kHomeNextWork, Campaign(transaction).Id(owner).Int32(window.next_max)));
  for (const Row& row : next) {
    work.next.push_back(
        {.follow_up = row.Id<base::FollowUpId>(0), .queue = std::string(row.Text(1)), .due_time = row.Time(2)});
  }
  return work;
}

absl::StatusOr<HeldLists> ReadHeldLists(Transaction& transaction, base::MemberId leader, absl::Time now,
                                        int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kHomeLists, Campaign(transaction).Id(leader).Time(now).Int32(count_max)));
  HeldLists held;
  for (const Row& row : result) {
    held.lists.push_back({.list_number = std::string(row.Text(0)),
                          .turf_number = row.Int32(1),
                          .doors = row.Int64(2),
                          .doors_done = row.Int64(3),
                          .phones_out = row.Int64(4)});
    held.count = row.Int64(5);
  }
  return held;
}

}  // namespace snowfield::db
