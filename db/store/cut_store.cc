#include "db/store/cut_store.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/queries/cut_queries.h"
#include "db/store/audit_store.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// From column `first` on, in the order of insert_cut.
CutSettings ReadSettings(const Row& row, int first) {
  return {.target_doors = row.Int32(first),
          .min_doors = row.Int32(first + 1),
          .max_doors = row.Int32(first + 2),
          .target_minutes = row.Double(first + 3),
          .min_minutes = row.Double(first + 4),
          .max_minutes = row.Double(first + 5),
          .finish = std::string(row.Text(first + 6)),
          .walk_speed_m_per_s = row.Double(first + 7),
          .seconds_per_door = row.Double(first + 8),
          .turfs_per_region = row.Int32(first + 9),
          .keep_boundary_kind = std::string(row.Text(first + 10)),
          .keep_live = row.Bool(first + 11),
          .seed = row.Int64(first + 12)};
}

CutRow ReadCut(const Row& row) {
  return {.id = row.Id<base::CutId>(0),
          .pass = row.Id<base::PassId>(1),
          .pass_name = std::string(row.Text(2)),
          .universe = row.Id<base::UniverseId>(3),
          .previous = row.Id<base::CutId>(11),
          .settings = ReadSettings(row, 12),
          .state = std::string(row.Text(4)),
          .failure = std::string(row.Text(5)),
          .report_json = std::string(row.Text(6)),
          .create_time = row.Time(7),
          .worker = std::string(row.Text(8)),
          .stage = std::string(row.Text(9)),
          .fraction = row.Double(10)};
}

// Runs an update by whose row count we know whether the guard let it through.
absl::StatusOr<bool> Touched(Transaction& transaction, const Query& query, const Params& params) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(query, params));
  return result.affected_row_count() > 0;
}

absl::StatusOr<std::optional<base::CutId>> OptionalCut(absl::StatusOr<Result> result) {
  if (!result.ok()) return result.status();
  if (result->empty()) return std::nullopt;
  return (*result)[0].Id<base::CutId>(0);
}

}  // namespace

absl::StatusOr<base::PassId> EnsurePass(Transaction& transaction, std::string_view name) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kEnsurePass, Campaign(transaction).Text(name)));
  return result[0].Id<base::PassId>(0);
}

absl::StatusOr<bool> HasBoundaryKind(Transaction& transaction, std::string_view kind) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kHasBoundaryKind, Campaign(transaction).Text(kind)));
  return result[0].Bool(0);
}

absl::StatusOr<base::CutId> InsertCut(Transaction& transaction, const NewCut& cut) {
  const CutSettings& settings = cut.settings;
  const Params params = Campaign(transaction)
                            .Id(cut.pass)
                            .Id(cut.universe)
                            .Text(cut.worker)
                            .Int64(cut.door_count)
                            .Uuid(cut.request)
                            .Id(cut.previous)
                            .Int32(settings.target_doors)
                            .Int32(settings.min_doors)
                            .Int32(settings.max_doors)
                            .Double(settings.target_minutes)
                            .Double(settings.min_minutes)
                            .Double(settings.max_minutes)
                            .Text(settings.finish)
                            .Double(settings.walk_speed_m_per_s)
                            .Double(settings.seconds_per_door)
                            .Int32(settings.turfs_per_region)
                            .Text(settings.keep_boundary_kind)
                            .Bool(settings.keep_live)
                            .Int64(settings.seed);
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kInsertCut, params));
  return result[0].Id<base::CutId>(0);
}

absl::StatusOr<std::optional<base::CutId>> FindCutByRequest(Transaction& transaction, const base::Uuid& request) {
  return OptionalCut(transaction.Run(queries::kFindCutByRequest, Campaign(transaction).Uuid(request)));
}

absl::StatusOr<CutRow> FindCut(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindCut, Campaign(transaction).Id(cut)));
  if (result.empty()) return base::NoSuch("cut_id", "this campaign has no such cut: list its cuts");
  return ReadCut(result[0]);
}

absl::StatusOr<std::vector<CutRow>> ListCuts(Transaction& transaction, int64_t before, int limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListCuts, Campaign(transaction).Int64(before).Int64(limit)));
  std::vector<CutRow> cuts;
  for (const Row& row : result) cuts.push_back(ReadCut(row));
  return cuts;
}

