// Turfs: the doors of one walk, in walking order, with polygon and metrics; and the regions that group them.
// Geometries are EWKB with SRID 4326. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// Rows that one statement stores; more are split.
inline constexpr size_t kTurfsPerStatement = 500;
inline constexpr size_t kTurfDoorsPerStatement = 50'000;

// Regions 1 to `count` of the cut; element i is the id of region i + 1.
absl::StatusOr<std::vector<base::RegionId>> InsertRegions(Transaction& transaction, base::CutId cut, int count);

struct NewTurf {
  int number = 0;         // from 1, no other turf's of the cut
  base::RegionId region;  // may be none
  double walk_length_m = 0;
  std::string area_ewkb;  // Polygon or MultiPolygon
  std::string walk_ewkb;  // LineString
  std::string metrics_json;
  std::vector<base::DoorId> doors;  // in walking order; at least one
};
struct TurfHome {
  base::CutId cut;
  base::PassId pass;
};
// Turfs, none of them live, with their doors.
absl::Status InsertTurfs(Transaction& transaction, const TurfHome& home, const std::vector<NewTurf>& turfs);

struct TurfRow {
  base::TurfId id;
  base::CutId cut;
  int number = 0;
  int region_number = 0;  // 0: none
  std::string metrics_json;
  base::MemberId leader;    // none while it is unassigned
  std::string list_number;  // empty while it is unassigned
  std::string area_ewkb;    // empty in ListTurfs
  std::string walk_ewkb;    // empty in ListTurfs
};
// Which turfs of which cut: at most `limit` with a number above `after`, in order of number.
struct TurfPage {
  base::CutId cut;
  int64_t after = 0;
  int limit = 0;
};
absl::StatusOr<std::vector<TurfRow>> ListTurfs(Transaction& transaction, const TurfPage& page);
absl::StatusOr<std::vector<TurfRow>> ListTurfShapes(Transaction& transaction, const TurfPage& page);

struct TurfDoorRow {
  base::TurfId turf;
  int sequence = 0;
  base::DoorId door;
  std::string external_id;
  double longitude_deg = 0;
  double latitude_deg = 0;
  std::string house_number;
  std::string street;
  std::string unit;
};
// The doors of these turfs, by turf id, then in walking order.
absl::StatusOr<std::vector<TurfDoorRow>> ListTurfDoors(Transaction& transaction,
                                                       const std::vector<base::TurfId>& turfs);

struct LockedTurf {
  base::TurfId id;
  base::CutId cut;
  int number = 0;
  bool live = false;
};
// The turfs of these ids that exist, by id, held against publishing and other assignments until the transaction ends.
absl::StatusOr<std::vector<LockedTurf>> LockTurfs(Transaction& transaction, const std::vector<base::TurfId>& turfs);

struct UnassignedTurf {
  base::TurfId id;
  int number = 0;
  std::string area_ewkb;
  double longitude_deg = 0;  // of its middle
  double latitude_deg = 0;
};
// The live turfs of the cut that no leader has, held as by LockTurfs, by id.
absl::StatusOr<std::vector<UnassignedTurf>> LockUnassignedTurfs(Transaction& transaction, base::CutId cut);

}  // namespace snowfield::db
