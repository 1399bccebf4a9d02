#include "services/turf/cut_work.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/contact_store.h"
#include "db/store/cut_problem_store.h"
#include "db/store/cut_store.h"
#include "db/store/turf_edit_store.h"
#include "db/store/turf_store.h"
#include "geo/cut/regions.h"
#include "geo/cut/turf_identity.h"
#include "services/turf/cut_order.h"
#include "services/turf/geo_conversion.h"
#include "services/turf/keep_walks.h"
#include "services/turf/wire.h"

namespace snowfield::turf {
namespace {

// Shares of the whole at which the stages begin, about as their times are.
constexpr double kCuttingFrom = 0.10;
constexpr double kRegionsFrom = 0.84;
constexpr double kStoringFrom = 0.86;

void Enter(CutProgress& progress, const char* stage, double fraction) {
  progress.stage = stage;
  progress.fraction = fraction;
}

const char* StageName(geo::CutStage stage) {
  switch (stage) {
    case geo::CutStage::kCheck:
    case geo::CutStage::kNetwork:
    case geo::CutStage::kMatch:
      return "streets";
    case geo::CutStage::kAtoms:
    case geo::CutStage::kCut:
    case geo::CutStage::kRefine:
      return "cutting";
    case geo::CutStage::kOrder:
      return "walking";
    case geo::CutStage::kShape:
    case geo::CutStage::kDone:
      return "shaping";
  }
  return "cutting";
}

db::Scope ScopeOf(const CutJob& job, CutProgress& progress) {
  return {.campaign = job.campaign, .deadline = absl::Now() + kCutTimeMax, .cancelled = [&progress] {
            return progress.cancelled.load();
          }};
}

absl::Status LoadGround(db::Transaction& transaction, const CutJob& job, geo::CutInput& input) {
  // A callback that converts a row and keeps it.
  const auto into = [](auto& list, auto convert) {
    return [&list, convert](const auto& row) {
      list.push_back(convert(row));
      return absl::OkStatus();
    };
  };
  SNOWFIELD_RETURN_IF_ERROR(db::ReadDoors(transaction, job.filter, into(input.doors, ToCutDoor)));
  SNOWFIELD_RETURN_IF_ERROR(db::ReadStreets(transaction, into(input.streets, ToCutStreet)));
  SNOWFIELD_RETURN_IF_ERROR(db::ReadBarriers(transaction, into(input.barriers, ToCutBarrier)));
  if (job.keep_boundary_kind.empty()) return absl::OkStatus();
  return db::ReadBoundaries(transaction, {.kind = job.keep_boundary_kind, .ids = {}},
                            into(input.kept_boundaries, ToCutBoundary));
}

struct Ground {
  geo::CutInput input;
  std::vector<db::HeldHousehold> held;   // taken out of input.doors, because enough was asked there lately
  std::vector<int> previous_numbers;     // of input.previous_turfs
  std::vector<geo::CutDoor> aside;       // taken out of input.doors, because they are set aside in the previous cut
  std::vector<db::AsideRow> aside_rows;  // of `aside`
  std::vector<PreviousWalk> walks;       // of input.previous_turfs; none where the cut does not keep them
  bool bounds_changed = false;           // the previous cut's were others
};

// What the previous cut was held to, and its walks where they are walked as this one's will be.
absl::Status LoadKept(db::Transaction& transaction, const CutJob& job, Ground& ground) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CutRow previous, db::FindCut(transaction, job.previous));
  const geo::CutOptions before = ToOptions(previous.settings);
  ground.bounds_changed = !geo::SameBounds(before, job.options);
  if (before.finish != job.options.finish || before.walk_speed_m_per_s != job.options.walk_speed_m_per_s ||
      before.seconds_per_door != job.options.seconds_per_door) {
    return absl::OkStatus();
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto turfs, db::ReadBoardTurfs(transaction, job.previous, -1));
  absl::flat_hash_map<int, const db::TurfContent*> content_of;
  for (const db::BoardTurfRow& turf : turfs) content_of[turf.number] = &turf.content;
  for (size_t i = 0; i < ground.previous_numbers.size(); ++i) {
    const db::TurfContent& content = *content_of.at(ground.previous_numbers[i]);
    SNOWFIELD_ASSIGN_OR_RETURN(const v1::TurfMetrics metrics, MetricsFromJson(content.metrics_json));
    ground.walks.push_back(
        {.doors = ground.input.previous_turfs[i], .walk_ewkb = content.walk_ewkb, .metrics = FromMetrics(metrics)});
  }
  return absl::OkStatus();
}

