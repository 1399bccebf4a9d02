// The audit log: who did what to whose data.
//
// An entry is written in the transaction that did it; append-only (the database refuses changes). Later it gets a seal,
// which chains it to the one before: services/access/audit_chain.h says how.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct AuditEntry {
  base::MemberId member = {};           // who; none for the operator
  std::string_view action = {};         // lower case with dots: "turf.assign"
  std::string_view subject_kind = {};   // "turf"; empty where there is no one thing
  int64_t subject_id = 0;               // 0: none
  std::string_view detail_json = "{}";  // counts and ids, never names or addresses
};

// Goes with the next statement or the commit.
absl::Status WriteAudit(Transaction& transaction, const AuditEntry& entry);

// An entry as it is stored.
struct AuditRow {
  int64_t audit_id = 0;
  absl::Time time;
  base::MemberId member;
  std::string action;
  std::string subject_kind;
  int64_t subject_id = 0;
  std::string detail_json;
};

struct AuditSeal {
  int64_t number = 0;  // 0: none yet
  std::string hash;    // 32 bytes
};

absl::StatusOr<bool> HasPendingAudit(Transaction& transaction);
// The last seal; its row is held until the transaction ends, so that one seals at a time. Makes it where there is none.
absl::StatusOr<AuditSeal> LockAuditHead(Transaction& transaction);
// Takes the marks off the next entries to be sealed, at most `count_max`, in order of id.
absl::StatusOr<std::vector<AuditRow>> TakePendingAudit(Transaction& transaction, int count_max);
struct NewSeal {
  int64_t audit_id = 0;
  AuditSeal seal;
};
// The last one becomes the head. At least one.
absl::Status InsertAuditSeals(Transaction& transaction, const std::vector<NewSeal>& seals);

// The head as it is; number 0 where nothing has been sealed.
absl::StatusOr<AuditSeal> FindAuditHead(Transaction& transaction);
struct SealedRow {
  AuditSeal seal;
  int64_t audit_id = 0;
  std::optional<AuditRow> entry;  // none where it is gone
};
absl::StatusOr<std::vector<SealedRow>> ListAuditSeals(Transaction& transaction, int64_t after_number, int count_max);
// The id of the first entry without a seal or a mark; 0 where there is none.
absl::StatusOr<int64_t> FindUnsealedAudit(Transaction& transaction);

struct AuditFilter {
  base::MemberId member;     // none: everyone
  std::string action;        // "token.create", or "token" for the family; empty: all
  std::string subject_kind;  // empty: all
  int64_t subject_id = 0;    // 0: all
  int64_t below = 0;         // ids below this; 0: from the newest
  int limit = 0;
};
struct ListedAudit {
  AuditRow entry;
  int64_t seal_number = 0;  // 0: not yet
};
// The newest first.
absl::StatusOr<std::vector<ListedAudit>> ListAudit(Transaction& transaction, const AuditFilter& filter);

}  // namespace snowfield::db
