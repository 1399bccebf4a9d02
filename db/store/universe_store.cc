#include "db/store/universe_store.h"

#include "base/status.h"
#include "db/queries/universe_queries.h"

namespace snowfield::db {
namespace {
Universe ReadUniverse(const Row& row) {
  return {.id = row.Id<base::UniverseId>(0),
          .name = std::string(row.Text(1)),
          .filter = {.boundaries = row.Ids<base::BoundaryId>(2),
                     .with_people_only = row.Bool(3),
                     .parties = row.Texts(4),
                     .condition = std::string(row.Text(5))}};
}
}  // namespace

absl::StatusOr<std::optional<Universe>> FindUniverse(Transaction& transaction, base::UniverseId id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindUniverse, Params().Id(transaction.campaign()).Id(id)));
  if (result.empty()) return std::nullopt;
  return ReadUniverse(result[0]);
}

absl::StatusOr<MadeUniverse> InsertUniverse(Transaction& transaction, const Universe& universe,
                                            const base::Uuid& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result inserted,
                             transaction.Run(queries::kInsertUniverse, Params()
                                                                           .Id(transaction.campaign())
                                                                           .Text(universe.name)
                                                                           .Ids(universe.filter.boundaries)
                                                                           .Bool(universe.filter.with_people_only)
                                                                           .Texts(universe.filter.parties)
                                                                           .Text(universe.filter.condition)
                                                                           .Uuid(request)));
  if (!inserted.empty()) {
    MadeUniverse made{.universe = universe, .made = true};
    made.universe.id = inserted[0].Id<base::UniverseId>(0);
    return made;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Result found, transaction.Run(queries::kFindUniverseOfRequest,
                                                                 Params().Id(transaction.campaign()).Uuid(request)));
  if (found.empty()) return absl::InternalError("a universe that was there is gone");
  return MadeUniverse{.universe = ReadUniverse(found[0]), .made = false};
}

absl::StatusOr<std::vector<Universe>> ListUniverses(Transaction& transaction, int64_t after, int limit) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListUniverses, Params().Id(transaction.campaign()).Int64(after).Int64(limit)));
  std::vector<Universe> universes;
  for (const Row row : result) universes.push_back(ReadUniverse(row));
  return universes;
}

absl::StatusOr<base::BoundaryId> FindMissingBoundary(Transaction& transaction,
                                                     const std::vector<base::BoundaryId>& ids) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindMissingBoundary,
                                                                  Params().Id(transaction.campaign()).Ids(ids)));
  return result.empty() ? base::BoundaryId() : result[0].Id<base::BoundaryId>(0);
}

}  // namespace snowfield::db
