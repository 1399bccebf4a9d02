// The doors inside boundaries, for a page of them.
//
// Points are tested here, against an index of the page's areas, rather than in the database: there `&&` may not use its
// index under row-level security. 73,000 points and 100 areas take about a tenth of a second.
// Thread safety: as the transaction's.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "db/pg/transaction.h"
#include "services/rpc/paging.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

// A page of the boundaries of `kind` (empty: all), with their doors.
absl::Status ListBoundaries(db::Transaction& transaction, const std::string& kind, const rpc::Page& page,
                            v1::ListBoundariesResponse& response);

}  // namespace snowfield::territory
