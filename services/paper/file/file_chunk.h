// FileChunk: some rows of a vendor's file, keyed in one transaction.
//
// A page that is in no batch goes into one of the delivery; one that came with the delivery before is keyed where it
// is; one that is in any other batch is only compared. Thread safety: as the transaction's.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"
#include "db/store/paper_file_store.h"
#include "services/paper/file/delivery.h"
#include "services/paper/keying.h"
#include "services/paper/keys/cells.h"
#include "snowfield/paper/v1/files.pb.h"

namespace snowfield::paper {

// What holds for all rows of a file.
struct FileTerms {
  FileColumns columns;
  FileManner manner;
  bool empty_is_blank = false;
  std::optional<Walk> walk;  // of rows that do not say their own
};

// Of a chunk, or of a file so far.
struct FileOutcome {
  v1::KeyFileSummary summary;
  std::vector<territory::v1::ImportIssue> issues;
};

class FileChunk {
 public:
  // Readers of scripts that were needed before, by script.
  using Readers = absl::flat_hash_map<int64_t, std::shared_ptr<const CellReader>>;
  // All must outlive it. The clerk's `now` is the time of all entries of one file: a row that has it came twice.
  FileChunk(db::Transaction& transaction, const Clerk& clerk, const FileTerms& terms, Delivery& delivery,
            Readers& readers)
      : transaction_(transaction), clerk_(clerk), terms_(terms), delivery_(delivery), readers_(readers) {}

  // A status is for what ends the file; what is wrong with a row is an issue. Call once, and commit at once.
  absl::StatusOr<FileOutcome> Key(const google::protobuf::RepeatedPtrField<v1::FileRow>& rows);

 private:
  // A row as it is printed, and what is known of it.
  struct Printed {
    db::FileRow row;
    db::FileWords now;  // kind empty: nothing yet
  };
  struct Row {
    const v1::FileRow* row;
    db::RowAt at;
    Printed* printed = nullptr;  // null: the sheet has no such row
    absl::StatusOr<v1::RowEntry> entry = absl::UnknownError("not read yet");
    std::vector<std::string> passed_over = {};
  };
  struct Page {
    db::FilePage found;
    std::optional<Walk> walk;  // where a row says it
    int64_t target = 0;        // the batch it is keyed in; 0: it may only be compared
    bool is_new = false;       // it was in no batch before: nothing is said of its rows
    absl::Status refused;      // why nothing of it can be taken
    const CellReader* reader = nullptr;
    std::vector<Row> rows;
  };

  territory::v1::ImportIssue& AddIssue(const v1::FileRow& row, std::string_view reason, std::string_view field,
                                       std::string_view message);
  void Reject(const v1::FileRow& row, const absl::Status& problem);
  void Remark(const v1::FileRow& row, std::string_view reason, std::string_view field, std::string_view message);

  absl::StatusOr<db::RowAt> Place(const v1::FileRow& row);
  absl::StatusOr<std::optional<Walk>> WalkOf(const v1::FileRow& row);
  absl::Status Gather(const google::protobuf::RepeatedPtrField<v1::FileRow>& rows);
  absl::Status FindPages();
  absl::Status CheckPage(Page& page);
  absl::Status ChooseBatch(Page& page);
  absl::Status TakePages();
  absl::Status FindRows();
  void Read(const Page& page, Row& row, const Lines& lines);
  absl::Status ReadRows();
  void KeyRows();
  absl::Status KeyRow(const Page& page, const Row& row);
  absl::Status Store();
  absl::Status HoldDoNotContacts();
  std::vector<db::PageAt> PageNumbers() const;

  db::Transaction& transaction_;
  const Clerk& clerk_;
  const FileTerms& terms_;
  Delivery& delivery_;
  Readers& readers_;
  std::map<std::pair<int64_t, int>, Page> pages_;
  std::map<std::tuple<int64_t, int, int>, Printed> printed_;
  std::map<std::string, absl::StatusOr<absl::Time>, std::less<>> walked_;  // by what the cell says
  std::vector<db::FileEntry> entries_;
  std::map<int64_t, int> keyed_;                        // rows of each batch; 0 where all said so already
  std::map<int64_t, std::vector<db::RowAt>> held_now_;  // do-not-contacts of each batch
  FileOutcome outcome_;
};

}  // namespace snowfield::paper
