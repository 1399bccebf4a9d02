#include "services/organizing/teams.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/store/access_store.h"
#include "db/store/growth_store.h"
#include "db/store/member_store.h"
#include "services/access/scope.h"
#include "services/organizing/branch_rights.h"

namespace snowfield::organizing {
namespace {

using base::MemberId;
using db::Transaction;

constexpr db::Nearness kNear = {.steps_max = kRehomeStepsMax, .leaders_max = kRehomeLeadersMax};
constexpr char kLeader[] = "leader";
constexpr char kCanvasser[] = "canvasser";

absl::Status Unfit(std::string_view message) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "SUCCESSOR_UNFIT", "successor_id", message);
}

absl::Status WouldCycle(std::string_view field) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "WOULD_CYCLE", field,
                       "the new leader stands below this member: move the new leader up first");
}

absl::Status TeamFull(std::string_view field) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "TEAM_FULL", field,
                       "this team has no free place: choose a leader with one, or let a member of it lead");
}

absl::Status CheckLeads(const db::MemberRow& member, std::string_view field) {
  if (access::MayLead(member.role)) return absl::OkStatus();
  return base::InvalidField(field, "NOT_A_LEADER", "teams are led by leaders and those above: choose one of them");
}

// A member that the caller names as someone to follow: in the caller's branch, or right above `below`.
absl::StatusOr<db::MemberRow> FindNamed(Transaction& transaction, const access::Caller& caller, MemberId member,
                                        const db::MemberRow& below, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, member, field));
  if (row.id != below.leader) SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member, field));
  if (!row.leave_time.has_value()) return row;
  return base::Problem(absl::StatusCode::kFailedPrecondition, "MEMBER_LEFT", field,
                       "this member has left the campaign: name someone who is here");
}

// Seats the people of `member` near by.
absl::Status SeatNearby(Transaction& transaction, const db::MemberRow& member, const std::vector<db::TeamPlace>& people,
                        SeatPlanner& seats, TreeChange& change) {
  if (people.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const auto near, db::FindLeadersNear(transaction, member.id, kNear));
  seats.AddRooms(near);
  for (const db::TeamPlace& person : people) seats.SeatAnywhere(person.member, member.id, change);
  return absl::OkStatus();
}

absl::StatusOr<TreeChange> PlanMove(Transaction& transaction, const access::Caller& caller, const MoveOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, db::FindMember(transaction, order.member, "member_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayChange(transaction, caller, member, "member_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow leader,
                             FindNamed(transaction, caller, order.new_leader, db::MemberRow(), "new_leader_id"));
  if (member.leader == leader.id) return TreeChange();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool below, db::IsInBranch(transaction, leader.id, member.id));
  if (below) return WouldCycle("new_leader_id");
  SNOWFIELD_RETURN_IF_ERROR(CheckLeads(leader, "new_leader_id"));
  TreeChange change{.action = "member.move", .subject = member.id};
  SeatPlanner seats;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto free, db::FreeSlots(transaction, leader.id));
  seats.AddRoom(leader.id, free);
  if (!seats.SeatWith(leader.id, member.id, member.leader, change)) return TeamFull("new_leader_id");
  if (!order.without_people) return change;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto people, db::ListTeam(transaction, member.id));
  // The old leader first, who has the mover's place to give.
  SeatPlanner nearby;
  SNOWFIELD_ASSIGN_OR_RETURN(auto above, db::FreeSlots(transaction, member.leader));
  above.push_back(member.slot);
  nearby.AddRoom(member.leader, above);
  // The mover has taken one place of the new leader's; others of that team stay free for those who know the mover
  // least.
  nearby.AddRoom(leader.id, {});
  SNOWFIELD_RETURN_IF_ERROR(SeatNearby(transaction, member, people, nearby, change));
  return change;
}

// What `member` holds goes to `heir`.
absl::Status PlanHandover(Transaction& transaction, const db::MemberRow& member, const db::MemberRow& heir,
                          TreeChange& change) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Holdings holdings, db::CountHoldings(transaction, member.id));
  if (holdings.walk_lists == 0 && holdings.follow_ups == 0) return absl::OkStatus();
  if (holdings.walk_lists > 0) {
    SNOWFIELD_RETURN_IF_ERROR(db::CheckTrained(transaction, {heir.id}, absl::Now(), "successor_id"));
  }
  change.handover = {.from = member.id, .to = heir.id, .holdings = holdings};
  return absl::OkStatus();
}

