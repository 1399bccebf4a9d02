#include "db/store/territory_store.h"

#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/filter/filter.h"
#include "db/filter/visit_fields.h"
#include "db/queries/territory_queries.h"

namespace snowfield::db {
namespace {
Params Campaign(const Transaction& transaction) {
  Params params;
  params.Id(transaction.campaign());
  return params;
}

DoorRow ReadDoor(const Row& row) {
  return {.door = row.Id<base::DoorId>(0),
          .address_point = row.Id<base::AddressPointId>(1),
          .longitude_deg = row.Double(2),
          .latitude_deg = row.Double(3),
          .house_number = std::string(row.Text(4)),
          .street = std::string(row.Text(5)),
          .street_key = std::string(row.Text(6)),
          .unit = std::string(row.Text(7)),
          .floor = row.OptionalInt32(8),
          .external_id = std::string(row.Text(9))};
}

BoundaryRow ReadBoundary(const Row& row) {
  return {.boundary = row.Id<base::BoundaryId>(0),
          .kind = row.Text(1),
          .name = row.Text(2),
          .code = row.Text(3),
          .area_ewkb = row.Bytea(4)};
}

// The doors of which the filter's condition holds; nothing where it has none.
absl::StatusOr<std::optional<std::vector<int64_t>>> DoorsOfCondition(Transaction& transaction,
                                                                     const UniverseFilter& filter) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Filter condition, Filter::Parse(filter.condition, VisitFields(), "universe.filter"));
  if (condition.AlwaysHolds()) return std::nullopt;
  Params params = Campaign(transaction);
  const std::string sql =
      absl::StrReplaceAll(queries::kDoorsOfFilter.sql, {{"(true)", condition.ToSql(absl::Now(), &params)}});
  std::vector<int64_t> doors;
  SNOWFIELD_RETURN_IF_ERROR(transaction.Stream({.name = "", .sql = sql.c_str()}, params, [&](const Row& row) {
    doors.push_back(row.Int64(0));
    return absl::OkStatus();
  }));
  return doors;
}

// Gives the rows of the doors of a filter.
absl::Status StreamDoors(Transaction& transaction, const UniverseFilter& filter,
                         absl::FunctionRef<absl::Status(const Row&)> on_row) {
  SNOWFIELD_ASSIGN_OR_RETURN(const auto doors, DoorsOfCondition(transaction, filter));
  Params params = Campaign(transaction);
  params.Bool(filter.with_people_only || !filter.parties.empty()).Texts(filter.parties);
  params.Bool(doors.has_value()).Int64s(doors.value_or(std::vector<int64_t>()));
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kSetNestedLoops, Params().Text("off")).status());
  const absl::Status status =
      filter.boundaries.empty() ? transaction.Stream(queries::kReadDoors, params, on_row)
                                : transaction.Stream(queries::kReadDoorsInside, params.Ids(filter.boundaries), on_row);
  SNOWFIELD_RETURN_IF_ERROR(status);
  return transaction.Run(queries::kSetNestedLoops, Params().Text("on")).status();
}
}  // namespace

absl::Status ReadDoors(Transaction& transaction, const UniverseFilter& filter,
                       absl::FunctionRef<absl::Status(const DoorRow&)> on_door) {
  return StreamDoors(transaction, filter, [&](const Row& row) { return on_door(ReadDoor(row)); });
}

absl::StatusOr<int64_t> CountDoors(Transaction& transaction, const UniverseFilter& filter) {
  int64_t count = 0;
  SNOWFIELD_RETURN_IF_ERROR(StreamDoors(transaction, filter, [&](const Row&) {
    ++count;
    return absl::OkStatus();
  }));
  return count;
}

absl::Status ReadStreets(Transaction& transaction, absl::FunctionRef<absl::Status(const StreetRow&)> on_street) {
  return transaction.Stream(queries::kReadStreets, Campaign(transaction), [&](const Row& row) {
    return on_street({.street = row.Id<base::StreetId>(0),
                      .name = row.Text(1),
                      .name_key = row.Text(2),
                      .street_class = row.Text(3),
                      .walkable = row.Bool(4),
                      .bridge_or_tunnel = row.Bool(5),
                      .line_ewkb = row.Bytea(6)});
  });
}

absl::Status ReadBarriers(Transaction& transaction, absl::FunctionRef<absl::Status(const BarrierRow&)> on_barrier) {
  return transaction.Stream(queries::kReadBarriers, Campaign(transaction), [&](const Row& row) {
    return on_barrier({.barrier = row.Id<base::BarrierId>(0), .kind = row.Text(1), .shape_ewkb = row.Bytea(2)});
  });
}

absl::Status ReadBoundaries(Transaction& transaction, const BoundaryChoice& choice,
                            absl::FunctionRef<absl::Status(const BoundaryRow&)> on_boundary) {
  return transaction.Stream(queries::kReadBoundaries, Campaign(transaction).Text(choice.kind).Ids(choice.ids),
                            [&](const Row& row) { return on_boundary(ReadBoundary(row)); });
}

absl::Status ReadBoundaryPage(Transaction& transaction, const std::string& kind, int64_t after, int limit,
                              absl::FunctionRef<absl::Status(const BoundaryRow&)> on_boundary) {
  return transaction.Stream(queries::kListBoundaries, Campaign(transaction).Text(kind).Int64(after).Int64(limit),
                            [&](const Row& row) { return on_boundary(ReadBoundary(row)); });
}

absl::Status ReadPlaces(Transaction& transaction, absl::FunctionRef<absl::Status(const PlaceRow&)> on_place) {
  return transaction.Stream(queries::kReadPlaces, Campaign(transaction), [&](const Row& row) {
    return on_place({.longitude_deg = row.Double(0), .latitude_deg = row.Double(1), .doors = row.Int64(2)});
  });
}

absl::StatusOr<TerritoryCounts> CountTerritory(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kCountTerritory, Campaign(transaction)));
  const Row row = result[0];
  TerritoryCounts counts{.address_points = row.Int64(6),
                         .doors = row.Int64(0),
                         .streets = row.Int64(1),
                         .barriers = row.Int64(2),
                         .boundaries = row.Int64(3),
                         .people = row.Int64(4),
                         .people_matched = row.Int64(5),
                         .box = std::nullopt};
  if (!row.IsNull(7)) counts.box = {row.Double(7), row.Double(8), row.Double(9), row.Double(10)};
  return counts;
}

absl::StatusOr<int64_t> CountAllDoors(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kCountDoors, Campaign(transaction)));
  return result[0].Int64(0);
}

absl::StatusOr<std::vector<UnmatchedPerson>> ListUnmatchedPeople(Transaction& transaction, int64_t after, int limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kListUnmatchedPeople,
                                                                  Campaign(transaction).Int64(after).Int64(limit)));
  std::vector<UnmatchedPerson> people;
  for (const Row row : result) {
    people.push_back({.person = row.Id<base::PersonId>(0),
                      .external_id = std::string(row.Text(1)),
                      .reason = std::string(row.Text(2))});
  }
  return people;
}

}  // namespace snowfield::db
