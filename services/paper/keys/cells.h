// Cells: what a row of a vendor's file says of a row of a sheet (docs/paper.md, "Files of vendors").
//
// Columns are page and row, then result, language and note, and for each question or ask its code, with the line of
// the person before it: "2.support"; or, in place of all these, keys (key_codes.h). Thread safety: pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/paper/keys/key_codes.h"
#include "snowfield/paper/v1/entry.pb.h"
#include "snowfield/paper/v1/files.pb.h"

namespace snowfield::paper {

inline constexpr int kFileColumnsMax = 500;
// Between the answers of one cell.
inline constexpr char kAnswerSeparator = '|';

// How a file is read. Strict: columns, results and answers as the template and the sheet have them, and each column one
// that the sheet has. Lenient: in any case of letters, results in words, answers by their beginning or number, columns
// that no sheet has passed over.
struct FileManner {
  bool lenient = false;
};

// What each column of a file is.
class FileColumns {
 public:
  // INVALID_ARGUMENT naming "header.columns": COLUMN_MISSING, COLUMN_TWICE, COLUMNS_MANY.
  static absl::StatusOr<FileColumns> Read(const std::vector<std::string>& names, const FileManner& manner);

  // Of a row, without blanks at its ends; empty where the file has no such column.
  std::string_view Page(const v1::FileRow& row) const { return Cell(row, page_); }
  std::string_view Row(const v1::FileRow& row) const { return Cell(row, row_); }
  std::string_view Walked(const v1::FileRow& row) const { return Cell(row, walked_); }
  std::string_view Walker(const v1::FileRow& row) const { return Cell(row, walker_); }
  bool HasKeys() const { return keys_ >= 0; }
  // Whether nothing is filled in of what the sheet says.
  bool IsEmpty(const v1::FileRow& row) const;

 private:
  friend class CellReader;
  struct AnswerCell {
    int index = 0;
    std::string name;
    std::optional<size_t> line;  // none: of the one person that there is
    std::string code;
  };
  static std::string_view Cell(const v1::FileRow& row, int index);

  int page_ = -1, row_ = -1, result_ = -1, language_ = -1, note_ = -1, keys_ = -1, walked_ = -1, walker_ = -1;
  std::vector<AnswerCell> answers_;
};

// Reads the rows of sheets that have one script.
class CellReader {
 public:
  // `columns` of the script. The file's must outlive it.
  CellReader(const FileColumns& file, std::vector<Column> columns, const FileManner& manner);

  const std::vector<Column>& columns() const { return columns_; }
  // Without checking what the marks mean together (marks_check.h); a row of which nothing is filled in is blank. Names
  // of columns that were passed over though they are filled in go to `passed_over`. INVALID_ARGUMENT naming the column:
  // RESULT_UNKNOWN, COLUMN_UNKNOWN, PERSON_UNKNOWN, PERSON_UNCLEAR, ANSWER_UNKNOWN, CONTRADICTION, KEYS_AND_CELLS; and
  // as ReadKeys().
  absl::StatusOr<v1::RowEntry> Read(const v1::FileRow& row, const Lines& lines,
                                    std::vector<std::string>& passed_over) const;

 private:
  absl::Status ReadAnswer(const FileColumns::AnswerCell& cell, const Column& column, std::string_view value,
                          const Lines& lines, v1::Marks& marks) const;

  const FileColumns& file_;
  const std::vector<Column> columns_;
  const FileManner manner_;
  std::vector<int> column_of_;  // of each answer's cell, in columns_; -1: the sheet has none
};

}  // namespace snowfield::paper
