// Rows of vendors' files on their way into batches, many pages at once (docs/paper.md).
//
// Arrays go in one statement each: a file has millions of rows. Invariants as in db/store/paper_batch_store.h.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"
#include "db/store/paper_batch_store.h"

namespace snowfield::db {

// A page that a file names, and the batch that has it.
struct FilePage {
  PageAt at;
  base::MemberId leader;  // of its list
  base::ScriptId script;  // none: printed before that was kept
  bool has_rows = false;
  int64_t batch_id = 0;     // 0: in none
  bool is_missing = false;  // it was said to be
  bool is_open = false;     // of the batch, as all that follows
  std::string delivery;
  base::MemberId member;
  absl::Time walk_time;
  bool second_entry = false;
};
// Those that were printed, in no order. Takes no lock.
absl::StatusOr<std::vector<FilePage>> FindFilePages(Transaction& transaction, const std::vector<PageAt>& pages);

// Those of the batches that are open, which they stay until the transaction ends.
absl::StatusOr<std::vector<int64_t>> LockOpenBatches(Transaction& transaction, const std::vector<int64_t>& batches);

struct PageOfBatch {
  PageAt at;
  int64_t batch_id = 0;
};
// Into their batches, where no other batch has them. Gives those that no batch had.
absl::StatusOr<std::vector<PageAt>> PutFilePages(Transaction& transaction, const std::vector<PageOfBatch>& pages,
                                                 base::MemberId member, absl::Time now);
// Those that are in, with the batch that has them; they are the transaction's until its end.
absl::StatusOr<std::vector<PageOfBatch>> LockFilePages(Transaction& transaction, const std::vector<PageAt>& pages);

struct FileRow {
  RowAt row;
  base::DoorId door;
  std::vector<int64_t> person_ids;  // by their lines
};
// The printed rows of the pages.
absl::StatusOr<std::vector<FileRow>> ListFileRows(Transaction& transaction, const std::vector<PageAt>& pages);

// What the first entry says of a row.
struct FileWords {
  RowAt row;
  PaperWords words;
  base::MemberId member;
  absl::Time entry_time;
  bool from_file = false;
};
absl::StatusOr<std::vector<FileWords>> ListFileWords(Transaction& transaction, const std::vector<PageAt>& pages);

struct PersonBehind {
  int64_t person_id = 0;
  base::DoorId door;
};
// Those who still live there.
absl::StatusOr<std::vector<int64_t>> ListPeopleWhoStay(Transaction& transaction,
                                                       const std::vector<PersonBehind>& people);

struct FileEntry {
  RowAt row;
  PaperWords words;
};
// First entries.
absl::Status InsertFileEntries(Transaction& transaction, const std::vector<FileEntry>& entries, base::MemberId member,
                               absl::Time now);

// The newest batch of a member's delivery for one walk.
struct DeliveryBatch {
  int64_t batch_id = 0;  // 0: there is none yet
  bool is_open = false;
  int pages = 0;
  int batches = 0;  // how many there are
};
absl::StatusOr<DeliveryBatch> NewestDeliveryBatch(Transaction& transaction, std::string_view delivery,
                                                  base::MemberId member, absl::Time walk_time, base::MemberId walker);

// The beginning of a day (2026-11-25) or the minute (2026-11-25 17:30) in the campaign's time zone.
absl::StatusOr<absl::Time> CampaignTime(Transaction& transaction, absl::CivilMinute minute);

// A row of a packet as a template has it.
struct TemplateRow {
  RowAt row;
  std::string house_number, street, unit;
  int lines = 0;
};
// After the row with this page and number.
absl::StatusOr<std::vector<TemplateRow>> ListTemplateRows(Transaction& transaction, const RowAt& after, int count_max);

}  // namespace snowfield::db
