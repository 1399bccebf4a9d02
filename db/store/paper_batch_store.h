// Batches of paper: the pages that are in, what was keyed of each row, and the knocks that rows became.
//
// Invariants (db/migrations/0029_paper_batch.sql): a page is in one batch; entries are appended, and undone, but never
// changed; a row's knocks are numbered revisions. Thread safety: as the transaction's.
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
#include "base/uuid.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct PaperBatch {
  int64_t batch_id = 0;
  bool is_open = false;
  absl::Time walk_time;
  base::MemberId walker;  // none: the leader of each list
  bool second_entry = false;
  base::MemberId member;
  absl::Time open_time;
  std::optional<absl::Time> close_time;
  std::string close_reason;
  std::string delivery;  // of a vendor's file; empty: of sheets
};
struct NewPaperBatch {
  base::Uuid request;
  base::MemberId member;
  base::MemberId walker;
  absl::Time walk_time;
  bool second_entry = false;
  absl::Time now;
  std::string_view delivery = {};
};
// The batch of this request, opened where there is none.
absl::StatusOr<PaperBatch> OpenPaperBatch(Transaction& transaction, const NewPaperBatch& batch);

// kShared: keying, by several clerks at once. kAlone: closing and opening again. kNone: to read.
enum class BatchLock { kNone, kShared, kAlone };
// NOT_FOUND naming "batch_id".
absl::StatusOr<PaperBatch> FindPaperBatch(Transaction& transaction, int64_t batch_id, BatchLock lock);

struct PaperBatchQuery {
  int64_t before = 0;      // ids below; 0: from the newest
  std::string_view state;  // open, closed; empty: all
  base::MemberId member;   // who opened it; none: anybody
  base::MemberId root;     // this member and everyone below; none: the whole campaign
  int count_max = 0;
};
absl::StatusOr<std::vector<PaperBatch>> ListPaperBatches(Transaction& transaction, const PaperBatchQuery& query);

struct PaperBalance {
  int pages_in = 0, pages_missing = 0, pages_open = 0;
  int rows = 0, keyed = 0, blank = 0, unreadable = 0, open = 0;
  int second_open = 0, differences = 0;  // as if the batch were keyed twice
};
absl::StatusOr<PaperBalance> FindPaperBalance(Transaction& transaction, int64_t batch_id);

// The states of a page that is in a batch.
inline constexpr char kPageIn[] = "in";
inline constexpr char kPageMissing[] = "missing";

struct PaperPage {
  int64_t packet_id = 0;
  int page = 0;
  std::string list_number;
  std::string state;  // kPageIn, kPageMissing; empty: expected
  std::string reason;
  int rows = 0;
  int rows_open = 0;
  int rows_to_see = 0;  // of those: read from a scan, and waiting for a clerk
  int page_count = 0;   // of the packet
};
absl::StatusOr<std::vector<PaperPage>> ListPaperPages(Transaction& transaction, int64_t batch_id, int count_max);

struct PacketToKey {
  std::string list_number;
  base::MemberId leader;
  int turf_number = 0;
  int page_count = 0;
  base::ScriptId script;  // none: printed before that was kept
};
// NOT_FOUND naming `field`.
absl::StatusOr<PacketToKey> FindPacketToKey(Transaction& transaction, int64_t packet_id, std::string_view field);

struct PageAt {
  int64_t packet_id = 0;
  int page = 0;

  friend bool operator==(const PageAt&, const PageAt&) = default;
};
struct PageToPut {
  PageAt at;
  int64_t batch_id = 0;
  std::string_view state;  // kPageIn, kPageMissing
  std::string_view reason = {};
  base::MemberId member = {};
  absl::Time now = {};
};
struct PagePut {
  int64_t batch_id = 0;   // that has the page: another one where it had it before; 0: another, of this moment
  std::string was_state;  // empty: it was in none
};
absl::StatusOr<PagePut> PutPaperPage(Transaction& transaction, const PageToPut& page);
// The batch that has the page in; 0 for none. The page is the transaction's until its end.
absl::StatusOr<int64_t> LockPaperPage(Transaction& transaction, const PageAt& at);

// 1: first entry, 2: second, 3: of who judged a difference.
enum class EntryRound { kFirst = 1, kSecond = 2, kJudged = 3 };

// How words came in.
inline constexpr char kSourceKeyed[] = "keyed";
inline constexpr char kSourceFile[] = "file";
inline constexpr char kSourceScan[] = "scan";

// What was keyed of a row.
inline constexpr char kWordsMarks[] = "marks";
struct PaperWords {
  std::string kind;   // marks, blank, unreadable; empty: nothing yet
  std::string marks;  // wire form of snowfield.paper.v1.Marks
  std::string note;

