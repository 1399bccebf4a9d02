// The audit log: who did what to whose data.
// Written in the transaction that did it; append-only (the database refuses changes).
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <string_view>

#include "absl/status/status.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct AuditEntry {
  base::MemberId member = {};           // who; none for the operator
  std::string_view action;              // lower case with dots: "turf.assign"
  std::string_view subject_kind = {};   // "turf"; empty where there is no one thing
  int64_t subject_id = 0;               // 0: none
  std::string_view detail_json = "{}";  // counts and ids, never names or addresses
};

absl::Status WriteAudit(Transaction& transaction, const AuditEntry& entry);

}  // namespace snowfield::db
