#include "services/territory/import_run.h"

#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/change_store.h"
#include "db/store/import_people.h"
#include "db/store/territory_store.h"
#include "services/territory/row_text.h"

namespace snowfield::territory {
namespace {
using Open = absl::StatusOr<std::unique_ptr<RowImport>> (*)(db::Transaction&);

struct KindOfRows {
  v1::ImportKind kind;
  std::string_view name;
  Open open;
};
constexpr std::array<KindOfRows, 5> kKinds = {{{v1::IMPORT_KIND_ADDRESSES, "addresses", OpenAddressImport},
                                               {v1::IMPORT_KIND_STREETS, "streets", OpenStreetImport},
                                               {v1::IMPORT_KIND_BARRIERS, "barriers", OpenBarrierImport},
                                               {v1::IMPORT_KIND_BOUNDARIES, "boundaries", OpenBoundaryImport},
                                               {v1::IMPORT_KIND_PEOPLE, "people", OpenPersonImport}}};

absl::Status CheckHeader(const v1::ImportHeader& header) {
  if (KindName(header.kind()).empty()) {
    return base::InvalidField("header.kind", "IMPORT_KIND_MISSING",
                              "say what the rows are: addresses, streets, barriers, boundaries or people");
  }
  if (Trimmed(header.dataset()).empty()) {
    return base::InvalidField("header.dataset", "DATASET_MISSING",
                              "name the data set, so that the same file sent again is known: dc-addresses");
  }
  if (Trimmed(header.dataset()).size() != header.dataset().size()) {
    return base::InvalidField("header.dataset", "DATASET_INVALID", "take the blanks off the name's ends");
  }
  return CheckTexts({{"header.dataset", header.dataset(), kDatasetBytesMax}});
}

// Rows of the batch by kind, in the order of kKinds.
std::array<int, 5> RowCounts(const v1::ImportRowsRequest& batch) {
  return {batch.addresses_size(), batch.streets_size(), batch.barriers_size(), batch.boundaries_size(),
          batch.people_size()};
}
}  // namespace

std::string_view KindName(v1::ImportKind kind) {
  for (const KindOfRows& known : kKinds) {
    if (known.kind == kind) return known.name;
  }
  return "";
}

v1::ImportKind KindNamed(std::string_view name) {
  for (const KindOfRows& known : kKinds) {
    if (known.name == name) return known.kind;
  }
  return v1::IMPORT_KIND_UNSPECIFIED;
}

absl::StatusOr<std::unique_ptr<ImportRun>> ImportRun::Start(db::Pool& pool, const access::Call& call,
                                                            const v1::ImportHeader& header, ImportReport::Send send) {
  SNOWFIELD_RETURN_IF_ERROR(CheckHeader(header));
  SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool.Begin(call.Scope()));
  std::unique_ptr<ImportRun> run(new ImportRun(call, header, std::move(send), std::move(transaction)));
  for (const KindOfRows& known : kKinds) {
    if (known.kind != header.kind()) continue;
    SNOWFIELD_ASSIGN_OR_RETURN(run->rows_, known.open(run->transaction_));
  }
  if (header.bring_back_erased()) run->rows_->BringBackErased();
  return run;
}

absl::Status ImportRun::Take(const v1::ImportRowsRequest& batch) {
  const std::array<int, 5> counts = RowCounts(batch);
  for (size_t i = 0; i < counts.size(); ++i) {
    if (kKinds[i].kind != header_.kind() && counts[i] > 0) {
      return base::InvalidField(kKinds[i].name, "ROWS_OF_OTHER_KIND",
                                absl::StrCat("the header says ", base::ToAbsl(KindName(header_.kind())),
                                             ": send other rows in an import of their own"));
    }
    if (counts[i] > kBatchRowsMax) {
      return base::InvalidField(kKinds[i].name, "BATCH_TOO_LARGE",
                                absl::StrCat("at most ", kBatchRowsMax, " rows in one message: send more messages"));
    }
  }
  return rows_->TakeRows(batch, report_);
}

