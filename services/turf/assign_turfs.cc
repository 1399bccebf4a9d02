#include "services/turf/assign_turfs.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/random/random.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/list_number.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/cut_store.h"
#include "db/store/growth_store.h"
#include "db/store/turf_store.h"
#include "geo/cut/regions.h"
#include "services/access/scope.h"

namespace snowfield::turf {
namespace {

struct Handover {
  base::TurfId turf;
  base::MemberId leader;
};

// Gives each turf a walk list with a fresh number. A turf that has a list by now keeps it.
absl::Status GiveLists(db::Transaction& transaction, std::vector<Handover> handovers) {
  absl::BitGen random;
  for (int draw = 0; draw < kNumberDrawsMax && !handovers.empty(); ++draw) {
    std::vector<db::NewWalkList> lists;
    for (const Handover& handover : handovers) {
      lists.push_back({.turf = handover.turf,
                       .leader = handover.leader,
                       .list_number = base::MakeListNumber(absl::Uniform<uint32_t>(random, 0, base::kListSerialEnd))});
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const auto without, db::InsertWalkLists(transaction, lists));
    std::erase_if(handovers, [&](const Handover& handover) {
      return std::find(without.begin(), without.end(), handover.turf) == without.end();
    });
  }
  if (handovers.empty()) return absl::OkStatus();
  return base::Problem(absl::StatusCode::kResourceExhausted, "LIST_NUMBERS_EXHAUSTED", "",
                       "this campaign has used up its list numbers: go on in a new campaign");
}

// These members, or all leaders inside the caller's scope where none is named.
absl::StatusOr<std::vector<db::LeaderRow>> FindLeaders(db::Transaction& transaction, const access::Caller& caller,
                                                       const std::vector<base::MemberId>& members,
                                                       std::string_view field) {
  for (const base::MemberId member : members) {
    SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, member, field));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::LeaderRow> leaders,
                             db::ReadLeaders(transaction, members, access::BranchRoot(caller)));
  for (const db::LeaderRow& leader : leaders) {
    if (access::MayLead(leader.role)) continue;
    return base::InvalidField(field, "NOT_A_LEADER", "turf is handed to leaders and those above: choose one of them");
  }
  return leaders;
}

// Sorted, each once.
template <typename IdType>
std::vector<IdType> Distinct(std::vector<IdType> ids) {
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

absl::Status NotPublished() {
  return base::NotNow("CUT_NOT_PUBLISHED", "only turf of a published cut is handed out: publish the cut first");
}

// All exist, are live, and belong to one cut.
absl::StatusOr<base::CutId> LockLiveTurfs(db::Transaction& transaction, const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::LockedTurf> locked, db::LockTurfs(transaction, turfs));
  if (locked.size() < turfs.size()) {
    return base::NoSuch("turf_ids", "this campaign has not all of these turfs: list the turfs of the cut");
  }
  const auto any = [&](auto is) { return std::any_of(locked.begin(), locked.end(), is); };
  if (any([&](const db::LockedTurf& turf) { return turf.cut != locked.front().cut; })) {
    return base::InvalidField("turf_ids", "TURFS_OF_SEVERAL_CUTS", "send turfs of one cut");
  }
  if (any([](const db::LockedTurf& turf) { return !turf.live; })) return NotPublished();
  return locked.front().cut;
}

// Turf is not taken from a leader whom the caller does not see.
absl::Status CheckHolders(db::Transaction& transaction, const access::Caller& caller,
                          const std::vector<base::TurfId>& turfs) {
  if (!access::BranchRoot(caller)) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const auto held, db::ListAssignmentsOfTurfs(transaction, turfs));
  for (const db::AssignmentRow& assignment : held) {
    SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, assignment.leader, "turf_ids"));
  }
  return absl::OkStatus();
}

absl::Status AuditAssignment(db::Transaction& transaction, const access::Caller& caller, base::CutId cut, int turfs) {
  return db::WriteAudit(transaction, {.member = caller.member,
                                      .action = "turf.assign",
                                      .subject_kind = "cut",
                                      .subject_id = cut.value,
                                      .detail_json = absl::StrCat("{\"turfs\":", turfs, "}")});
}

absl::StatusOr<std::vector<db::AssignmentRow>> AssignInTransaction(db::Transaction& transaction,
                                                                   const access::Caller& caller,
                                                                   const HandAssignment& assignment) {
  SNOWFIELD_RETURN_IF_ERROR(FindLeaders(transaction, caller, {assignment.leader}, "leader_id").status());
  SNOWFIELD_RETURN_IF_ERROR(db::CheckTrained(transaction, {assignment.leader}, absl::Now(), "leader_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const base::CutId cut, LockLiveTurfs(transaction, assignment.turfs));
  SNOWFIELD_RETURN_IF_ERROR(CheckHolders(transaction, caller, assignment.turfs));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto revoked,
                             db::RevokeListsOfOthers(transaction, assignment.turfs, assignment.leader));
  std::vector<Handover> handovers;
  for (const base::TurfId turf : assignment.turfs) handovers.push_back({.turf = turf, .leader = assignment.leader});
  SNOWFIELD_RETURN_IF_ERROR(GiveLists(transaction, std::move(handovers)));
  SNOWFIELD_RETURN_IF_ERROR(AuditAssignment(transaction, caller, cut, static_cast<int>(assignment.turfs.size())));
  SNOWFIELD_ASSIGN_OR_RETURN(auto assignments, db::ListAssignmentsOfTurfs(transaction, assignment.turfs));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteListsRevoked(transaction, revoked));
  return assignments;
}

