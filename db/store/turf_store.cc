#include "db/store/turf_store.h"

#include <algorithm>

#include "absl/container/flat_hash_map.h"
#include "base/status.h"
#include "db/queries/turf_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

using IdOfNumber = absl::flat_hash_map<int, base::TurfId>;

// Stores turfs [first, last) and notes their ids.
absl::Status InsertTurfBatch(Transaction& transaction, const TurfHome& home, const std::vector<NewTurf>& turfs,
                             size_t first, size_t last, IdOfNumber& ids) {
  std::vector<base::RegionId> regions;
  std::vector<int32_t> numbers, door_counts;
  std::vector<double> lengths;
  std::vector<std::string_view> areas, walks, metrics;
  for (size_t i = first; i < last; ++i) {
    regions.push_back(turfs[i].region);
    numbers.push_back(turfs[i].number);
    door_counts.push_back(static_cast<int32_t>(turfs[i].doors.size()));
    lengths.push_back(turfs[i].walk_length_m);
    areas.push_back(turfs[i].area_ewkb);
    walks.push_back(turfs[i].walk_ewkb);
    metrics.push_back(turfs[i].metrics_json);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kInsertTurfs, Campaign(transaction)
                                                                                             .Id(home.cut)
                                                                                             .Id(home.pass)
                                                                                             .Ids(regions)
                                                                                             .Int32s(numbers)
                                                                                             .Int32s(door_counts)
                                                                                             .Doubles(lengths)
                                                                                             .Byteas(areas)
                                                                                             .Byteas(walks)
                                                                                             .Texts(metrics)));
  for (const Row& row : result) ids[row.Int32(0)] = row.Id<base::TurfId>(1);
  return absl::OkStatus();
}

// The columns of turf_door, gathered until there are enough for a statement.
struct DoorBatch {
  std::vector<base::TurfId> turfs;
  std::vector<base::DoorId> doors;
  std::vector<int32_t> sequences;

  absl::Status Store(Transaction& transaction, const TurfHome& home) {
    if (doors.empty()) return absl::OkStatus();
    const Params params = Campaign(transaction).Id(home.cut).Id(home.pass).Ids(turfs).Ids(doors).Int32s(sequences);
    turfs.clear();
    doors.clear();
    sequences.clear();
    return transaction.Run(queries::kInsertTurfDoors, params).status();
  }
};

absl::Status InsertDoors(Transaction& transaction, const TurfHome& home, const std::vector<NewTurf>& turfs,
                         const IdOfNumber& ids) {
  DoorBatch batch;
  for (const NewTurf& turf : turfs) {
    int32_t sequence = 0;
    for (const base::DoorId door : turf.doors) {
      batch.turfs.push_back(ids.at(turf.number));
      batch.doors.push_back(door);
      batch.sequences.push_back(++sequence);
    }
    if (batch.doors.size() >= kTurfDoorsPerStatement) SNOWFIELD_RETURN_IF_ERROR(batch.Store(transaction, home));
  }
  return batch.Store(transaction, home);
}

TurfRow ReadTurf(const Row& row) {
  return {.id = row.Id<base::TurfId>(0),
          .cut = row.Id<base::CutId>(1),
          .number = row.Int32(2),
          .region_number = row.Int32(3),
          .metrics_json = std::string(row.Text(4)),
          .leader = row.Id<base::MemberId>(5),
          .list_number = std::string(row.Text(6)),
          .area_ewkb = {},
          .walk_ewkb = {}};
}

Params PageParams(const Transaction& transaction, const TurfPage& page) {
  return Campaign(transaction).Id(page.cut).Int64(page.after).Int64(page.limit);
}

}  // namespace

absl::StatusOr<std::vector<base::RegionId>> InsertRegions(Transaction& transaction, base::CutId cut, int count) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kInsertRegions, Campaign(transaction).Id(cut).Int32(count)));
  std::vector<base::RegionId> regions(count);
  for (const Row& row : result) regions[row.Int32(0) - 1] = row.Id<base::RegionId>(1);
  return regions;
}

absl::Status InsertTurfs(Transaction& transaction, const TurfHome& home, const std::vector<NewTurf>& turfs) {
  IdOfNumber ids;
  for (size_t first = 0; first < turfs.size(); first += kTurfsPerStatement) {
    const size_t last = std::min(first + kTurfsPerStatement, turfs.size());
    SNOWFIELD_RETURN_IF_ERROR(InsertTurfBatch(transaction, home, turfs, first, last, ids));
  }
  return InsertDoors(transaction, home, turfs, ids);
}

absl::StatusOr<std::vector<TurfRow>> ListTurfs(Transaction& transaction, const TurfPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListTurfs, PageParams(transaction, page)));
  std::vector<TurfRow> turfs;
  for (const Row& row : result) turfs.push_back(ReadTurf(row));
  return turfs;
}

absl::StatusOr<std::vector<TurfRow>> ListTurfShapes(Transaction& transaction, const TurfPage& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListTurfShapes, PageParams(transaction, page)));
  std::vector<TurfRow> turfs;
  for (const Row& row : result) {
    turfs.push_back(ReadTurf(row));
    turfs.back().area_ewkb = std::string(row.Bytea(7));
    turfs.back().walk_ewkb = std::string(row.Bytea(8));
  }
  return turfs;
}

absl::StatusOr<std::vector<TurfDoorRow>> ListTurfDoors(Transaction& transaction,
                                                       const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListTurfDoors, Campaign(transaction).Ids(turfs)));
  std::vector<TurfDoorRow> doors;
  doors.reserve(result.row_count());
  for (const Row& row : result) {
    doors.push_back({.turf = row.Id<base::TurfId>(0),
                     .sequence = row.Int32(1),
                     .door = row.Id<base::DoorId>(2),
                     .external_id = std::string(row.Text(3)),
                     .longitude_deg = row.Double(4),
                     .latitude_deg = row.Double(5),
                     .house_number = std::string(row.Text(6)),
                     .street = std::string(row.Text(7)),
                     .unit = std::string(row.Text(8))});
  }
  return doors;
}

absl::StatusOr<std::vector<LockedTurf>> LockTurfs(Transaction& transaction, const std::vector<base::TurfId>& turfs) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockTurfs, Campaign(transaction).Ids(turfs)));
  std::vector<LockedTurf> locked;
  for (const Row& row : result) {
    locked.push_back(
        {.id = row.Id<base::TurfId>(0), .cut = row.Id<base::CutId>(1), .number = row.Int32(2), .live = row.Bool(3)});
  }
  return locked;
}

absl::StatusOr<std::vector<UnassignedTurf>> LockUnassignedTurfs(Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kLockUnassignedTurfs, Campaign(transaction).Id(cut)));
  std::vector<UnassignedTurf> turfs;
  for (const Row& row : result) {
    turfs.push_back({.id = row.Id<base::TurfId>(0),
                     .number = row.Int32(1),
                     .area_ewkb = std::string(row.Bytea(2)),
                     .longitude_deg = row.Double(3),
                     .latitude_deg = row.Double(4)});
  }
  return turfs;
}

}  // namespace snowfield::db
