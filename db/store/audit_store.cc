#include "db/store/audit_store.h"

#include <optional>

#include "db/queries/audit_queries.h"

namespace snowfield::db {

absl::Status WriteAudit(Transaction& transaction, const AuditEntry& entry) {
  return transaction
      .Run(queries::kWriteAudit,
           Params()
               .Id(transaction.campaign())
               .Id(entry.member)
               .Text(entry.action)
               .Text(entry.subject_kind)
               .Int64(entry.subject_id == 0 ? std::nullopt : std::optional<int64_t>(entry.subject_id))
               .Jsonb(entry.detail_json))
      .status();
}

}  // namespace snowfield::db
