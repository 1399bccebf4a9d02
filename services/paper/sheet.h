// SheetInHand: a page of a batch with its rows, its people and its columns, as a clerk has it before them.
// Thread safety: as the transaction's.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"
#include "services/access/caller.h"
#include "services/paper/keys/key_codes.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {

// Of a square code, or as it is typed. INVALID_ARGUMENT naming `field`: PAGE_CODE_UNKNOWN, PAGE_CODE_DAMAGED,
// PAGE_OF_ANOTHER_CAMPAIGN.
absl::StatusOr<db::PageAt> ReadPageCode(base::CampaignId campaign, std::string_view code, std::string_view field);
// The columns of the script that a packet was printed with; of the newest one where that was not kept.
absl::StatusOr<std::vector<Column>> ReadColumns(db::Transaction& transaction, base::ScriptId script);
v1::KeyColumn ToMessage(const Column& column);

class SheetInHand {
 public:
  // As `round` has keyed it. FAILED_PRECONDITION PAGE_HAS_NO_ROWS; NOT_FOUND and PERMISSION_DENIED naming `field`.
  static absl::StatusOr<SheetInHand> Read(db::Transaction& transaction, const access::Caller& caller,
                                          const db::PageAt& at, db::EntryRound round, std::string_view field);

  const db::PageAt& at() const { return at_; }
  const std::string& list_number() const { return packet_.list_number; }
  const std::vector<Column>& columns() const { return columns_; }
  const std::vector<db::PaperRow>& rows() const { return rows_; }
  // Null where the sheet has no such row.
  const db::PaperRow* Find(int sequence) const;
  Lines LinesOf(const db::PaperRow& row) const;

  void Write(absl::Time now, v1::Sheet& sheet) const;
  // Where nothing is keyed, without entry, and with what a scan has.
  void Write(const db::PaperRow& row, absl::Time now, v1::SheetRow& message) const;
  v1::RowEntry EntryOf(const db::PaperRow& row) const;

 private:
  v1::RowReading ReadingOf(const db::PaperRow& row) const;

  db::PageAt at_;
  db::PacketToKey packet_;
  std::vector<db::PaperRow> rows_;
  std::vector<Column> columns_;
  absl::flat_hash_map<int64_t, db::PersonOfRow> people_;
};

// As it is kept: marks in one order.
db::PaperWords WordsOf(v1::RowEntry entry, const std::vector<Column>& columns, const Lines& lines);

}  // namespace snowfield::paper
