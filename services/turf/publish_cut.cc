#include "services/turf/publish_cut.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/walk_list_store.h"
#include "geo/cut/cut_turf.h"
#include "services/turf/cut_diff.h"
#include "services/turf/replace_lists.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

absl::Status NotDone(const std::string& state) {
  if (state == db::kCutRunning) return base::NotNow("CUT_NOT_DONE", "the cut is still running: watch it to its end");
  if (state == db::kCutSuperseded) {
    return base::NotNow("CUT_NOT_DONE", "another cut has taken the place of this one: cut again");
  }
  return base::NotNow("CUT_NOT_DONE", absl::StrCat("the cut has ended as ", state, ": cut again"));
}

// Writes into the new cut's report how many doors stay with their turf.
absl::Status ReportKeptDoors(db::Transaction& transaction, const db::CutRow& row, const CutDiff& diff) {
  v1::Cut cut;
  SNOWFIELD_RETURN_IF_ERROR(ToMessage(row, cut));
  cut.mutable_report()->set_doors_kept_share(1 - geo::MovedDoorShare(DoorsOf(diff.before), DoorsOf(diff.after)));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string json, ToJson(cut.report()));
  return db::SetCutReport(transaction, row.id, json);
}

// What becomes of the lists of the old cut that go to turfs of the new one.
struct Succession {
  std::vector<db::ListMove> moves;  // of lists that go on
  std::vector<Replacement> replacements;
};

Succession PlanSuccession(const CutDiff& diff, const std::vector<db::CurrentList>& lists) {
  absl::flat_hash_map<base::TurfId, const db::CurrentList*> list_of;
  for (const db::CurrentList& list : lists) list_of[list.turf] = &list;
  Succession plan;
  for (const TurfDiff& turf : diff.turfs) {
    if (turf.turf < 0 || turf.predecessor < 0) continue;
    const base::TurfId from = diff.before[turf.predecessor].turf, to = diff.after[turf.turf].turf;
    const auto list = list_of.find(from);
    if (list == list_of.end()) continue;
    if (turf.same_walk) {
      plan.moves.push_back({.from = from, .to = to});
    } else {
      plan.replacements.push_back({.replaces = list->second->walk_list, .turf = to, .leader = list->second->leader});
    }
  }
  return plan;
}

// The live cut of the pass gives way to `by`. The walk lists that ended with it; `row` is filled in.
absl::StatusOr<std::vector<base::WalkListId>> Supersede(db::Transaction& transaction, const db::CutRow& by,
                                                        const PublishOrder& order, db::PublicationRow& row) {
  const base::CutId live = row.superseded;
  SNOWFIELD_RETURN_IF_ERROR(db::SetTurfsLive(transaction, live, false));
  SNOWFIELD_RETURN_IF_ERROR(
      db::SetCutState(transaction, live, {.from = db::kCutPublished, .to = db::kCutSuperseded}).status());
  // After the turfs: an assignment that held one of them has ended by now, and its list is seen.
  SNOWFIELD_ASSIGN_OR_RETURN(auto before, db::ReadTurfDoors(transaction, live));
  SNOWFIELD_ASSIGN_OR_RETURN(auto after, db::ReadTurfDoors(transaction, by.id));
  const CutDiff diff = MakeDiff(std::move(before), std::move(after));
  SNOWFIELD_RETURN_IF_ERROR(ReportKeptDoors(transaction, by, diff));
  Succession plan;
  if (order.keep_assignments) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lists, db::ListCurrentLists(transaction, live));
    plan = PlanSuccession(diff, lists);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(row.kept_walk_lists, db::MoveWalkLists(transaction, plan.moves));
  SNOWFIELD_ASSIGN_OR_RETURN(auto revoked, db::RevokeListsOfCut(transaction, live));
  row.revoked_walk_lists = static_cast<int>(revoked.size());
  row.renewed_walk_lists = static_cast<int>(plan.replacements.size());
  SNOWFIELD_RETURN_IF_ERROR(GiveReplacements(transaction, std::move(plan.replacements)));
  return revoked;
}

absl::StatusOr<Publication> Publish(db::Transaction& transaction, const access::Caller& caller,
                                    const PublishOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::CutRow cut, db::FindCut(transaction, order.cut));
  SNOWFIELD_RETURN_IF_ERROR(db::LockPass(transaction, cut.pass));
  SNOWFIELD_ASSIGN_OR_RETURN(cut, db::FindCut(transaction, order.cut));
  if (cut.state == db::kCutPublished) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PublicationRow row, db::FindPublication(transaction, order.cut));
    return Publication{.cut = std::move(cut), .row = row};
  }
  if (cut.state != db::kCutDone) return NotDone(cut.state);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto live, db::FindPublishedCut(transaction, cut.pass));
  Publication publication;
  std::vector<base::WalkListId> revoked;
  if (live.has_value()) {
    publication.row.superseded = *live;
    SNOWFIELD_ASSIGN_OR_RETURN(revoked, Supersede(transaction, cut, order, publication.row));
  }
  SNOWFIELD_RETURN_IF_ERROR(db::SetTurfsLive(transaction, order.cut, true));
  SNOWFIELD_RETURN_IF_ERROR(
      db::SetCutState(transaction, order.cut, {.from = db::kCutDone, .to = db::kCutPublished}).status());
  SNOWFIELD_ASSIGN_OR_RETURN(publication.cut, db::FindCut(transaction, order.cut));
  SNOWFIELD_RETURN_IF_ERROR(db::WritePublication(transaction, order.cut, caller.member, publication.row));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteListsRevoked(transaction, revoked));
  return publication;
}

}  // namespace

absl::StatusOr<Publication> PublishCut(db::Pool& pool, const access::Call& call, const PublishOrder& order) {
  return db::RunInTransaction(pool, call.Scope(),
                              [&](db::Transaction& transaction) { return Publish(transaction, call.caller, order); });
}

}  // namespace snowfield::turf