// Doors that are set aside in the previous cut stay so: nobody is to go there.
absl::Status SetAside(db::Transaction& transaction, base::CutId previous, Ground& ground) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::AsideRow> rows, db::ReadAsideDoors(transaction, previous));
  absl::flat_hash_map<base::DoorId, const db::AsideRow*> row_of;
  for (const db::AsideRow& row : rows) row_of[row.door] = &row;
  std::vector<geo::CutDoor>& doors = ground.input.doors;
  const auto stays = std::stable_partition(doors.begin(), doors.end(),
                                           [&](const geo::CutDoor& door) { return !row_of.contains(door.id); });
  for (auto door = stays; door != doors.end(); ++door) {
    ground.aside_rows.push_back(*row_of[door->id]);
    ground.aside.push_back(std::move(*door));
  }
  doors.erase(stays, doors.end());
  return absl::OkStatus();
}

// Nobody goes to households of whom enough was asked lately.
absl::Status HoldBack(db::Transaction& transaction, absl::Time now, Ground& ground) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::HeldHousehold> held, db::ListHeldHouseholds(transaction, now));
  absl::flat_hash_map<base::DoorId, const db::HeldHousehold*> held_of;
  for (const db::HeldHousehold& one : held) held_of[one.door] = &one;
  std::erase_if(ground.input.doors, [&](const geo::CutDoor& door) {
    const auto found = held_of.find(door.id);
    if (found == held_of.end()) return false;
    ground.held.push_back(*found->second);
    return true;
  });
  return absl::OkStatus();
}

absl::StatusOr<Ground> Load(db::Pool& pool, const CutJob& job, CutProgress& progress) {
  db::Scope scope = ScopeOf(job, progress);
  scope.read_only = true;
  scope.one_snapshot = true;
  return db::RunInTransaction(pool, scope, [&](db::Transaction& transaction) -> absl::StatusOr<Ground> {
    Ground ground;
    SNOWFIELD_RETURN_IF_ERROR(LoadGround(transaction, job, ground.input));
    SNOWFIELD_RETURN_IF_ERROR(HoldBack(transaction, absl::Now(), ground));
    if (!job.previous) return ground;
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::TurfDoors> previous, db::ReadTurfDoors(transaction, job.previous));
    for (db::TurfDoors& turf : previous) {
      ground.previous_numbers.push_back(turf.number);
      ground.input.previous_turfs.push_back(std::move(turf.doors));
    }
    if (job.options.keep_previous) SNOWFIELD_RETURN_IF_ERROR(LoadKept(transaction, job, ground));
    SNOWFIELD_RETURN_IF_ERROR(SetAside(transaction, job.previous, ground));
    return ground;
  });
}

absl::StatusOr<geo::CutResult> Cut(const Ground& ground, const CutJob& job, CutProgress& progress) {
  geo::CutOptions options = job.options;
  options.bounds_changed = ground.bounds_changed;
  const geo::CutControl control = {.progress =
                                       [&](geo::CutStage stage, double fraction, int) {
                                         Enter(progress, StageName(stage),
                                               kCuttingFrom + fraction * (kRegionsFrom - kCuttingFrom));
                                       },
                                   .cancelled = [&] { return progress.cancelled.load(); }};
  return geo::CutTurf(ground.input, options, control);
}

