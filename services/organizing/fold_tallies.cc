#include "services/organizing/fold_tallies.h"

#include <vector>

#include "base/status.h"
#include "db/store/growth_store.h"
#include "db/store/tally_store.h"
#include "db/store/team_store.h"

namespace snowfield::organizing {
namespace {

void Append(std::vector<db::TallyDelta>& deltas, const std::vector<db::TallyDelta>& more) {
  deltas.insert(deltas.end(), more.begin(), more.end());
}

}  // namespace

absl::StatusOr<bool> FoldTallies(db::Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const bool due, db::FoldIsDue(transaction, now - kOverdueEvery));
  if (!due) return false;
  SNOWFIELD_ASSIGN_OR_RETURN(const bool started, db::HasTally(transaction));
  if (!started) {
    SNOWFIELD_RETURN_IF_ERROR(db::LockMoves(transaction));
    SNOWFIELD_RETURN_IF_ERROR(db::StartTally(transaction));
  }
  SNOWFIELD_RETURN_IF_ERROR(db::EnsureGrowthPlan(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto cursor, db::LockTally(transaction));
  if (!cursor.has_value()) return false;
  SNOWFIELD_RETURN_IF_ERROR(db::LockMoves(transaction));
  std::vector<db::TallyDelta> deltas;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::FreshKnocks fresh, db::CountFreshKnocks(transaction, cursor->change_number));
  for (const db::DayDelta& day : fresh.days) deltas.push_back({.member = day.member, .tally = day.tally});
  SNOWFIELD_ASSIGN_OR_RETURN(const auto touched, db::TakeTouches(transaction, kTouchesPerFold));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto structure, db::CountTouched(transaction, touched));
  Append(deltas, structure);
  absl::Time overdue_time = cursor->overdue_time;
  if (overdue_time <= now - kOverdueEvery) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto overdue, db::CountOverdue(transaction, now));
    Append(deltas, overdue);
    overdue_time = now;
  }
  SNOWFIELD_RETURN_IF_ERROR(db::AddTallies(transaction, deltas));
  SNOWFIELD_RETURN_IF_ERROR(db::AddDays(transaction, fresh.days));
  SNOWFIELD_RETURN_IF_ERROR(db::RecordShiftSteps(transaction, fresh.days));
  SNOWFIELD_RETURN_IF_ERROR(db::RecordPlaceSteps(transaction, touched));
  SNOWFIELD_RETURN_IF_ERROR(db::MoveCursor(
      transaction, {.change_number = fresh.last_change, .fold_time = now, .overdue_time = overdue_time}));
  return true;
}

}  // namespace snowfield::organizing
