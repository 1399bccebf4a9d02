#include "services/turf/publish_cut.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/walk_list_store.h"
#include "geo/cut/cut_turf.h"
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

absl::StatusOr<std::vector<std::vector<base::DoorId>>> ReadDoors(db::Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::TurfDoors> turfs, db::ReadTurfDoors(transaction, cut));
  std::vector<std::vector<base::DoorId>> doors;
  for (db::TurfDoors& turf : turfs) doors.push_back(std::move(turf.doors));
  return doors;
}

// Writes into the new cut's report how many doors stay with their turf.
absl::Status ReportKeptDoors(db::Transaction& transaction, const db::CutRow& row, base::CutId before) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto old_turfs, ReadDoors(transaction, before));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto new_turfs, ReadDoors(transaction, row.id));
  v1::Cut cut;
  SNOWFIELD_RETURN_IF_ERROR(ToMessage(row, cut));
  cut.mutable_report()->set_doors_kept_share(1 - geo::MovedDoorShare(old_turfs, new_turfs));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string json, ToJson(cut.report()));
  return db::SetCutReport(transaction, row.id, json);
}

// The live cut of the pass gives way. The walk lists that ended with it.
absl::StatusOr<std::vector<base::WalkListId>> Supersede(db::Transaction& transaction, const db::CutRow& by,
                                                        base::CutId cut) {
  SNOWFIELD_RETURN_IF_ERROR(ReportKeptDoors(transaction, by, cut));
  SNOWFIELD_RETURN_IF_ERROR(db::SetTurfsLive(transaction, cut, false));
  SNOWFIELD_RETURN_IF_ERROR(
      db::SetCutState(transaction, cut, {.from = db::kCutPublished, .to = db::kCutSuperseded}).status());
  // After the turfs: an assignment that held one of them has ended by now, and its list is seen.
  return db::RevokeListsOfCut(transaction, cut);
}

absl::StatusOr<Publication> Publish(db::Transaction& transaction, const access::Caller& caller, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::CutRow row, db::FindCut(transaction, cut));
  SNOWFIELD_RETURN_IF_ERROR(db::LockPass(transaction, row.pass));
  SNOWFIELD_ASSIGN_OR_RETURN(row, db::FindCut(transaction, cut));
  if (row.state == db::kCutPublished) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PublicationRow before, db::FindPublication(transaction, cut));
    return Publication{.cut = row, .superseded = before.superseded, .revoked_walk_lists = before.revoked_walk_lists};
  }
  if (row.state != db::kCutDone) return NotDone(row.state);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto live, db::FindPublishedCut(transaction, row.pass));
  std::vector<base::WalkListId> revoked;
  if (live.has_value()) {
    SNOWFIELD_ASSIGN_OR_RETURN(revoked, Supersede(transaction, row, *live));
  }
  SNOWFIELD_RETURN_IF_ERROR(db::SetTurfsLive(transaction, cut, true));
  SNOWFIELD_RETURN_IF_ERROR(
      db::SetCutState(transaction, cut, {.from = db::kCutDone, .to = db::kCutPublished}).status());
  Publication publication{
      .cut = {}, .superseded = live.value_or(base::CutId()), .revoked_walk_lists = static_cast<int>(revoked.size())};
  SNOWFIELD_ASSIGN_OR_RETURN(publication.cut, db::FindCut(transaction, cut));
  SNOWFIELD_RETURN_IF_ERROR(db::WritePublication(
      transaction, cut, caller.member,
      {.superseded = publication.superseded, .revoked_walk_lists = publication.revoked_walk_lists}));
  SNOWFIELD_RETURN_IF_ERROR(db::WriteListsRevoked(transaction, revoked));
  return publication;
}

}  // namespace

absl::StatusOr<Publication> PublishCut(db::Pool& pool, const access::Call& call, base::CutId cut) {
  return db::RunInTransaction(pool, call.Scope(),
                              [&](db::Transaction& transaction) { return Publish(transaction, call.caller, cut); });
}

}  // namespace snowfield::turf