  bool IsMarks() const { return kind == kWordsMarks; }
  friend bool operator==(const PaperWords&, const PaperWords&) = default;
};
struct PaperRow {
  int sequence = 0;
  base::DoorId door;
  std::string house_number, street, unit;
  std::vector<int64_t> person_ids;
  PaperWords words;
  base::MemberId member;
  std::optional<absl::Time> entry_time;
  std::string source;   // kSourceKeyed and its like
  std::string reading;  // wire form of snowfield.paper.v1.RowReading, for the first round; empty: no scan has it
};
// By sequence, with what this round says.
absl::StatusOr<std::vector<PaperRow>> ListPaperRows(Transaction& transaction, const PageAt& at, EntryRound round);

struct PersonOfRow {
  base::PersonId person;
  std::string first_name, last_name;
  std::optional<int> birth_year;
  std::string party;
};
// Those of the people who still live behind one of the doors of the rows.
absl::StatusOr<std::vector<PersonOfRow>> ListPeopleOfRows(Transaction& transaction, const std::vector<PaperRow>& rows);

absl::StatusOr<bool> HasKeyed(Transaction& transaction, const PageAt& at, EntryRound round, base::MemberId member);

struct NewPaperEntry {
  PageAt at;
  int sequence = 0;
  EntryRound round = EntryRound::kFirst;
  PaperWords words;
  base::MemberId member;
  absl::Time now;
  std::string_view source = kSourceKeyed;
};
absl::StatusOr<int64_t> InsertPaperEntry(Transaction& transaction, const NewPaperEntry& entry);
// The rows that the round has not keyed are blank, but for those that wait with what a scan says; how many they were.
absl::StatusOr<int> FinishPaperPage(Transaction& transaction, const PageAt& at, EntryRound round, base::MemberId member,
                                    absl::Time now);

struct UndoneEntry {
  PageAt at;
  int sequence = 0;
  EntryRound round = EntryRound::kFirst;
};
// The member's last entry in the batch; none where there is none.
absl::StatusOr<std::optional<UndoneEntry>> UndoPaperEntry(Transaction& transaction, int64_t batch_id,
                                                          base::MemberId member);

struct DoorWritten {
  base::DoorId door;
  std::string house_number, street, unit;
  std::string list_number;  // of the current list that has it; empty: none
  base::MemberId leader;    // of that list
};
// Keys as geo/streets makes them; the street's by its beginning.
absl::StatusOr<std::vector<DoorWritten>> FindDoorsWritten(Transaction& transaction, const std::string& number_key,
                                                          const std::string& street_key, int count_max);
struct WrittenRow {
  int sequence = 0;
  base::MemberId leader;  // of the list that its result is for
};
// None where no current list has the door.
absl::StatusOr<std::optional<WrittenRow>> WriteInPaperRow(Transaction& transaction, const PageAt& at,
                                                          base::DoorId door);

struct RowAt {
  PageAt at;
  int sequence = 0;
};
// After `after`.
absl::StatusOr<std::vector<RowAt>> ListPaperDifferences(Transaction& transaction, int64_t batch_id, const RowAt& after,
                                                        int count_max);

// A row whose knock, or that it has none, does not say what the row says now.
struct PaperNews {
  RowAt row;
  base::DoorId door;
  std::string list_number;
  base::MemberId leader;
  std::optional<int64_t> entry_id;  // none: nothing is keyed any more
  PaperWords words;
  base::ScriptId script;
  int revision = 0;                 // of the last knock; 0: there was none
  std::optional<base::Uuid> knock;  // the last one
  bool knock_stands = false;        // it was no withdrawal
};
// Of the whole batch; of one row where there is one.
absl::StatusOr<std::vector<PaperNews>> ListPaperNews(Transaction& transaction, int64_t batch_id,
                                                     const std::optional<RowAt>& row);

struct PaperKnock {
  RowAt row;
  int revision = 0;
  base::Uuid knock;
  std::optional<int64_t> entry_id;
};
// The knocks themselves may be stored later in the transaction.
absl::Status InsertPaperKnocks(Transaction& transaction, const std::vector<PaperKnock>& knocks);
absl::StatusOr<int> CountPaperKnocks(Transaction& transaction, int64_t batch_id);

absl::Status ClosePaperBatch(Transaction& transaction, int64_t batch_id, base::MemberId member, std::string_view reason,
                             absl::Time now);
absl::Status ReopenPaperBatch(Transaction& transaction, int64_t batch_id);

}  // namespace snowfield::db
