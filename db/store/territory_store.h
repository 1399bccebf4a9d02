// The ground as turf cutting reads it: doors of a universe, streets, barriers, boundaries.
//
// The reads stream: each row is given to the callback as it arrives, so that memory does not grow with their number. A
// status other than OK from a callback ends the read and is returned. Views inside a row live until the callback
// returns. Geometries are EWKB with SRID 4326, degrees, longitude first. Thread safety: as the transaction's. A
// callback must not use the transaction.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/universe_store.h"

namespace snowfield::db {

struct DoorRow {
  base::DoorId door;
  base::AddressPointId address_point;
  double longitude_deg = 0;
  double latitude_deg = 0;
  std::string house_number;
  std::string street;
  std::string street_key;  // geo::NormalizeStreetName(street)
  std::string unit;
  std::optional<int> floor;  // ground = 0
  std::string external_id;
};

// The doors of the filter in the order of their ids. Doors marked do-not-contact are left out.
absl::Status ReadDoors(Transaction& transaction, const UniverseFilter& filter,
                       absl::FunctionRef<absl::Status(const DoorRow&)> on_door);
// How many doors ReadDoors would give.
absl::StatusOr<int64_t> CountDoors(Transaction& transaction, const UniverseFilter& filter);

struct StreetRow {
  base::StreetId street;
  std::string_view name;
  std::string_view name_key;      // geo::NormalizeStreetName(name)
  std::string_view street_class;  // geo::StreetClassName
  bool walkable = false;
  bool bridge_or_tunnel = false;
  std::string_view line_ewkb;  // LineString
};
// All streets in the order of their ids.
absl::Status ReadStreets(Transaction& transaction, absl::FunctionRef<absl::Status(const StreetRow&)> on_street);

struct BarrierRow {
  base::BarrierId barrier;
  std::string_view kind;        // water, rail, motorway, other
  std::string_view shape_ewkb;  // LineString or MultiPolygon
};
// All barriers in the order of their ids.
absl::Status ReadBarriers(Transaction& transaction, absl::FunctionRef<absl::Status(const BarrierRow&)> on_barrier);

struct BoundaryRow {
  base::BoundaryId boundary;
  std::string_view kind;
  std::string_view name;
  std::string_view code;
  std::string_view area_ewkb;  // MultiPolygon
};
// Which boundaries: every given condition must hold; none given means all.
struct BoundaryChoice {
  std::string kind;
  std::vector<base::BoundaryId> ids;
};
// In the order of their ids. An id that does not exist is passed over.
absl::Status ReadBoundaries(Transaction& transaction, const BoundaryChoice& choice,
                            absl::FunctionRef<absl::Status(const BoundaryRow&)> on_boundary);

// At most `limit` boundaries with an id above `after`, of `kind` (empty: all), in the order of their ids.
absl::Status ReadBoundaryPage(Transaction& transaction, const std::string& kind, int64_t after, int limit,
                              absl::FunctionRef<absl::Status(const BoundaryRow&)> on_boundary);

struct PlaceRow {
  double longitude_deg = 0;
  double latitude_deg = 0;
  int64_t doors = 0;  // do-not-contact included
};
// Every address point that has a door, in no order.
absl::Status ReadPlaces(Transaction& transaction, absl::FunctionRef<absl::Status(const PlaceRow&)> on_place);

struct TerritoryCounts {
  int64_t address_points = 0;
  int64_t doors = 0;
  int64_t streets = 0;
  int64_t barriers = 0;
  int64_t boundaries = 0;
  int64_t people = 0;
  int64_t people_matched = 0;
  // The box of all address points, degrees; unset where there are none.
  struct Box {
    double west_deg, south_deg, east_deg, north_deg;
  };
  std::optional<Box> box;
};
absl::StatusOr<TerritoryCounts> CountTerritory(Transaction& transaction);
// All doors of the campaign, do-not-contact included.
absl::StatusOr<int64_t> CountAllDoors(Transaction& transaction);

struct UnmatchedPerson {
  base::PersonId person;
  std::string external_id;
  std::string reason;  // as in the proto
};
// At most `limit` people without a door with an id above `after`, in the order of their ids.
absl::StatusOr<std::vector<UnmatchedPerson>> ListUnmatchedPeople(Transaction& transaction, int64_t after, int limit);

}  // namespace snowfield::db
