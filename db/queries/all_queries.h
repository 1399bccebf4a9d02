// Every named statement of db/queries, so that a test can hold each against the schema.
// Thread safety: may be called from any thread.
#pragma once

#include <span>

#include "db/pg/query.h"

namespace snowfield::db::queries {

std::span<const Query* const> AllQueries();

}  // namespace snowfield::db::queries
