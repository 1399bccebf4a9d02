#include "services/turf/start_cut.h"

#include <algorithm>
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

absl::Status CheckText(const std::string& text, std::string_view field, size_t bytes_max) {
  const bool plain = std::none_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20; });
  if (plain && text.size() <= bytes_max) return absl::OkStatus();
  return base::InvalidField(field, "TEXT_OUT_OF_RANGE",
                            absl::StrCat("send at most ", bytes_max, " bytes without control characters"));
}

absl::Status ReadBounds(const v1::StartCutRequest& request, CutOrder& order) {
  order.target_doors = request.has_target_doors() ? request.target_doors() : geo::kTargetDoorsDefault;
  if (order.target_doors < 1 || order.target_doors > kTargetDoorsMax) {
    return base::InvalidField("target_doors", "TARGET_OUT_OF_RANGE",
                              absl::StrCat("a turf is cut to a target of 1 to ", kTargetDoorsMax,
                                           " doors: leave it unset for ", geo::kTargetDoorsDefault));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::DoorBounds usual, geo::ResolveBounds({.target_doors = order.target_doors}));
  order.min_doors = request.has_min_doors() ? request.min_doors() : usual.min_doors;
  order.max_doors = request.has_max_doors() ? request.max_doors() : usual.max_doors;
  if (order.min_doors < 1 || order.min_doors > order.target_doors) {
    return base::InvalidField("min_doors", "BOUNDS_OUT_OF_ORDER",
                              absl::StrCat("send 1 to the target of ", order.target_doors, " doors"));
  }
  if (order.max_doors < order.target_doors || order.max_doors > kTurfDoorsMax) {
    return base::InvalidField("max_doors", "BOUNDS_OUT_OF_ORDER",
                              absl::StrCat("send the target of ", order.target_doors, " to ", kTurfDoorsMax, " doors"));
  }
  return absl::OkStatus();
}

geo::CutOptions ToOptions(const CutOrder& order) {
  geo::CutOptions options;
  options.target_doors = order.target_doors;
  options.min_doors = order.min_doors;
  options.max_doors = order.max_doors;
  options.seed = static_cast<uint64_t>(order.seed);
  return options;
}

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

// Stores the cut as running. What is left of the job is filled in.
absl::Status InsertOrder(db::Transaction& transaction, const CutOrder& order, const access::Caller& caller,
                         const std::string& worker, CutJob& job) {
  SNOWFIELD_RETURN_IF_ERROR(SettleDeadCuts(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(job.filter, FindFilter(transaction, order.universe));
  SNOWFIELD_RETURN_IF_ERROR(CheckKeptKind(transaction, order.keep_boundary_kind));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t doors, CountDoorsToCut(transaction, job.filter));
  SNOWFIELD_ASSIGN_OR_RETURN(job.pass, db::EnsurePass(transaction, order.pass_name));
  SNOWFIELD_ASSIGN_OR_RETURN(job.cut, db::InsertCut(transaction, {.pass = job.pass,
                                                                  .universe = order.universe,
                                                                  .target_doors = order.target_doors,
                                                                  .min_doors = order.min_doors,
                                                                  .max_doors = order.max_doors,
                                                                  .keep_boundary_kind = order.keep_boundary_kind,
                                                                  .seed = order.seed,
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

absl::StatusOr<CutOrder> ReadOrder(const v1::StartCutRequest& request) {
  CutOrder order;
  SNOWFIELD_ASSIGN_OR_RETURN(order.request, base::Uuid::Parse(request.request_id(), "request_id"));
  if (request.universe_id() < 0) {
    return base::InvalidField("universe_id", "UNIVERSE_UNKNOWN", "send the id of a universe, or 0 for every door");
  }
  order.universe = base::UniverseId(request.universe_id());
  SNOWFIELD_RETURN_IF_ERROR(ReadBounds(request, order));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(request.keep_boundary_kind(), "keep_boundary_kind", kBoundaryKindBytesMax));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(request.pass_name(), "pass_name", kPassNameBytesMax));
  order.keep_boundary_kind = request.keep_boundary_kind();
  order.pass_name = request.pass_name().empty() ? kPassNameDefault : request.pass_name();
  order.seed = request.seed();
  // The cutter's own limits, told now and not when the work has begun.
  SNOWFIELD_RETURN_IF_ERROR(geo::ResolveBounds(ToOptions(order)).status());
  return order;
}

absl::StatusOr<db::CutRow> StartCut(db::Pool& pool, CutRunner& runner, const access::Call& call,
                                    const CutOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto earlier, FindByRequest(pool, call, order.request));
  if (earlier.has_value()) return GetCut(pool, call, *earlier);
  SNOWFIELD_ASSIGN_OR_RETURN(CutRunner::Place place, runner.TakePlace());
  CutJob job;
  job.campaign = call.caller.campaign;
  job.keep_boundary_kind = order.keep_boundary_kind;
  job.options = ToOptions(order);
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
  const auto row =
      db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> absl::StatusOr<db::CutRow> {
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
