// Printing packets, and what was printed. Thread safety: from any thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "db/pg/transaction.h"
#include "services/access/caller.h"
#include "snowfield/paper/v1/paper.pb.h"

namespace snowfield::paper {

struct PrintedPacket {
  v1::Packet packet;
  std::string pdf;
};
// Reads the list and keeps the packet in one transaction, and draws it after; written to the audit log.
// INVALID_ARGUMENT: UUID_INVALID (request_id), LIST_NUMBER_MISTYPED; NOT_FOUND; PERMISSION_DENIED NOT_YOUR_BRANCH;
// FAILED_PRECONDITION: LIST_REVOKED, PACKET_OUTDATED, PACKET_TOO_LONG (more than kPagesMax pages).
absl::StatusOr<PrintedPacket> Print(db::Pool& pool, const access::Call& call, const v1::PrintPacketRequest& request,
                                    absl::Time now);

// Errors of the page.
absl::StatusOr<v1::ListPacketsResponse> List(db::Transaction& transaction, const access::Caller& caller,
                                             const v1::ListPacketsRequest& request);

}  // namespace snowfield::paper
