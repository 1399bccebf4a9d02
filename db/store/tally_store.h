// Tallies: what each member and each branch of the snowflake has done.
//
// Invariant: a member's branch figures are the sum of the own figures of the member and of everybody below, those who
// left included under whom they stood. What changes the tree keeps it (ShiftBranch, within LockMoves), and so does the
// fold, which alone changes own figures (AddTallies, within LockMoves and LockTally). db/migrations/0010 says the rest.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct Tally {
  int64_t members = 0;
  int64_t leaders = 0;
  int64_t doors = 0;
  int64_t contacts = 0;
  int64_t supporters = 0;
  int64_t volunteers = 0;
  int64_t overdue = 0;
};

// The highest campaign id given out. For the platform's scope.
absl::StatusOr<base::CampaignId> LastCampaign(Transaction& transaction);
// Calls `work` for each campaign that may be there, until it answers other than OK, which is returned. To find them
// takes at most `time_max`.
absl::Status ForEachCampaign(Pool& pool, absl::Duration time_max,
                             absl::FunctionRef<absl::Status(base::CampaignId)> work);

// Whether there is something to count, or overdue work was not looked for since `overdue_since`.
absl::StatusOr<bool> FoldIsDue(Transaction& transaction, absl::Time overdue_since);

absl::StatusOr<bool> HasTally(Transaction& transaction);
// Makes the cursor where there is none yet. Within LockMoves: it holds every member's row, as who changes the tree
// does.
absl::Status StartTally(Transaction& transaction);
struct TallyCursor {
  int64_t change_number = 0;
  absl::Time overdue_time;
};
// Holds the cursor to the end of the transaction; nothing where another server does.
absl::StatusOr<std::optional<TallyCursor>> LockTally(Transaction& transaction);
struct CursorMove {
  int64_t change_number = 0;
  absl::Time fold_time;
  absl::Time overdue_time;
};
absl::Status MoveCursor(Transaction& transaction, const CursorMove& move);

// What is to be added to a member's day.
struct DayDelta {
  base::MemberId member;
  std::string day;  // "2026-11-26", in the campaign's time zone
  Tally tally;      // doors to volunteers
  std::optional<absl::Time> first_time;
  std::optional<absl::Time> last_time;
};
struct FreshKnocks {
  int64_t last_change = 0;
  std::vector<DayDelta> days;
};
// Of the changes above this number.
absl::StatusOr<FreshKnocks> CountFreshKnocks(Transaction& transaction, int64_t above);
absl::Status AddDays(Transaction& transaction, const std::vector<DayDelta>& days);

struct TallyDelta {
  base::MemberId member;
  Tally tally;
};
// Takes the first of what was touched off the list; call before CountTouched.
absl::StatusOr<std::vector<base::MemberId>> TakeTouches(Transaction& transaction, int count_max);
absl::StatusOr<std::vector<TallyDelta>> CountTouched(Transaction& transaction,
                                                     const std::vector<base::MemberId>& members);
absl::StatusOr<std::vector<TallyDelta>> CountOverdue(Transaction& transaction, absl::Time now);
// To own figures and to those of every branch above; a member may stand in several deltas.
absl::Status AddTallies(Transaction& transaction, const std::vector<TallyDelta>& deltas);

// For who changes the tree: these members' places or teams have changed.
absl::Status TouchMembers(Transaction& transaction, const std::vector<base::MemberId>& members);
// Takes the member's branch from everybody above (`sign` -1), or adds it (1).
absl::Status ShiftBranch(Transaction& transaction, base::MemberId member, int sign);
// Nearest to the top first.
absl::StatusOr<std::vector<base::MemberId>> OrderByDepth(Transaction& transaction,
                                                         const std::vector<base::MemberId>& members);

struct TallyRow {
  base::MemberId member;
  std::string display_name;
  Tally own;
  Tally branch;
};
// Of the member, then of each on their team by place. Empty where there is no such member.
absl::StatusOr<std::vector<TallyRow>> ReadTallies(Transaction& transaction, base::MemberId member);
// Of the member alone; nothing where there is no such member.
absl::StatusOr<std::optional<TallyRow>> ReadTally(Transaction& transaction, base::MemberId member);
// When the figures were last brought up to date.
absl::StatusOr<std::optional<absl::Time>> TallyTime(Transaction& transaction);

}  // namespace snowfield::db