// Which leader each turf goes to; -1 for none.
absl::StatusOr<std::vector<int>> Place(const std::vector<db::UnassignedTurf>& turfs,
                                       const std::vector<db::LeaderRow>& leaders, int capacity) {
  geo::RegionInput input;
  std::vector<std::string> polygons;
  for (const db::UnassignedTurf& turf : turfs) {
    input.turf_centres.push_back({.lon = turf.longitude_deg, .lat = turf.latitude_deg});
    polygons.push_back(turf.area_ewkb);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(input.neighbors, geo::TurfNeighbors(polygons));
  std::vector<geo::LeaderPlace> places;
  for (const db::LeaderRow& leader : leaders) {
    geo::LeaderPlace place{
        .home = std::nullopt, .capacity = capacity, .current_load = static_cast<int>(leader.current_lists)};
    if (leader.home.has_value()) {
      place.home = {.lon = leader.home->longitude_deg, .lat = leader.home->latitude_deg};
    }
    places.push_back(place);
  }
  return geo::AssignByNearness(input, places);
}

// Those who have done the training that turf needs. Who was named and has not is refused; of all, they are left out.
absl::Status KeepTrained(db::Transaction& transaction, bool named, std::vector<db::LeaderRow>& leaders) {
  std::vector<base::MemberId> members;
  members.reserve(leaders.size());
  for (const db::LeaderRow& leader : leaders) members.push_back(leader.member);
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Untrained untrained, db::FindUntrained(transaction, members, absl::Now()));
  if (untrained.members.empty()) return absl::OkStatus();
  if (named || untrained.members.size() == leaders.size()) {
    return db::CheckTrained(transaction, members, absl::Now(), "leader_ids");
  }
  std::erase_if(leaders, [&](const db::LeaderRow& leader) {
    return std::binary_search(untrained.members.begin(), untrained.members.end(), leader.member);
  });
  return absl::OkStatus();
}

absl::StatusOr<NearnessOutcome> AssignNearInTransaction(db::Transaction& transaction, const access::Caller& caller,
                                                        const NearnessOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut, db::FindCut(transaction, order.cut));
  if (cut.state != db::kCutPublished) return NotPublished();
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::LeaderRow> leaders,
                             FindLeaders(transaction, caller, order.leaders, "leader_ids"));
  SNOWFIELD_RETURN_IF_ERROR(KeepTrained(transaction, !order.leaders.empty(), leaders));
  if (leaders.empty()) return base::NotNow("NO_LEADERS", "nobody is a leader yet: add members with the role leader");
  SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, db::LockUnassignedTurfs(transaction, order.cut));
  NearnessOutcome outcome;
  if (turfs.empty()) return outcome;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> places, Place(turfs, leaders, order.turfs_per_leader_max));
  std::vector<Handover> handovers;
  for (size_t i = 0; i < turfs.size(); ++i) {
    if (places[i] < 0) continue;
    handovers.push_back({.turf = turfs[i].id, .leader = leaders[places[i]].member});
  }
  outcome.assigned = static_cast<int>(handovers.size());
  outcome.unassigned = static_cast<int>(turfs.size()) - outcome.assigned;
  SNOWFIELD_RETURN_IF_ERROR(GiveLists(transaction, std::move(handovers)));
  SNOWFIELD_RETURN_IF_ERROR(AuditAssignment(transaction, caller, order.cut, outcome.assigned));
  return outcome;
}

}  // namespace

absl::StatusOr<std::vector<db::AssignmentRow>> AssignTurfs(db::Pool& pool, const access::Call& call,
                                                           const HandAssignment& assignment) {
  if (assignment.turfs.empty() || assignment.turfs.size() > kAssignTurfsMax) {
    return base::InvalidField("turf_ids", "TURFS_OUT_OF_RANGE", absl::StrCat("send 1 to ", kAssignTurfsMax, " turfs"));
  }
  const HandAssignment distinct{.leader = assignment.leader, .turfs = Distinct(assignment.turfs)};
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) {
    return AssignInTransaction(transaction, call.caller, distinct);
  });
}

absl::StatusOr<NearnessOutcome> AssignByNearness(db::Pool& pool, const access::Call& call, const NearnessOrder& order) {
  if (order.leaders.size() > kAssignLeadersMax) {
    return base::InvalidField("leader_ids", "LEADERS_OUT_OF_RANGE",
                              absl::StrCat("send at most ", kAssignLeadersMax, " leaders, or none for all"));
  }
  if (order.turfs_per_leader_max < 1 || order.turfs_per_leader_max > kTurfsPerLeaderMax) {
    return base::InvalidField("turfs_per_leader_max", "TURFS_OUT_OF_RANGE",
                              absl::StrCat("send 1 to ", kTurfsPerLeaderMax, ", or 0 for 8"));
  }
  NearnessOrder distinct = order;
  distinct.leaders = Distinct(order.leaders);
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) {
    return AssignNearInTransaction(transaction, call.caller, distinct);
  });
}

}  // namespace snowfield::turf
