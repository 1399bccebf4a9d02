// Scanned sheets: where bubbles were printed, and rows that were read and wait for a clerk.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"

namespace snowfield::db {

struct PrintedPage {
  int page = 0;
  std::string printed;  // wire form of snowfield.paper.v1.PrintedSheet

  friend bool operator==(const PrintedPage&, const PrintedPage&) = default;
};
absl::Status InsertPrintedPages(Transaction& transaction, int64_t packet_id, const std::vector<PrintedPage>& pages);
// By page; none for packets that were printed before this was kept.
absl::StatusOr<std::vector<PrintedPage>> ListPrintedPages(Transaction& transaction, int64_t packet_id);
absl::StatusOr<std::optional<std::string>> FindPrintedPage(Transaction& transaction, const PageAt& at);

struct WaitingRow {
  int sequence = 0;
  std::string reading;  // wire form of snowfield.paper.v1.RowReading
  std::string image;    // PNG
};
// In the place of those that the page had.
absl::Status PutReadings(Transaction& transaction, const PageAt& at, const std::vector<WaitingRow>& rows);
absl::StatusOr<std::optional<std::string>> FindReadingImage(Transaction& transaction, const RowAt& row);
// Of all pages of the batch.
absl::Status DropReadings(Transaction& transaction, int64_t batch_id);

}  // namespace snowfield::db