// The region of each turf, counted from 0.
absl::StatusOr<std::vector<int>> Group(const geo::CutResult& result, int turfs_per_region) {
  geo::RegionInput input;
  std::vector<std::string> polygons;
  for (const geo::Turf& turf : result.turfs) {
    input.turf_centres.push_back(turf.centre);
    polygons.push_back(turf.polygon_ewkb);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(input.neighbors, geo::TurfNeighbors(polygons));
  return geo::GroupIntoRegions(input, turfs_per_region);
}

geo::TurfMatch Match(const geo::CutResult& result, const Ground& ground) {
  std::vector<std::vector<base::DoorId>> doors;
  for (const geo::Turf& turf : result.turfs) doors.push_back(turf.doors);
  return geo::MatchTurfs(ground.input.previous_turfs, doors);
}

// The doors set aside, each from the turf that carries on the number of the one it was taken from, or else from the
// nearest.
std::vector<db::AsideRow> CarryAside(const geo::CutResult& result, const std::vector<int>& numbers, Ground& ground) {
  const absl::flat_hash_set<int> known(numbers.begin(), numbers.end());
  for (size_t i = 0; i < ground.aside.size(); ++i) {
    db::AsideRow& row = ground.aside_rows[i];
    if (known.contains(row.from_turf)) continue;
    const auto& [lon, lat] = ground.aside[i].position;
    const auto far = [lon = lon, lat = lat](const geo::Turf& turf) {
      return std::hypot((turf.centre.lon - lon) * std::cos(lat * M_PI / 180), turf.centre.lat - lat);
    };
    const auto nearest = std::min_element(result.turfs.begin(), result.turfs.end(),
                                          [&](const geo::Turf& a, const geo::Turf& b) { return far(a) < far(b); });
    row.from_turf = numbers[nearest - result.turfs.begin()];
  }
  return std::move(ground.aside_rows);
}

struct CutOutcome {
  std::vector<db::NewTurf> turfs;
  std::vector<int> region_of;  // per turf, from 0
  std::vector<db::NewCutProblem> problems;
  std::vector<db::AsideRow> aside;
  std::vector<db::HeldHousehold> held;
  int64_t door_count = 0;
  std::string report_json;
};

absl::Status Store(db::Transaction& transaction, const CutJob& job, const std::string& worker, CutOutcome& outcome) {
  const int region_count =
      outcome.region_of.empty() ? 0 : *std::max_element(outcome.region_of.begin(), outcome.region_of.end()) + 1;
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::RegionId> regions,
                             db::InsertRegions(transaction, job.cut, region_count));
  for (size_t i = 0; i < outcome.turfs.size(); ++i) outcome.turfs[i].region = regions[outcome.region_of[i]];
  const db::TurfHome home{.cut = job.cut, .pass = job.pass};
  SNOWFIELD_RETURN_IF_ERROR(db::InsertTurfs(transaction, home, outcome.turfs));
  SNOWFIELD_RETURN_IF_ERROR(db::CarryAside(transaction, home, outcome.aside));
  SNOWFIELD_RETURN_IF_ERROR(db::InsertCutProblems(transaction, job.cut, outcome.problems));
  SNOWFIELD_RETURN_IF_ERROR(db::InsertCutHeldDoors(transaction, job.cut, outcome.held));
  SNOWFIELD_ASSIGN_OR_RETURN(const bool ours,
                             db::FinishCut(transaction, {.cut = job.cut,
                                                         .worker = worker,
                                                         .door_count = outcome.door_count,
                                                         .turf_count = static_cast<int64_t>(outcome.turfs.size()),
                                                         .report_json = outcome.report_json}));
  if (!ours) return absl::CancelledError("the cut was ended meanwhile");
  return absl::OkStatus();
}

}  // namespace

absl::Status RunCut(db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress) {
  SNOWFIELD_ASSIGN_OR_RETURN(Ground ground, Load(pool, job, progress));
  Enter(progress, "streets", kCuttingFrom);
  SNOWFIELD_ASSIGN_OR_RETURN(geo::CutResult result, Cut(ground, job, progress));
  Enter(progress, "shaping", kRegionsFrom);
  CutOutcome outcome;
  SNOWFIELD_ASSIGN_OR_RETURN(outcome.region_of, Group(result, job.turfs_per_region));
  const geo::TurfMatch match = Match(result, ground);
  // A turf's number is its predecessor's where it has one.
  const std::vector<int> numbers = geo::SucceedingNumbers(match, ground.previous_numbers);
  if (!ground.walks.empty()) KeepWalks(ground.walks, match, job.options, result);
  SNOWFIELD_ASSIGN_OR_RETURN(outcome.turfs, ToNewTurfs(result, numbers));
  outcome.problems = ToNewProblems(result, numbers);
  outcome.aside = CarryAside(result, numbers, ground);
  SNOWFIELD_ASSIGN_OR_RETURN(v1::CutReport report, MakeReport(ground.input, result));
  report.set_doors_set_aside(static_cast<int>(outcome.aside.size()));
  outcome.held = std::move(ground.held);
  report.set_doors_held_back(static_cast<int>(outcome.held.size()));
  SNOWFIELD_ASSIGN_OR_RETURN(outcome.report_json, ToJson(report));
  outcome.door_count = report.doors();
  Enter(progress, "storing", kStoringFrom);
  SNOWFIELD_RETURN_IF_ERROR(db::RunInTransaction(
      pool, ScopeOf(job, progress),
      [&](db::Transaction& transaction) -> absl::Status { return Store(transaction, job, worker, outcome); }));
  progress.fraction = 1;
  return absl::OkStatus();
}

}  // namespace snowfield::turf