absl::StatusOr<bool> BeatCut(Transaction& transaction, const CutBeat& beat) {
  return Touched(transaction, queries::kBeatCut,
                 Campaign(transaction).Id(beat.cut).Text(beat.worker).Text(beat.stage).Double(beat.fraction));
}

absl::StatusOr<bool> FinishCut(Transaction& transaction, const FinishedCut& cut) {
  return Touched(transaction, queries::kFinishCut,
                 Campaign(transaction)
                     .Id(cut.cut)
                     .Int64(cut.door_count)
                     .Int64(cut.turf_count)
                     .Text(cut.report_json)
                     .Text(cut.worker));
}

absl::StatusOr<bool> EndCut(Transaction& transaction, base::CutId cut, std::string_view state,
                            std::string_view failure) {
  return Touched(transaction, queries::kEndCut, Campaign(transaction).Id(cut).Text(state).Text(failure));
}

absl::StatusOr<int64_t> FailDeadCuts(Transaction& transaction, absl::Duration silence, std::string_view failure) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result, transaction.Run(queries::kFailDeadCuts,
                                           Campaign(transaction).Double(absl::ToDoubleSeconds(silence)).Text(failure)));
  return result.affected_row_count();
}

absl::Status LockPass(Transaction& transaction, base::PassId pass) {
  return transaction.Run(queries::kLockPass, Campaign(transaction).Id(pass)).status();
}

absl::StatusOr<std::optional<base::CutId>> FindPublishedCut(Transaction& transaction, base::PassId pass) {
  return OptionalCut(transaction.Run(queries::kFindPublishedCut, Campaign(transaction).Id(pass)));
}

absl::StatusOr<bool> SetCutState(Transaction& transaction, base::CutId cut, const CutStateChange& change) {
  return Touched(transaction, queries::kSetCutState, Campaign(transaction).Id(cut).Text(change.from).Text(change.to));
}

absl::Status SetCutReport(Transaction& transaction, base::CutId cut, std::string_view report_json) {
  return transaction.Run(queries::kSetCutReport, Campaign(transaction).Id(cut).Text(report_json)).status();
}

absl::Status SetTurfsLive(Transaction& transaction, base::CutId cut, bool live) {
  return transaction.Run(queries::kSetTurfsLive, Campaign(transaction).Id(cut).Bool(live)).status();
}

absl::Status WritePublication(Transaction& transaction, base::CutId cut, base::MemberId member,
                              const PublicationRow& publication) {
  return WriteAudit(transaction,
                    {.member = member,
                     .action = "cut.publish",
                     .subject_kind = "cut",
                     .subject_id = cut.value,
                     .detail_json = absl::StrCat("{\"superseded_cut_id\":", publication.superseded.value,
                                                 ",\"revoked_walk_lists\":", publication.revoked_walk_lists,
                                                 ",\"renewed_walk_lists\":", publication.renewed_walk_lists,
                                                 ",\"kept_walk_lists\":", publication.kept_walk_lists, "}")});
}

absl::StatusOr<PublicationRow> FindPublication(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindPublication, Campaign(transaction).Id(cut)));
  if (result.empty()) return base::NoSuch("cut_id", "this cut was never published");
  return PublicationRow{.superseded = base::CutId(result[0].Int64(0)),
                        .revoked_walk_lists = result[0].Int32(1),
                        .renewed_walk_lists = result[0].Int32(2),
                        .kept_walk_lists = result[0].Int32(3)};
}

absl::StatusOr<std::vector<TurfDoors>> ReadTurfDoors(Transaction& transaction, base::CutId cut) {
  std::vector<TurfDoors> turfs;
  const auto add = [&](const Row& row) {
    const auto turf = row.Id<base::TurfId>(0);
    if (turfs.empty() || turf != turfs.back().turf) {
      turfs.push_back({.turf = turf, .number = row.Int32(1), .doors = {}});
    }
    turfs.back().doors.push_back(row.Id<base::DoorId>(2));
    return absl::OkStatus();
  };
  SNOWFIELD_RETURN_IF_ERROR(transaction.Stream(queries::kReadTurfDoors, Campaign(transaction).Id(cut), add));
  return turfs;
}

}  // namespace snowfield::db
