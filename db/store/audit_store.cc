#include "db/store/audit_store.h"

#include "base/status.h"
#include "db/queries/audit_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// The columns from `first` on: audit_time, member_id, action, subject_kind, subject_id, detail.
AuditRow ReadRow(const Row& row, int64_t audit_id, int first) {
  return {.audit_id = audit_id,
          .time = row.Time(first),
          .member = row.Id<base::MemberId>(first + 1),
          .action = std::string(row.Text(first + 2)),
          .subject_kind = std::string(row.Text(first + 3)),
          .subject_id = row.OptionalInt64(first + 4).value_or(0),
          .detail_json = std::string(row.Text(first + 5))};
}

}  // namespace

absl::Status WriteAudit(Transaction& transaction, const AuditEntry& entry) {
  return transaction.Defer(queries::kWriteAudit,
                           Campaign(transaction)
                               .Id(entry.member)
                               .Text(entry.action)
                               .Text(entry.subject_kind)
                               .Int64(entry.subject_id == 0 ? std::nullopt : std::optional<int64_t>(entry.subject_id))
                               .Jsonb(entry.detail_json));
}

absl::StatusOr<bool> HasPendingAudit(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kHasPendingAudit, Campaign(transaction)));
  return result[0].Bool(0);
}

absl::StatusOr<AuditSeal> LockAuditHead(Transaction& transaction) {
  SNOWFIELD_RETURN_IF_ERROR(transaction.Run(queries::kMakeAuditHead, Campaign(transaction)).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kLockAuditHead, Campaign(transaction)));
  if (result.empty()) return base::NoSuch("", "the campaign is gone");
  return AuditSeal{.number = result[0].Int64(0), .hash = std::string(result[0].Bytea(1))};
}

absl::StatusOr<std::vector<AuditRow>> TakePendingAudit(Transaction& transaction, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kTakePendingAudit, Campaign(transaction).Int64(count_max)));
  std::vector<AuditRow> rows;
  for (const Row row : result) rows.push_back(ReadRow(row, row.Int64(0), 1));
  return rows;
}

absl::Status InsertAuditSeals(Transaction& transaction, const std::vector<NewSeal>& seals) {
  std::vector<int64_t> numbers, ids;
  std::vector<std::string_view> hashes;
  for (const NewSeal& seal : seals) {
    numbers.push_back(seal.seal.number);
    ids.push_back(seal.audit_id);
    hashes.push_back(seal.seal.hash);
  }
  SNOWFIELD_RETURN_IF_ERROR(
      transaction.Run(queries::kInsertAuditSeals, Campaign(transaction).Int64s(numbers).Int64s(ids).Byteas(hashes))
          .status());
  return transaction
      .Run(queries::kMoveAuditHead, Campaign(transaction).Int64(numbers.back()).Bytea(seals.back().seal.hash))
      .status();
}

absl::StatusOr<AuditSeal> FindAuditHead(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindAuditHead, Campaign(transaction)));
  if (result.empty()) return AuditSeal();
  return AuditSeal{.number = result[0].Int64(0), .hash = std::string(result[0].Bytea(1))};
}

absl::StatusOr<std::vector<SealedRow>> ListAuditSeals(Transaction& transaction, int64_t after_number, int count_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListAuditSeals, Campaign(transaction).Int64(after_number).Int64(count_max)));
  std::vector<SealedRow> rows;
  for (const Row row : result) {
    SealedRow sealed{.seal = {.number = row.Int64(0), .hash = std::string(row.Bytea(2))},
                     .audit_id = row.Int64(1),
                     .entry = std::nullopt};
    if (row.Bool(3)) sealed.entry = ReadRow(row, sealed.audit_id, 4);
    rows.push_back(std::move(sealed));
  }
  return rows;
}

absl::StatusOr<int64_t> FindUnsealedAudit(Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindUnsealedAudit, Campaign(transaction)));
  return result[0].OptionalInt64(0).value_or(0);
}

absl::StatusOr<std::vector<ListedAudit>> ListAudit(Transaction& transaction, const AuditFilter& filter) {
  SNOWFIELD_ASSIGN_OR_RETURN(
      const Result result,
      transaction.Run(queries::kListAudit,
                      Campaign(transaction)
                          .Int64(filter.below)
                          .Id(filter.member)
                          .Text(filter.action)
                          .Text(filter.subject_kind)
                          .Int64(filter.subject_id == 0 ? std::nullopt : std::optional<int64_t>(filter.subject_id))
                          .Int64(filter.limit)));
  std::vector<ListedAudit> entries;
  for (const Row row : result) {
    entries.push_back({.entry = ReadRow(row, row.Int64(0), 1), .seal_number = row.OptionalInt64(7).value_or(0)});
  }
  return entries;
}

}  // namespace snowfield::db
