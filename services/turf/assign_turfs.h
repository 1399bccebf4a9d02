// Handing turfs to leaders: each assigned turf gets a walk list with a number of its own.
//
// A turf has at most one current list; the database holds that (walk_list_current_uk). A turf taken from another leader
// gets a new number, and the phones that have the old list are told.
// Thread safety: all functions from any thread.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/walk_list_store.h"
#include "services/access/caller.h"

namespace snowfield::turf {

inline constexpr int kAssignTurfsMax = 1'000;
inline constexpr int kAssignLeadersMax = 100'000;
inline constexpr int kTurfsPerLeaderMax = 1'000;
// A number drawn at random is taken now and then; drawing this often without luck means that they have run out.
inline constexpr int kNumberDrawsMax = 20;

struct HandAssignment {
  base::MemberId leader;
  std::vector<base::TurfId> turfs;  // 1 to kAssignTurfsMax of one published cut
};
// The lists of these turfs, in order of turf number. One that the leader has already keeps its number. INVALID_ARGUMENT
// TURFS_OUT_OF_RANGE, TURFS_OF_SEVERAL_CUTS, NOT_A_LEADER; NOT_FOUND; FAILED_PRECONDITION CUT_NOT_PUBLISHED.
absl::StatusOr<std::vector<db::AssignmentRow>> AssignTurfs(db::Pool& pool, const access::Call& call,
                                                           const HandAssignment& assignment);

struct NearnessOrder {
  base::CutId cut;
  std::vector<base::MemberId> leaders;  // none: every member whose role is leader
  int turfs_per_leader_max = 0;         // 1 to kTurfsPerLeaderMax, with what the leader has already
};
struct NearnessOutcome {
  int assigned = 0;
  int unassigned = 0;  // for which no leader had room
};
// Every unassigned turf of a published cut to the leader it is near to. INVALID_ARGUMENT LEADERS_OUT_OF_RANGE,
// TURFS_OUT_OF_RANGE, NOT_A_LEADER; NOT_FOUND; FAILED_PRECONDITION CUT_NOT_PUBLISHED, NO_LEADERS.
absl::StatusOr<NearnessOutcome> AssignByNearness(db::Pool& pool, const access::Call& call, const NearnessOrder& order);

}  // namespace snowfield::turf
