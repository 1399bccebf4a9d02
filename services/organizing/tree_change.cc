#include "services/organizing/tree_change.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "db/store/meeting_store.h"
#include "db/store/tally_store.h"

namespace snowfield::organizing {
namespace {

std::string Ids(const std::vector<base::MemberId>& members) {
  return absl::StrJoin(members, ", ",
                       [](std::string* out, base::MemberId member) { absl::StrAppend(out, member.value); });
}

std::string DetailJson(const TreeChange& change) {
  const std::string placements =
      absl::StrJoin(change.placements, ",", [](std::string* out, const Placement& placement) {
        absl::StrAppend(out, "{\"member_id\":", placement.member.value,
                        ",\"from_leader_id\":", placement.from_leader.value,
                        ",\"to_leader_id\":", placement.to_leader.value, "}");
      });
  std::string handover;
  if (change.handover.has_value()) {
    handover = absl::StrCat(",\"heir_id\":", change.handover->to.value,
                            ",\"walk_lists\":", change.handover->holdings.walk_lists,
                            ",\"follow_ups\":", change.handover->holdings.follow_ups);
  }
  return absl::StrCat("{\"placements\":[", placements, "]", handover, "}");
}

}  // namespace

void SeatPlanner::AddRoom(base::MemberId leader, const std::vector<int>& free_slots) {
  auto [room, is_new] = free_.try_emplace(leader);
  if (is_new) order_.push_back(leader);
  for (const int slot : free_slots) {
    if (std::find(room->second.begin(), room->second.end(), slot) == room->second.end()) room->second.push_back(slot);
  }
  std::sort(room->second.begin(), room->second.end());
}

void SeatPlanner::AddRooms(const std::vector<db::LeaderWithRoom>& leaders) {
  for (const db::LeaderWithRoom& leader : leaders) {
    if (!free_.contains(leader.leader)) AddRoom(leader.leader, leader.free_slots);
  }
}

bool SeatPlanner::SeatWith(base::MemberId leader, base::MemberId member, base::MemberId from_leader,
                           TreeChange& change) {
  const auto room = free_.find(leader);
  if (room == free_.end() || room->second.empty()) return false;
  change.placements.push_back(
      {.member = member, .from_leader = from_leader, .to_leader = leader, .slot = room->second.front()});
  room->second.erase(room->second.begin());
  return true;
}

void SeatPlanner::SeatAnywhere(base::MemberId member, base::MemberId from_leader, TreeChange& change) {
  for (const base::MemberId leader : order_) {
    if (SeatWith(leader, member, from_leader, change)) return;
  }
  change.orphans.push_back(member);
}

absl::Status ExplainDepth(const absl::Status& status, std::string_view field) {
  if (db::ConstraintOf(status) != "member_depth_ck") return status;
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TREE_TOO_DEEP", field,
                       absl::StrCat("nobody stands more than ", db::kMemberDepthMax,
                                    " levels below the top: choose a leader further up"));
}

namespace {

// Puts them on their places, and takes what their branches have done along.
absl::Status Seat(db::Transaction& transaction, const std::vector<Placement>& placements) {
  std::vector<db::Seat> seats;
  std::vector<base::MemberId> members, touched;
  for (const Placement& placement : placements) {
    seats.push_back({.member = placement.member, .leader = placement.to_leader, .slot = placement.slot});
    members.push_back(placement.member);
    touched.push_back(placement.from_leader);
    touched.push_back(placement.to_leader);
  }
  // Each branch without those that leave it themselves: from below upwards; and back in the order of the new tree.
  SNOWFIELD_ASSIGN_OR_RETURN(const auto before, db::OrderByDepth(transaction, members));
  for (auto member = before.rbegin(); member != before.rend(); ++member) {
    SNOWFIELD_RETURN_IF_ERROR(db::ShiftBranch(transaction, *member, -1));
  }
  SNOWFIELD_RETURN_IF_ERROR(db::SeatMembers(transaction, seats));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto after, db::OrderByDepth(transaction, members));
  for (const base::MemberId member : after) SNOWFIELD_RETURN_IF_ERROR(db::ShiftBranch(transaction, member, 1));
  return db::TouchMembers(transaction, touched);
}

// Who takes up what the one who leaves has begun: the successor, the leader, or whoever leads all from now on.
base::MemberId HeirOf(const TreeChange& change, const db::MemberRow& row) {
  if (change.handover.has_value()) return change.handover->to;
  if (row.leader) return row.leader;
  const auto first = std::find_if(change.placements.begin(), change.placements.end(),
                                  [](const Placement& placement) { return !placement.to_leader; });
  return first == change.placements.end() ? row.id : first->member;
}

absl::Status Depart(db::Transaction& transaction, const TreeChange& change) {
  const base::MemberId member = change.leaves;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(db::LeaveMeetings(transaction, member, HeirOf(change, row), absl::Now()));
  SNOWFIELD_RETURN_IF_ERROR(db::Leave(transaction, member));
  return db::TouchMembers(transaction, {member, row.leader});
}

}  // namespace

absl::Status Apply(db::Transaction& transaction, const access::Caller& caller, const TreeChange& change) {
  if (change.action.empty()) return absl::OkStatus();
  if (!change.orphans.empty()) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "WOULD_ORPHAN", change.field,
                         absl::StrCat("no leader near has room for member ", Ids(change.orphans),
                                      ": name a successor with room, or move them first"));
  }
  // One who leaves may give their place to one of their people: places are compared when all is done.
  if (change.leaves) SNOWFIELD_RETURN_IF_ERROR(db::ComparePlacesAtCommit(transaction));
  for (const auto& [member, role] : change.roles) SNOWFIELD_RETURN_IF_ERROR(db::SetRole(transaction, member, role));
  if (!change.placements.empty()) SNOWFIELD_RETURN_IF_ERROR(Seat(transaction, change.placements));
  if (change.leaves) SNOWFIELD_RETURN_IF_ERROR(Depart(transaction, change));
  if (change.handover.has_value()) {
    SNOWFIELD_RETURN_IF_ERROR(db::HandOver(transaction, change.handover->from, change.handover->to).status());
  }
  return db::WriteAudit(transaction, {.member = caller.member,
                                      .action = change.action,
                                      .subject_kind = "member",
                                      .subject_id = change.subject.value,
                                      .detail_json = DetailJson(change)});
}

absl::StatusOr<TreeChange> RunChange(db::Pool& pool, const access::Call& call, const ChangeOrder& order) {
  if (order.validate_only) {
    db::Scope scope = call.ReadScope();
    scope.one_snapshot = true;
    return db::RunInTransaction(pool, scope, order.plan);
  }
  auto done = RunOnTree(pool, call, [&](db::Transaction& transaction) -> absl::StatusOr<TreeChange> {
    SNOWFIELD_RETURN_IF_ERROR(db::LockMoves(transaction));
    if (order.emptied) SNOWFIELD_RETURN_IF_ERROR(db::LockMember(transaction, order.emptied));
    SNOWFIELD_ASSIGN_OR_RETURN(TreeChange change, order.plan(transaction));
    SNOWFIELD_RETURN_IF_ERROR(Apply(transaction, call.caller, change));
    return change;
  });
  if (!done.ok()) return ExplainDepth(done.status(), order.deep_field);
  return done;
}

}  // namespace snowfield::organizing
