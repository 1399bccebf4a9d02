#include "services/turf/start_cut.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/pg/sqlstate.h"
#include "db/store/audit_store.h"
#include "db/store/territory_store.h"
#include "db/store/universe_store.h"

namespace snowfield::turf {
namespace {

absl::StatusOr<db::UniverseFilter> FindFilter(db::Transaction& transaction, base::UniverseId universe) {
  if (!universe) return db::UniverseFilter{};
  SNOWFIELD_ASSIGN_OR_RETURN(const auto found, db::FindUniverse(transaction, universe));
  if (!found.has_value()) {
    return base::NoSuch("universe_id", "this campaign has no such universe: make it, or send 0 for every door");
  }
  return found->filter;
}

absl::StatusOr<int64_t> CountDoorsToCut(db::Transaction& transaction, const db::UniverseFilter& filter) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t doors, db::CountDoors(transaction, filter));
  const auto refuse = [](std::string_view reason, const std::string& message) {
    return base::Problem(absl::StatusCode::kFailedPrecondition, reason, "universe_id", message);
  };
  if (doors == 0) {
    return refuse("NO_DOORS", "there are no doors to cut: import addresses, or choose a universe that holds some");
  }
  if (doors > geo::kCutDoorsMax) {
    return refuse("TOO_MANY_DOORS", absl::StrCat("a cut takes at most ", geo::kCutDoorsMax,
                                                 " doors: choose a universe of some of the boundaries"));
  }
  return doors;
}

absl::Status CheckKeptKind(db::Transaction& transaction, const std::string& kind) {
  if (kind.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool known, db::HasBoundaryKind(transaction, kind));
  if (known) return absl::OkStatus();
  return base::InvalidField("keep_boundary_kind", "BOUNDARY_KIND_UNKNOWN",
                            "no boundary is of this kind: import some, or leave it empty");
}

// The live cut of the pass; none where there is none, which only a cut that keeps its turfs minds.
absl::StatusOr<base::CutId> FindPrevious(db::Transaction& transaction, base::PassId pass, bool keep_live) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto live, db::FindPublishedCut(transaction, pass));
  if (live.has_value() || !keep_live) return live.value_or(base::CutId());
  return base::Problem(absl::StatusCode::kFailedPrecondition, "NO_LIVE_CUT", "keep_live",
                       "no cut of this pass is published, whose turfs could be kept: cut without keep_live");
}

// Stores the cut as running. What is left of the job is filled in.
absl::Status InsertOrder(db::Transaction& transaction, const CutOrder& order, const access::Caller& caller,
                         const std::string& worker, CutJob& job) {
  SNOWFIELD_RETURN_IF_ERROR(SettleDeadCuts(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(job.filter, FindFilter(transaction, order.universe));
  SNOWFIELD_RETURN_IF_ERROR(CheckKeptKind(transaction, order.settings.keep_boundary_kind));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t doors, CountDoorsToCut(transaction, job.filter));
  SNOWFIELD_ASSIGN_OR_RETURN(job.pass, db::EnsurePass(transaction, order.pass_name));
  SNOWFIELD_ASSIGN_OR_RETURN(job.previous, FindPrevious(transaction, job.pass, order.settings.keep_live));
  SNOWFIELD_ASSIGN_OR_RETURN(job.cut, db::InsertCut(transaction, {.pass = job.pass,
                                                                  .universe = order.universe,
                                                                  .previous = job.previous,
                                                                  .settings = order.settings,
                                                                  .worker = worker,
                                                                  .door_count = doors,
                                                                  .request = order.request}));
  return db::WriteAudit(transaction, {.member = caller.member,
                                      .action = "cut.start",
                                      .subject_kind = "cut",
                                      .subject_id = job.cut.value,
                                      .detail_json = absl::StrCat("{\"doors\":", doors, "}")});
}

absl::StatusOr<std::optional<base::CutId>> FindByRequest(db::Pool& pool, const access::Call& call,
                                                         const base::Uuid& request) {
  return db::RunInTransaction(pool, call.ReadScope(),
                              [&](db::Transaction& transaction) { return db::FindCutByRequest(transaction, request); });
}

}  // namespace

absl::StatusOr<db::CutRow> StartCut(db::Pool& pool, CutRunner& runner, const access::Call& call,
                                    const CutOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto earlier, FindByRequest(pool, call, order.request));
  if (earlier.has_value()) return GetCut(pool, call, *earlier);
  SNOWFIELD_ASSIGN_OR_RETURN(CutRunner::Place place, runner.TakePlace());
  CutJob job;
  job.campaign = call.caller.campaign;
  job.keep_boundary_kind = order.settings.keep_boundary_kind;
  job.turfs_per_region = order.settings.turfs_per_region;
  job.options = ToOptions(order.settings);
  const absl::Status stored = db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) {
    return InsertOrder(transaction, order, call.caller, runner.worker(), job);
  });
  if (db::ConstraintOf(stored) == "cut_request_uk") {
    // The same request came twice at once; the other one started it.
    SNOWFIELD_ASSIGN_OR_RETURN(const auto started, FindByRequest(pool, call, order.request));
    if (started.has_value()) return GetCut(pool, call, *started);
  }
  SNOWFIELD_RETURN_IF_ERROR(stored);
  const base::CutId cut = job.cut;
  runner.Start(std::move(place), std::move(job));
  return GetCut(pool, call, cut);
}

absl::StatusOr<db::CutRow> GetCut(db::Pool& pool, const access::Call& call, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::CutRow row,
                             db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
                               return db::FindCut(transaction, cut);
                             }));
  if (row.state != db::kCutRunning) return row;
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> absl::StatusOr<db::CutRow> {
    SNOWFIELD_RETURN_IF_ERROR(SettleDeadCuts(transaction));
    return db::FindCut(transaction, cut);
  });
}

absl::StatusOr<db::CutRow> CancelCut(db::Pool& pool, CutRunner& runner, const access::Call& call, base::CutId cut) {
  auto row = db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> absl::StatusOr<db::CutRow> {
    SNOWFIELD_RETURN_IF_ERROR(db::FindCut(transaction, cut).status());
    SNOWFIELD_ASSIGN_OR_RETURN(const bool ended, db::EndCut(transaction, cut, db::kCutCancelled, ""));
    if (ended) {
      SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
          transaction,
          {.member = call.caller.member, .action = "cut.cancel", .subject_kind = "cut", .subject_id = cut.value}));
    }
    return db::FindCut(transaction, cut);
  });
  if (!row.ok()) return row.status();
  runner.Cancel(call.caller.campaign, cut);
  if (row->state == db::kCutCancelled || row->state == db::kCutFailed) return row;
  return base::NotNow("CUT_ALREADY_DONE", "this cut has ended and has its turfs: there is nothing to cancel");
}

}  // namespace snowfield::turf
