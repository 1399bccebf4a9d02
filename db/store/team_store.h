// Teams of the snowflake: who sits where, and changes of the tree.
//
// What the database holds whatever runs at once: db/migrations 0001 and 0009. A clash with someone who joins shows as
// in db/store/member_store.h (ClashedOnTree): try the whole transaction again.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// Changes of the tree are one at a time in a campaign, but for joining: waits for others' and holds the turn to the end
// of the transaction.
absl::Status LockMoves(Transaction& transaction);
// Waits for those who are joining this member's team, and holds others off to the end of the transaction.
absl::Status LockMember(Transaction& transaction, base::MemberId member);

struct TeamPlace {
  base::MemberId member;
  int slot = 0;
};
// In the order of their places.
absl::StatusOr<std::vector<TeamPlace>> ListTeam(Transaction& transaction, base::MemberId leader);
// Lowest first.
absl::StatusOr<std::vector<int>> FreeSlots(Transaction& transaction, base::MemberId leader);

struct LeaderWithRoom {
  base::MemberId leader;
  std::vector<int> free_slots;  // lowest first, at least one
};
// How far to look: steps through the tree from the member, and how many leaders at most.
struct Nearness {
  int steps_max = 0;
  int leaders_max = 0;
};
// Nearest to `member` in the tree first; nobody below them.
absl::StatusOr<std::vector<LeaderWithRoom>> FindLeadersNear(Transaction& transaction, base::MemberId member,
                                                            const Nearness& nearness);

// A member who comes to a place on a team; everyone below comes along.
struct Seat {
  base::MemberId member;
  base::MemberId leader;
  int slot = 0;
  bool operator==(const Seat&) const = default;
};
// All in one statement, so that members may exchange places. Takes the lock of LockMoves for granted. INTERNAL where
// the seats make no tree.
absl::Status SeatMembers(Transaction& transaction, const std::vector<Seat>& seats);

absl::Status SetRole(Transaction& transaction, base::MemberId member, std::string_view role);
// Two members may have one place until the end of the transaction; Commit() says ALREADY_EXISTS where they still do.
absl::Status ComparePlacesAtCommit(Transaction& transaction);
// Takes a member without a team out of the tree, and ends their tokens, phones and enrolment codes.
absl::Status Leave(Transaction& transaction, base::MemberId member);

struct Holdings {
  int walk_lists = 0;
  int follow_ups = 0;
};
absl::StatusOr<Holdings> CountHoldings(Transaction& transaction, base::MemberId member);
// Current walk lists and open follow-ups, as they are.
absl::StatusOr<Holdings> HandOver(Transaction& transaction, base::MemberId from, base::MemberId to);

}  // namespace snowfield::db
