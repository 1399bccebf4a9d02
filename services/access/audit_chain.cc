#include "services/access/audit_chain.h"

#include <sodium.h>

#include <optional>
#include <utility>
#include <vector>

#include "base/status.h"
#include "db/pg/run_in_transaction.h"

namespace snowfield::access {
namespace {
constexpr char kVersion = 1;
static_assert(crypto_hash_sha256_BYTES == 32);

void PutNumber(std::string& bytes, int64_t number) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    bytes.push_back(static_cast<char>((static_cast<uint64_t>(number) >> shift) & 0xFF));
  }
}

void PutText(std::string& bytes, std::string_view text) {
  PutNumber(bytes, static_cast<int64_t>(text.size()));
  bytes.append(text);
}

absl::StatusOr<int64_t> SealBatch(db::Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::AuditSeal last, db::LockAuditHead(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::AuditRow> entries, db::TakePendingAudit(transaction, kSealBatchMax));
  std::vector<db::NewSeal> seals;
  for (const db::AuditRow& entry : entries) {
    last = SealOf(last, transaction.campaign(), entry);
    seals.push_back({.audit_id = entry.audit_id, .seal = last});
  }
  if (!seals.empty()) SNOWFIELD_RETURN_IF_ERROR(db::InsertAuditSeals(transaction, seals));
  return static_cast<int64_t>(seals.size());
}

// Goes along the chain and stops at the first that is not right.
class Walk {
 public:
  Walk(base::CampaignId campaign, const db::AuditSeal& noted) : campaign_(campaign), noted_(noted) {}

  // False where it ends here.
  bool Take(const db::SealedRow& row) {
    if (row.seal.number != verdict_.last.number + 1) {
      return Break(Breach::kSealMissing, verdict_.last.number + 1, 0);
    }
    if (!row.entry.has_value()) return Break(Breach::kEntryMissing, row.seal.number, row.audit_id);
    const db::AuditSeal seal = SealOf(verdict_.last, campaign_, *row.entry);
    if (seal.hash != row.seal.hash) return Break(Breach::kEntryChanged, row.seal.number, row.audit_id);
    if (seal.number == noted_.number && seal.hash != noted_.hash) {
      return Break(Breach::kNotedDiffers, row.seal.number, row.audit_id);
    }
    verdict_.last = seal;
    ++verdict_.verified;
    return true;
  }

  void End(const db::AuditSeal& head, int64_t unsealed) {
    if (head.number != verdict_.last.number || noted_.number > verdict_.last.number) {
      Break(Breach::kEndMissing, verdict_.last.number + 1, 0);
    } else if (head.number > 0 && head.hash != verdict_.last.hash) {
      Break(Breach::kEntryChanged, head.number, 0);
    } else if (unsealed != 0) {
      Break(Breach::kEntryUnsealed, 0, unsealed);
    }
  }

  const Verdict& verdict() const { return verdict_; }

 private:
  bool Break(Breach breach, int64_t number, int64_t audit_id) {
    verdict_.breach = breach;
    verdict_.broken_number = number;
    verdict_.broken_audit_id = audit_id;
    return false;
  }

  const base::CampaignId campaign_;
  const db::AuditSeal noted_;
  Verdict verdict_;
};

absl::StatusOr<Verdict> WalkChain(db::Transaction& transaction, const VerifyOptions& options) {
  Walk walk(transaction.campaign(), options.noted);
  for (;;) {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::SealedRow> rows,
                               db::ListAuditSeals(transaction, walk.verdict().last.number, kVerifyPage));
    for (const db::SealedRow& row : rows) {
      if (!walk.Take(row)) return walk.verdict();
    }
    if (options.progress && !options.progress(walk.verdict().verified)) {
      return absl::CancelledError("the caller has gone");
    }
    if (rows.size() < static_cast<size_t>(kVerifyPage)) break;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::AuditSeal head, db::FindAuditHead(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t unsealed, db::FindUnsealedAudit(transaction));
  walk.End(head, unsealed);
  return walk.verdict();
}

}  // namespace

db::AuditSeal SealOf(const db::AuditSeal& previous, base::CampaignId campaign, const db::AuditRow& entry) {
  db::AuditSeal seal{.number = previous.number + 1, .hash = std::string(crypto_hash_sha256_BYTES, '\0')};
  std::string bytes(1, kVersion);
  bytes.append(previous.number == 0 ? std::string(crypto_hash_sha256_BYTES, '\0') : previous.hash);
  for (const int64_t number : {seal.number, campaign.value, entry.audit_id, absl::ToUnixMicros(entry.time),
                               entry.member.value, entry.subject_id}) {
    PutNumber(bytes, number);
  }
  PutText(bytes, entry.action);
  PutText(bytes, entry.subject_kind);
  PutText(bytes, entry.detail_json);
  crypto_hash_sha256(reinterpret_cast<unsigned char*>(seal.hash.data()),
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
  return seal;
}

absl::StatusOr<int64_t> SealPending(db::Pool& pool, const db::Scope& scope) {
  int64_t sealed = 0;
  for (;;) {
    // Asked first without a lock: most often there is nothing.
    SNOWFIELD_ASSIGN_OR_RETURN(const bool pending, db::RunInTransaction(pool, scope, db::HasPendingAudit));
    if (!pending) return sealed;
    SNOWFIELD_ASSIGN_OR_RETURN(const int64_t batch, db::RunInTransaction(pool, scope, SealBatch));
    sealed += batch;
  }
}

absl::StatusOr<Verdict> VerifyChain(db::Pool& pool, const db::Scope& scope, const VerifyOptions& options) {
  SNOWFIELD_RETURN_IF_ERROR(SealPending(pool, scope).status());
  db::Scope snapshot = scope;
  snapshot.read_only = true;
  snapshot.one_snapshot = true;
  return db::RunInTransaction(pool, snapshot,
                              [&](db::Transaction& transaction) { return WalkChain(transaction, options); });
}

}  // namespace snowfield::access
