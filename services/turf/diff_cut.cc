#include "services/turf/diff_cut.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/cut_problem_store.h"
#include "db/store/cut_store.h"
#include "db/store/walk_list_store.h"
#include "services/rpc/timestamp.h"
#include "services/turf/cut_diff.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

absl::Status NoLiveCut() {
  return base::Problem(absl::StatusCode::kFailedPrecondition, "NO_LIVE_CUT", "against_cut_id",
                       "this pass has no other cut that was live: name one with against_cut_id");
}

absl::StatusOr<base::CutId> CheckAgainst(db::Transaction& transaction, const db::CutRow& cut, base::CutId id) {
  const absl::StatusOr<db::CutRow> against = db::FindCut(transaction, id);
  if (absl::IsNotFound(against.status())) {
    return base::NoSuch("against_cut_id", "this campaign has no such cut: list its cuts");
  }
  SNOWFIELD_RETURN_IF_ERROR(against.status());
  SNOWFIELD_RETURN_IF_ERROR(CheckHasTurfs(*against));
  if (against->pass == cut.pass) return id;
  return base::InvalidField("against_cut_id", "CUTS_OF_SEVERAL_PASSES", "send a cut of the same pass");
}

absl::StatusOr<base::CutId> FindAgainst(db::Transaction& transaction, const db::CutRow& cut, base::CutId id) {
  if (id) return CheckAgainst(transaction, cut, id);
  if (cut.state == db::kCutPublished) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PublicationRow publication, db::FindPublication(transaction, cut.id));
    if (!publication.superseded) return NoLiveCut();
    return publication.superseded;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto live, db::FindPublishedCut(transaction, cut.pass));
  if (!live.has_value()) return NoLiveCut();
  return *live;
}

int Doors(const std::vector<geo::DoorFlow>& flows) {
  int doors = 0;
  for (const geo::DoorFlow& flow : flows) doors += flow.doors;
  return doors;
}

void AddDoors(const TurfDiff& turf, v1::DiffTotals& totals) {
  totals.set_doors_kept(totals.doors_kept() + turf.change.kept);
  totals.set_doors_moved(totals.doors_moved() + Doors(turf.change.came));
  totals.set_doors_new(totals.doors_new() + turf.change.new_doors);
  totals.set_doors_gone(totals.doors_gone() + turf.change.gone_doors);
}

v1::DiffTotals TotalsOf(const CutDiff& diff, const std::vector<db::CurrentList>& lists) {
  absl::flat_hash_set<base::TurfId> assigned;
  for (const db::CurrentList& list : lists) assigned.insert(list.turf);
  v1::DiffTotals totals;
  for (const TurfDiff& turf : diff.turfs) {
    AddDoors(turf, totals);
    const bool has_list = turf.predecessor >= 0 && assigned.contains(diff.before[turf.predecessor].turf);
    const int list = has_list ? 1 : 0;
    if (turf.predecessor < 0) {
      totals.set_turfs_new(totals.turfs_new() + 1);
    } else if (turf.turf < 0) {
      totals.set_turfs_ended(totals.turfs_ended() + 1);
      totals.set_lists_ended(totals.lists_ended() + list);
    } else if (turf.same_walk) {
      totals.set_turfs_same(totals.turfs_same() + 1);
      totals.set_lists_going_on(totals.lists_going_on() + list);
    } else {
      totals.set_turfs_changed(totals.turfs_changed() + 1);
      totals.set_lists_renewed(totals.lists_renewed() + list);
    }
  }
  return totals;
}

void AddFlows(const std::vector<geo::DoorFlow>& flows, const std::vector<db::TurfDoors>& turfs,
              google::protobuf::RepeatedPtrField<v1::DoorFlow>& messages) {
  for (const geo::DoorFlow& flow : flows) {
    v1::DoorFlow& message = *messages.Add();
    message.set_turf_number(turfs[flow.turf].number);
    message.set_doors(flow.doors);
  }
}

void ToMessage(const TurfDiff& turf, const CutDiff& diff, v1::TurfDiff& message) {
  if (turf.turf >= 0) {
    message.set_turf_number(diff.after[turf.turf].number);
    message.set_doors(static_cast<int>(diff.after[turf.turf].doors.size()));
  }
  if (turf.predecessor >= 0) message.set_predecessor_number(diff.before[turf.predecessor].number);
  message.set_kept_doors(turf.change.kept);
  message.set_new_doors(turf.change.new_doors);
  message.set_gone_doors(turf.change.gone_doors);
  AddFlows(turf.change.came, diff.before, *message.mutable_came());
  AddFlows(turf.change.left, diff.after, *message.mutable_left());
  message.set_same_walk(turf.same_walk);
}

