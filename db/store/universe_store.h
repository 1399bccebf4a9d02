// Universes: saved filters that say which doors to visit.
// Thread safety: as the transaction's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

// Which doors to visit. Everything that is given must hold.
struct UniverseFilter {
  std::vector<base::BoundaryId> boundaries = {};  // inside any of these (their edges included); none means everywhere
  bool with_people_only = false;                  // a person is known behind the door
  std::vector<std::string> parties = {};          // a person of one of these parties; none means any
  std::string condition = {};                     // over VisitFields (db/filter): of the door and one person, or nobody
};

struct Universe {
  base::UniverseId id;
  std::string name;
  UniverseFilter filter;
};

// Nothing where the campaign has no such universe.
absl::StatusOr<std::optional<Universe>> FindUniverse(Transaction& transaction, base::UniverseId id);

// Stores `universe` (its id is ignored) and gives it with its id. When `request` made one before, that one comes back
// as it was stored, and nothing is written.
struct MadeUniverse {
  Universe universe;
  bool made = false;
};
absl::StatusOr<MadeUniverse> InsertUniverse(Transaction& transaction, const Universe& universe,
                                            const base::Uuid& request);

// At most `limit` with an id above `after`, in the order of their ids.
absl::StatusOr<std::vector<Universe>> ListUniverses(Transaction& transaction, int64_t after, int limit);

// The first of `ids` that is no boundary of the campaign; the zero id when all are.
absl::StatusOr<base::BoundaryId> FindMissingBoundary(Transaction& transaction,
                                                     const std::vector<base::BoundaryId>& ids);

}  // namespace snowfield::db
