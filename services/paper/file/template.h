// What a vendor's template of a packet says. Thread safety: as the transaction's.
#pragma once

#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/paper/v1/files.pb.h"

namespace snowfield::paper {

// The method of PaperService of this name; proto/snowfield/paper/v1/paper.proto says its errors.
absl::StatusOr<v1::ListPacketRowsResponse> ListPacketRows(db::Transaction& transaction, const access::Caller& caller,
                                                          const v1::ListPacketRowsRequest& request);

}  // namespace snowfield::paper
