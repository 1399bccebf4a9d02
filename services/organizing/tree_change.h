// TreeChange: one change of the tree, planned first, then done whole or not at all.
//
// A plan reads the tree and says who comes to which place, who would be left without a leader, and what changes hands.
// Changes of the tree are one at a time in a campaign (db::LockMoves); joining goes on meanwhile, and where it takes a
// place that a plan counts on, the database refuses the change and it is planned anew.
// Thread safety: SeatPlanner on one thread; functions from any.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/member_store.h"
#include "db/store/team_store.h"
#include "services/access/caller.h"
#include "services/organizing/branch_rights.h"

namespace snowfield::organizing {

// Each attempt that clashes saw another member take a slot, and a team has at most 12: this many never all clash by
// chance.
inline constexpr int kTreeAttemptsMax = 16;
// How far from their old leader people are given a new one: the leader's leader's teams, and theirs.
inline constexpr int kRehomeStepsMax = 4;
inline constexpr int kRehomeLeadersMax = 100;

struct Placement {
  base::MemberId member;
  base::MemberId from_leader;
  base::MemberId to_leader;
  int slot = 0;
};

struct Handover {
  base::MemberId from;
  base::MemberId to;
  db::Holdings holdings;
};

struct TreeChange {
  std::vector<Placement> placements = {};
  std::vector<base::MemberId> orphans = {};  // would be left without a leader: such a change is refused
  std::optional<Handover> handover = std::nullopt;
  std::vector<std::pair<base::MemberId, std::string>> roles = {};
  base::MemberId leaves = {};  // none: nobody
  // For the audit log; an empty action changes nothing and is not logged.
  std::string action = {};
  base::MemberId subject = {};
  std::string_view field = "member_id";  // of the request, whom it is about
};

// Gives people places on teams: of those that it knows of, in the order in which they were added.
class SeatPlanner {
 public:
  void AddRoom(base::MemberId leader, const std::vector<int>& free_slots);
  // Near leaders of db::FindLeadersNear, in their order.
  void AddRooms(const std::vector<db::LeaderWithRoom>& leaders);

  // The lowest free place of this team; false where it has none.
  bool SeatWith(base::MemberId leader, base::MemberId member, base::MemberId from_leader, TreeChange& change);
  // On the first team with a free place, or among the orphans.
  void SeatAnywhere(base::MemberId member, base::MemberId from_leader, TreeChange& change);

 private:
  std::vector<base::MemberId> order_;
  absl::flat_hash_map<base::MemberId, std::vector<int>> free_;
};

// Runs `work` again while others change the same part of the tree.
template <typename Work>
std::invoke_result_t<Work, db::Transaction&> RunOnTree(db::Pool& pool, const access::Call& call, Work work) {
  for (int attempt = 1;; ++attempt) {
    auto outcome = db::RunInTransaction(pool, call.Scope(), work);
    if (outcome.ok() || attempt == kTreeAttemptsMax || !db::ClashedOnTree(outcome.status())) return outcome;
  }
}

// The database's refusal of a member below the deepest level as FAILED_PRECONDITION TREE_TOO_DEEP; others as they are.
absl::Status ExplainDepth(const absl::Status& status, std::string_view field);

// Does what a plan says. FAILED_PRECONDITION WOULD_ORPHAN, naming who.
absl::Status Apply(db::Transaction& transaction, const access::Caller& caller, const TreeChange& change);

struct ChangeOrder {
  base::MemberId emptied;       // whose team loses its people: those who join it meanwhile are waited for
  bool validate_only = false;   // plans only
  std::string_view deep_field;  // the field that TREE_TOO_DEEP is about
  std::function<absl::StatusOr<TreeChange>(db::Transaction&)> plan;
};
absl::StatusOr<TreeChange> RunChange(db::Pool& pool, const access::Call& call, const ChangeOrder& order);

}  // namespace snowfield::organizing
