#include "db/store/paper_scan_store.h"

#include "base/status.h"
#include "db/queries/paper_scan_queries.h"

namespace snowfield::db {
namespace {

Params Campaign(const Transaction& transaction) { return Params().Id(transaction.campaign()); }

// With $2 and $3.
Params Of(const Transaction& transaction, const PageAt& at) {
  return Campaign(transaction).Int64(at.packet_id).Int32(at.page);
}

}  // namespace

absl::Status InsertPrintedPages(Transaction& transaction, int64_t packet_id, const std::vector<PrintedPage>& pages) {
  std::vector<int32_t> numbers;
  std::vector<std::string_view> printed;
  for (const PrintedPage& page : pages) {
    numbers.push_back(page.page);
    printed.push_back(page.printed);
  }
  return transaction.Defer(queries::kInsertPrintedPages,
                           Campaign(transaction).Int64(packet_id).Int32s(numbers).Byteas(printed));
}

absl::StatusOr<std::vector<PrintedPage>> ListPrintedPages(Transaction& transaction, int64_t packet_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kListPrintedPages, Campaign(transaction).Int64(packet_id)));
  std::vector<PrintedPage> pages;
  for (const Row row : result) pages.push_back({.page = row.Int32(0), .printed = std::string(row.Bytea(1))});
  return pages;
}

absl::StatusOr<std::optional<std::string>> FindPrintedPage(Transaction& transaction, const PageAt& at) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result, transaction.Run(queries::kFindPrintedPage, Of(transaction, at)));
  if (result.empty()) return std::nullopt;
  return std::string(result[0].Bytea(0));
}

absl::Status PutReadings(Transaction& transaction, const PageAt& at, const std::vector<WaitingRow>& rows) {
  SNOWFIELD_RETURN_IF_ERROR(transaction.Defer(queries::kDropReadingsOfPage, Of(transaction, at)));
  if (rows.empty()) return absl::OkStatus();
  std::vector<int32_t> sequences;
  std::vector<std::string_view> readings, images;
  for (const WaitingRow& row : rows) {
    sequences.push_back(row.sequence);
    readings.push_back(row.reading);
    images.push_back(row.image);
  }
  return transaction.Defer(queries::kInsertReadings,
                           Of(transaction, at).Int32s(sequences).Byteas(readings).Byteas(images));
}

absl::StatusOr<std::optional<std::string>> FindReadingImage(Transaction& transaction, const RowAt& row) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kFindReadingImage, Of(transaction, row.at).Int32(row.sequence)));
  if (result.empty()) return std::nullopt;
  return std::string(result[0].Bytea(0));
}

absl::Status DropReadings(Transaction& transaction, int64_t batch_id) {
  return transaction.Defer(queries::kDropReadingsOfBatch, Campaign(transaction).Int64(batch_id));
}

}  // namespace snowfield::db