// Someone of the team takes the member's place; the member, who goes on without a team, joins it.
void TakePlace(const db::MemberRow& member, MemberId successor, bool member_stays, SeatPlanner& seats,
               TreeChange& change) {
  change.placements.push_back(
      {.member = successor, .from_leader = member.id, .to_leader = member.leader, .slot = member.slot});
  if (member_stays && !seats.SeatWith(successor, member.id, member.leader, change)) {
    change.orphans.push_back(member.id);
  }
}

struct Endings {
  const db::MemberRow& member;
  const db::MemberRow& successor;
  std::vector<db::TeamPlace> people;
};

// The successor's part: as many of the people as there is room for. Who is left over stays in `people`.
absl::Status SeatWithSuccessor(Transaction& transaction, const EndingOrder& order, Endings& endings,
                               TreeChange& change) {
  const MemberId member = endings.member.id, successor = endings.successor.id;
  const bool on_team = endings.successor.leader == member;
  if (!on_team) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool below, db::IsInBranch(transaction, successor, member));
    if (below) {
      return Unfit("someone deeper in the branch can't take it over: choose one of the team, or another leader");
    }
  }
  if (endings.successor.role == kCanvasser) {
    change.roles.emplace_back(successor, kLeader);
  } else if (!access::MayLead(endings.successor.role)) {
    return Unfit("clerks and viewers lead no team: choose a leader or a canvasser");
  }
  SeatPlanner seats;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto free, db::FreeSlots(transaction, successor));
  seats.AddRoom(successor, free);
  if (on_team) TakePlace(endings.member, successor, order.ending != Ending::kLeaves, seats, change);
  std::erase_if(endings.people, [&](const db::TeamPlace& person) {
    return person.member == successor || seats.SeatWith(successor, person.member, member, change);
  });
  return absl::OkStatus();
}

absl::Status NotOnTeam(std::string_view field) {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "NOT_ON_TEAM", field,
                       "name members of this leader's own team: list the team again");
}

// The new leader's own place, where they go to another team.
absl::Status PlanPlaceOfNewLeader(Transaction& transaction, const access::Caller& caller, const SplitOrder& order,
                                  const db::MemberRow& leader, const db::MemberRow& new_leader, TreeChange& change) {
  if (!order.under || order.under == new_leader.leader) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow under,
                             FindNamed(transaction, caller, order.under, leader, "new_leader_under_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckLeads(under, "new_leader_under_id"));
  std::vector<MemberId> moved = order.followers;
  moved.push_back(new_leader.id);
  for (const MemberId member : moved) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool below, db::IsInBranch(transaction, under.id, member));
    if (below) return WouldCycle("new_leader_under_id");
  }
  SeatPlanner seats;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto free, db::FreeSlots(transaction, under.id));
  seats.AddRoom(under.id, free);
  if (!seats.SeatWith(under.id, new_leader.id, new_leader.leader, change)) return TeamFull("new_leader_under_id");
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TreeChange> PlanEnding(Transaction& transaction, const access::Caller& caller,
                                      const EndingOrder& order) {
  const std::string_view field = order.ending == Ending::kMerges ? "from_leader_id" : "member_id";
  const std::string_view heir_field = order.ending == Ending::kMerges ? "into_leader_id" : "successor_id";
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow member, db::FindMember(transaction, order.member, field));
  if (order.ending == Ending::kLeaves && member.leave_time.has_value()) {
    SNOWFIELD_RETURN_IF_ERROR(CheckInBranch(transaction, caller, member.id, field));
    return TreeChange();
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckMayChange(transaction, caller, member, field));
  if (!member.leader) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, "AT_THE_TOP", field,
                         "whoever stands at the top of the campaign stays there");
  }
  if (order.successor == member.id) return Unfit("nobody succeeds themselves: name someone else");
  SNOWFIELD_ASSIGN_OR_RETURN(
      const db::MemberRow heir,
      FindNamed(transaction, caller, order.successor ? order.successor : member.leader, member, heir_field));
  TreeChange change{.subject = member.id, .field = field};
  SNOWFIELD_RETURN_IF_ERROR(PlanHandover(transaction, member, heir, change));
  SNOWFIELD_ASSIGN_OR_RETURN(auto people, db::ListTeam(transaction, member.id));
  if (order.ending == Ending::kLeaves) {
    change.leaves = member.id;
  } else if (people.empty() && member.role != kLeader && !change.handover.has_value()) {
    return TreeChange();  // leads nobody already
  } else if (member.role == kLeader) {
    change.roles.emplace_back(member.id, kCanvasser);
  }
  Endings endings{.member = member, .successor = heir, .people = std::move(people)};
  if (order.successor && !endings.people.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(SeatWithSuccessor(transaction, order, endings, change));
  } else if (order.successor && heir.role == kCanvasser && change.handover.has_value()) {
    change.roles.emplace_back(heir.id, kLeader);
  }
  if (order.ending == Ending::kMerges) {
    for (const db::TeamPlace& person : endings.people) change.orphans.push_back(person.member);
  } else {
    SeatPlanner nearby;
    const bool place_is_free = order.ending == Ending::kLeaves && heir.leader != member.id;
    if (place_is_free && !endings.people.empty()) {
      SNOWFIELD_ASSIGN_OR_RETURN(auto above, db::FreeSlots(transaction, member.leader));
      for (const Placement& taken : change.placements) {
        if (taken.to_leader == member.leader) std::erase(above, taken.slot);
      }
      above.push_back(member.slot);
      nearby.AddRoom(member.leader, above);
    }
    if (order.successor) nearby.AddRoom(order.successor, {});
    SNOWFIELD_RETURN_IF_ERROR(SeatNearby(transaction, member, endings.people, nearby, change));
  }
  change.action = order.ending == Ending::kLeaves   ? "member.leave"
                  : order.ending == Ending::kMerges ? "team.merge"
                                                    : "member.step_down";
  return change;
}

