// Doors that a cut left out because enough was asked of the household lately (services/followup/contacts.h).
// Thread safety: from any thread.
#pragma once

#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

// NOT_FOUND (cut_id); errors of the page.
absl::StatusOr<v1::ListHeldDoorsResponse> ListHeldDoors(db::Transaction& transaction,
                                                        const v1::ListHeldDoorsRequest& request);

}  // namespace snowfield::turf
