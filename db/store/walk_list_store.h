// Walk lists: turfs handed to leaders, each under a number of its own (base/list_number.h).
// A turf has at most one current list. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// The current lists of the cut's turfs end; which they were.
absl::StatusOr<std::vector<base::WalkListId>> RevokeListsOfCut(Transaction& transaction, base::CutId cut);
// The current lists of these turfs that are not `leader`'s end; which they were.
absl::StatusOr<std::vector<base::WalkListId>> RevokeListsOfOthers(Transaction& transaction,
                                                                  const std::vector<base::TurfId>& turfs,
                                                                  base::MemberId leader);

struct CurrentList {
  base::WalkListId walk_list;
  base::TurfId turf;
  base::MemberId leader;
};
// The current lists of the cut's turfs, by turf id.
absl::StatusOr<std::vector<CurrentList>> ListCurrentLists(Transaction& transaction, base::CutId cut);

// The current list of `from` goes on, under its number, as the list of `to`, which has none.
struct ListMove {
  base::TurfId from;
  base::TurfId to;
};
// How many lists moved.
absl::StatusOr<int> MoveWalkLists(Transaction& transaction, const std::vector<ListMove>& moves);

struct PhoneOutRow {
  base::WalkListId walk_list;
  base::MemberId member;
  std::string member_name;
  absl::Time expire_time;
};
// The phones that have these lists out, by list.
absl::StatusOr<std::vector<PhoneOutRow>> ListPhonesOut(Transaction& transaction,
                                                       const std::vector<base::WalkListId>& lists);
struct DoorsDoneRow {
  base::WalkListId walk_list;
  int64_t doors = 0;
};
// Doors of these lists with a result by them; lists without one are left out.
absl::StatusOr<std::vector<DoorsDoneRow>> CountDoorsDone(Transaction& transaction,
                                                         const std::vector<base::WalkListId>& lists);

// Tells the phones that have the lists. The last statement of its transaction: it holds the row that numbers every
// change of the campaign. No lists: nothing is done.
absl::Status WriteListsRevoked(Transaction& transaction, const std::vector<base::WalkListId>& lists);

struct NewWalkList {
  base::TurfId turf;
  base::MemberId leader;
  std::string list_number;
};
// A turf that has a current list keeps it; one whose number is taken gets none. Which turfs have no current list after.
absl::StatusOr<std::vector<base::TurfId>> InsertWalkLists(Transaction& transaction,
                                                          const std::vector<NewWalkList>& lists);

struct AssignmentRow {
  base::WalkListId walk_list;
  base::TurfId turf;
  int turf_number = 0;
  base::MemberId leader;
  std::string leader_name;
  std::string list_number;
  int door_count = 0;
  absl::Time create_time;
  int region_number = 0;  // of its turf; 0: none
};
// At most `limit` current lists of the cut with a turf number above `after`, in order of number; of one leader, or of
// all where it is none.
struct AssignmentPage {
  base::CutId cut;
  base::MemberId leader;       // only this one's; none: all
  base::MemberId branch = {};  // only of those from this member downwards; none: everyone's
  int64_t after = 0;
  int limit = 0;
};
absl::StatusOr<std::vector<AssignmentRow>> ListAssignments(Transaction& transaction, const AssignmentPage& page);
// The current lists of these turfs, in order of turf number.
absl::StatusOr<std::vector<AssignmentRow>> ListAssignmentsOfTurfs(Transaction& transaction,
                                                                  const std::vector<base::TurfId>& turfs);

struct LeaderRow {
  base::MemberId member;
  std::string role;
  struct Home {
    double longitude_deg, latitude_deg;
  };
  std::optional<Home> home;
  int64_t current_lists = 0;
};
// Those of `members` that exist, or every member whose role is leader where it is empty; by id. Only those from
// `branch` downwards, where it is one.
absl::StatusOr<std::vector<LeaderRow>> ReadLeaders(Transaction& transaction, const std::vector<base::MemberId>& members,
                                                   base::MemberId branch = {});

}  // namespace snowfield::db