absl::StatusOr<v1::ImportSummary> ImportRun::Finish() {
  if (report_.received() == 0) {
    return base::InvalidField("", "NO_ROWS", "the file has no rows: is it the right one, and are its columns mapped?");
  }
  SNOWFIELD_RETURN_IF_ERROR(rows_->EndRows());
  SNOWFIELD_RETURN_IF_ERROR(WaitForTurn());
  SNOWFIELD_RETURN_IF_ERROR(report_.Stage("storing"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MergeCounts counts, rows_->Merge(header_.dataset(), report_));
  if (header_.kind() == v1::IMPORT_KIND_ADDRESSES) {
    SNOWFIELD_RETURN_IF_ERROR(report_.Stage("matching"));
    SNOWFIELD_RETURN_IF_ERROR(db::FindDoorsOfUnmatched(transaction_));
  }
  v1::ImportSummary summary;
  SNOWFIELD_RETURN_IF_ERROR(FillSummary(counts, summary));
  // The last moment at which a caller who has gone leaves nothing behind.
  SNOWFIELD_RETURN_IF_ERROR(report_.Stage("storing"));
  if (call_.cancelled()) return absl::CancelledError("the caller has gone; nothing was stored");
  if (header_.dry_run()) return summary;
  SNOWFIELD_RETURN_IF_ERROR(Record(counts, summary));
  // Last, as it holds the row that numbers the campaign's changes. Phones fetch their lists again, which is cheap where
  // nothing on them is new.
  const bool may_concern_lists =
      header_.kind() == v1::IMPORT_KIND_PEOPLE || header_.kind() == v1::IMPORT_KIND_ADDRESSES;
  if (may_concern_lists && counts.inserted + counts.updated > 0) {
    SNOWFIELD_RETURN_IF_ERROR(db::WriteListsChanged(transaction_, absl::Now()));
  }
  SNOWFIELD_RETURN_IF_ERROR(transaction_.Commit());
  return summary;
}

absl::Status ImportRun::WaitForTurn() {
  while (true) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool turn, db::TryLockImports(transaction_));
    if (turn) return absl::OkStatus();
    SNOWFIELD_RETURN_IF_ERROR(report_.Stage("storing"));
    if (absl::Now() + kLockPoll > call_.deadline) {
      return base::Problem(absl::StatusCode::kAborted, "IMPORT_RUNNING", "",
                           "another import of this campaign is being stored: try again when it has ended");
    }
    absl::SleepFor(kLockPoll);
  }
}

absl::Status ImportRun::FillSummary(const db::MergeCounts& counts, v1::ImportSummary& summary) {
  summary.set_received(report_.received());
  summary.set_rejected(report_.rejected());
  summary.set_inserted(counts.inserted);
  summary.set_updated(counts.updated);
  summary.set_unchanged(counts.unchanged);
  summary.set_absent(counts.absent);
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t doors, db::CountAllDoors(transaction_));
  summary.set_doors(doors);
  const bool is_people = header_.kind() == v1::IMPORT_KIND_PEOPLE;
  if (!is_people && header_.kind() != v1::IMPORT_KIND_ADDRESSES) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const db::MatchCounts people,
                             db::CountMatchedPeople(transaction_, is_people ? header_.dataset() : ""));
  summary.set_matched(people.matched);
  summary.set_unmatched(people.unmatched);
  return absl::OkStatus();
}

absl::Status ImportRun::Record(const db::MergeCounts& counts, v1::ImportSummary& summary) {
  db::ImportRecord record{.id = {},
                          .kind = std::string(KindName(header_.kind())),
                          .dataset = header_.dataset(),
                          .received = report_.received(),
                          .counts = counts,
                          .create_time = {}};
  record.counts.rejected = report_.rejected();
  SNOWFIELD_ASSIGN_OR_RETURN(const base::ImportId id, db::InsertImport(transaction_, record));
  summary.set_import_id(id.value);
  const std::string detail =
      absl::StrCat("{\"received\":", record.received, ",\"inserted\":", counts.inserted,
                   ",\"updated\":", counts.updated, ",\"rejected\":", record.counts.rejected, "}");
  return db::WriteAudit(transaction_, {.member = call_.caller.member,
                                       .action = absl::StrCat("import.", record.kind),
                                       .subject_kind = "import",
                                       .subject_id = id.value,
                                       .detail_json = detail});
}

}  // namespace snowfield::territory