// Who has the old turfs of this page, and which phones have their lists out.
absl::Status AddAssignments(db::Transaction& transaction, const absl::flat_hash_map<base::TurfId, int>& place_of,
                            v1::DiffCutResponse& response) {
  std::vector<base::TurfId> turfs;
  for (const auto& [turf, place] : place_of) turfs.push_back(turf);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto assignments, db::ListAssignmentsOfTurfs(transaction, turfs));
  absl::flat_hash_map<base::WalkListId, v1::TurfDiff*> by_list;
  std::vector<base::WalkListId> lists;
  for (const db::AssignmentRow& assignment : assignments) {
    v1::TurfDiff& message = *response.mutable_turfs(place_of.at(assignment.turf));
    turf::ToMessage(assignment, *message.mutable_assignment());
    by_list[assignment.walk_list] = &message;
    lists.push_back(assignment.walk_list);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto phones, db::ListPhonesOut(transaction, lists));
  for (const db::PhoneOutRow& phone : phones) {
    v1::PhoneOut& out = *by_list.at(phone.walk_list)->add_phones_out();
    out.set_member_id(phone.member.value);
    out.set_member_name(phone.member_name);
    *out.mutable_expire_time() = rpc::ToTimestamp(phone.expire_time);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto done, db::CountDoorsDone(transaction, lists));
  for (const db::DoorsDoneRow& row : done) by_list.at(row.walk_list)->set_doors_done(static_cast<int>(row.doors));
  return absl::OkStatus();
}

// A page's key is the place in the whole diff, from 1.
absl::Status AddPage(db::Transaction& transaction, const CutDiff& diff, const DiffOrder& order,
                     v1::DiffCutResponse& response) {
  absl::flat_hash_map<base::TurfId, int> place_of;
  int64_t last = 0;
  for (int64_t i = order.page.after; i < static_cast<int64_t>(diff.turfs.size()); ++i) {
    const TurfDiff& turf = diff.turfs[i];
    if (order.changed_only && turf.same_walk) continue;
    if (response.turfs_size() == order.page.size) {
      response.set_next_page_token(rpc::NextPageToken(kDiffList, last));
      break;
    }
    if (turf.predecessor >= 0) place_of[diff.before[turf.predecessor].turf] = response.turfs_size();
    ToMessage(turf, diff, *response.add_turfs());
    last = i + 1;
  }
  return AddAssignments(transaction, place_of, response);
}

}  // namespace

absl::StatusOr<v1::DiffCutResponse> DiffCut(db::Pool& pool, const access::Call& call, const DiffOrder& order) {
  db::Scope scope = call.ReadScope();
  scope.one_snapshot = true;
  return db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) -> absl::StatusOr<v1::DiffCutResponse> {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow cut, db::FindCut(transaction, order.cut));
    SNOWFIELD_RETURN_IF_ERROR(CheckHasTurfs(cut));
    SNOWFIELD_ASSIGN_OR_RETURN(const base::CutId against, FindAgainst(transaction, cut, order.against));
    SNOWFIELD_ASSIGN_OR_RETURN(auto before, db::ReadTurfDoors(transaction, against));
    SNOWFIELD_ASSIGN_OR_RETURN(auto after, db::ReadTurfDoors(transaction, cut.id));
    const CutDiff diff = MakeDiff(std::move(before), std::move(after));
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lists, db::ListCurrentLists(transaction, against));
    v1::DiffCutResponse response;
    response.set_against_cut_id(against.value);
    *response.mutable_totals() = TotalsOf(diff, lists);
    SNOWFIELD_RETURN_IF_ERROR(AddPage(transaction, diff, order, response));
    return response;
  });
}

absl::StatusOr<v1::ListCutProblemsResponse> ListCutProblems(db::Pool& pool, const access::Call& call,
                                                            const v1::ListCutProblemsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kProblemsList, request.page_size(), request.page_token()));
  const db::CutProblemPage wanted{.cut = base::CutId(request.cut_id()),
                                  .reason = request.reason(),
                                  .turf_number = request.turf_number(),
                                  .after = page.after,
                                  .limit = page.size + 1};
  SNOWFIELD_ASSIGN_OR_RETURN(
      const std::vector<db::CutProblemRow> problems,
      db::RunInTransaction(pool, call.ReadScope(),
                           [&](db::Transaction& transaction) -> absl::StatusOr<std::vector<db::CutProblemRow>> {
                             SNOWFIELD_RETURN_IF_ERROR(db::FindCut(transaction, wanted.cut).status());
                             return db::ListCutProblems(transaction, wanted);
                           }));
  v1::ListCutProblemsResponse response;
  for (const db::CutProblemRow& row : problems) {
    if (response.problems_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kProblemsList, problems[page.size - 1].ordinal));
      break;
    }
    v1::CutProblem& problem = *response.add_problems();
    problem.set_reason(row.reason);
    problem.set_turf_number(row.turf_number);
    problem.set_turf_doors(row.turf_door_count);
    problem.set_turf_minutes(row.turf_minutes);
    if (row.door.door) turf::ToMessage(row.door, *problem.mutable_door());
  }
  return response;
}

}  // namespace snowfield::turf
