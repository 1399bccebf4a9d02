// The audit log as a chain: how an entry is sealed, and how the whole is verified.
//
// The seal with number n is SHA-256 over: a version byte, the hash of seal n - 1 (32 zero bytes before the first), n,
// the campaign, and the entry's id, time in microseconds, member, action, subject kind, subject id and detail, numbers
// as 8 bytes big-endian, texts with their length before them. Whoever changes, drops, inserts or swaps entries has to
// make every later seal anew; that shows too where a seal was noted elsewhere (VerifyOptions::noted). Thread safety:
// SealOf is pure; the others as the pool's.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/audit_store.h"

namespace snowfield::access {

inline constexpr int kSealBatchMax = 500;
inline constexpr int kVerifyPage = 1000;

// The seal that follows `previous` (number 0: none yet).
db::AuditSeal SealOf(const db::AuditSeal& previous, base::CampaignId campaign, const db::AuditRow& entry);

// Seals what is pending in the scope's campaign, batch by batch. How many entries.
absl::StatusOr<int64_t> SealPending(db::Pool& pool, const db::Scope& scope);

enum class Breach {
  kNone,
  kEntryChanged,   // the entry, or the order, is not the one that was sealed
  kEntryMissing,   // a sealed entry is gone
  kSealMissing,    // a number is gone
  kEntryUnsealed,  // an entry came in past the application
  kEndMissing,     // the last seals are gone
  kNotedDiffers,   // the chain is whole, but it is not the one that was noted
};

struct Verdict {
  int64_t verified = 0;  // entries whose seal is right
  Breach breach = Breach::kNone;
  // Of the first that is not right: its seal's number (0 where it has none) and its id (0 where it is gone).
  int64_t broken_number = 0;
  int64_t broken_audit_id = 0;
  db::AuditSeal last;  // the last good seal: to be noted elsewhere
};

struct VerifyOptions {
  db::AuditSeal noted = {};  // a seal that was noted earlier; number 0: none
  // Told after each page how many are verified; false ends it with CANCELLED.
  std::function<bool(int64_t verified)> progress = nullptr;
};
// Reads the whole chain in one snapshot. Entries that are pending are sealed first.
absl::StatusOr<Verdict> VerifyChain(db::Pool& pool, const db::Scope& scope, const VerifyOptions& options);

}  // namespace snowfield::access