absl::StatusOr<TreeChange> PlanSplit(Transaction& transaction, const access::Caller& caller, const SplitOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow leader, db::FindMember(transaction, order.leader, "leader_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayChange(transaction, caller, leader, "leader_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow new_leader,
                             db::FindMember(transaction, order.new_leader, "new_leader_id"));
  SNOWFIELD_RETURN_IF_ERROR(CheckMayChange(transaction, caller, new_leader, "new_leader_id"));
  const bool moved_before = order.under && new_leader.leader == order.under;
  if (new_leader.leader != leader.id && !moved_before) return NotOnTeam("new_leader_id");
  TreeChange change{.action = "team.split", .subject = leader.id};
  if (new_leader.role == kCanvasser) {
    change.roles.emplace_back(new_leader.id, kLeader);
  } else if (!access::MayLead(new_leader.role)) {
    SNOWFIELD_RETURN_IF_ERROR(CheckLeads(new_leader, "new_leader_id"));
  }
  SNOWFIELD_RETURN_IF_ERROR(PlanPlaceOfNewLeader(transaction, caller, order, leader, new_leader, change));
  SeatPlanner seats;
  SNOWFIELD_ASSIGN_OR_RETURN(const auto free, db::FreeSlots(transaction, new_leader.id));
  seats.AddRoom(new_leader.id, free);
  for (const MemberId follower : order.followers) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MemberRow row, db::FindMember(transaction, follower, "follower_ids"));
    if (row.leader == new_leader.id) continue;  // came before
    if (row.leader != leader.id || follower == new_leader.id) return NotOnTeam("follower_ids");
    if (!seats.SeatWith(new_leader.id, follower, leader.id, change)) return TeamFull("new_leader_id");
  }
  if (change.placements.empty() && change.roles.empty()) return TreeChange();
  return change;
}

absl::StatusOr<TreeChange> MoveMember(db::Pool& pool, const access::Call& call, const MoveOrder& order) {
  return RunChange(pool, call,
                   {.emptied = order.without_people ? order.member : MemberId(),
                    .validate_only = order.validate_only,
                    .deep_field = "new_leader_id",
                    .plan = [&](Transaction& transaction) { return PlanMove(transaction, call.caller, order); }});
}

absl::StatusOr<TreeChange> EndLeading(db::Pool& pool, const access::Call& call, const EndingOrder& order) {
  return RunChange(pool, call,
                   {.emptied = order.member,
                    .validate_only = order.validate_only,
                    .deep_field = "successor_id",
                    .plan = [&](Transaction& transaction) { return PlanEnding(transaction, call.caller, order); }});
}

absl::StatusOr<TreeChange> SplitTeam(db::Pool& pool, const access::Call& call, const SplitOrder& order) {
  if (order.followers.empty() || order.followers.size() > kFollowersMax) {
    return base::InvalidField("follower_ids", "FOLLOWERS_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kFollowersMax, " members who come to the new leader"));
  }
  SplitOrder distinct = order;
  std::sort(distinct.followers.begin(), distinct.followers.end());
  distinct.followers.erase(std::unique(distinct.followers.begin(), distinct.followers.end()), distinct.followers.end());
  return RunChange(pool, call,
                   {.emptied = {},
                    .validate_only = order.validate_only,
                    .deep_field = "new_leader_id",
                    .plan = [&](Transaction& transaction) { return PlanSplit(transaction, call.caller, distinct); }});
}

}  // namespace snowfield::organizing
