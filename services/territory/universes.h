// Universes: saved filters that say which doors to visit.
// Thread safety: any thread.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/uuid.h"
#include "db/pg/pool.h"
#include "db/store/universe_store.h"
#include "services/access/caller.h"
#include "services/rpc/paging.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

inline constexpr int kUniverseBoundariesMax = 10'000;
inline constexpr int kUniversePartiesMax = 100;

// INVALID_ARGUMENT: NAME_MISSING, TOO_MANY_BOUNDARIES, BOUNDARY_UNKNOWN, TOO_MANY_PARTIES, PARTY_EMPTY and those of
// texts. The request that made a universe before gets that one again, whatever it says now.
absl::StatusOr<v1::Universe> CreateUniverse(db::Pool& pool, const access::Call& call,
                                            const v1::CreateUniverseRequest& request);

// A page of them, with how many doors each holds now.
absl::Status ListUniverses(db::Transaction& transaction, const rpc::Page& page, v1::ListUniversesResponse& response);

}  // namespace snowfield::territory
