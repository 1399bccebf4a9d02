// What a leader's home shows of their team, work and walk lists.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct TeammateRow {
  base::MemberId member;
  std::string display_name;  // cut
  std::string role;
  int64_t team_size = 0;
  std::optional<std::string> shift_day;  // none: never knocked
  int64_t shift_doors = 0;
  int64_t shift_contacts = 0;
  int64_t shift_minutes = 0;
  int64_t recent_doors = 0;
  int64_t recent_contacts = 0;
};
struct TeamView {
  std::string recent_after_day;  // "2026-11-12": sums are of the days after it
  int name_characters_max = 0;
};
// By place.
absl::StatusOr<std::vector<TeammateRow>> ReadTeammates(Transaction& transaction, base::MemberId leader,
                                                       const TeamView& view);

struct WorkNextRow {
  base::FollowUpId follow_up;
  std::string queue;
  absl::Time due_time;
};
struct WorkView {
  int64_t open = 0;
  int64_t overdue = 0;
  int64_t due_soon = 0;
  std::vector<WorkNextRow> next;  // in due order
};
struct WorkWindow {
  absl::Time now;
  absl::Time soon;
  int next_max = 0;
};
absl::StatusOr<WorkView> ReadWork(Transaction& transaction, base::MemberId owner, const WorkWindow& window);

struct HeldListRow {
  std::string list_number;
  int turf_number = 0;
  int64_t doors = 0;
  int64_t doors_done = 0;
  int64_t phones_out = 0;
};
struct HeldLists {
  std::vector<HeldListRow> lists;  // by turf number, at most `count_max`
  int64_t count = 0;               // of all
};
absl::StatusOr<HeldLists> ReadHeldLists(Transaction& transaction, base::MemberId leader, absl::Time now, int count_max);

}  // namespace snowfield::db
