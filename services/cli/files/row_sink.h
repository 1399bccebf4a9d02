// RowSink: where a reader of a foreign file puts what it finds, one row at a time, in file order.
//
// A row is a message of the territory service. A row that can't be read is an issue, and reading goes on; a file that
// can't be read at all is the absl::Status of the reader.
// Thread safety: a sink is called from the thread that reads, never from two at once.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include "absl/status/status.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::cli {

using snowfield::territory::v1::AddressRow;
using snowfield::territory::v1::BarrierKind;
using snowfield::territory::v1::BarrierRow;
using snowfield::territory::v1::BoundaryRow;
using snowfield::territory::v1::ImportIssue;
using snowfield::territory::v1::ImportKind;
using snowfield::territory::v1::PersonRow;
using snowfield::territory::v1::StreetRow;

using ImportRow = std::variant<AddressRow, StreetRow, BarrierRow, BoundaryRow, PersonRow>;

// Rows that the file's mapping leaves out on purpose ("SITETYPE is CEMETERY"); not an error.
struct SkippedRows {
  uint64_t count = 0;
  std::string reason;   // UPPER_SNAKE
  std::string field;    // the column that decided
  std::string message;  // for people
};

class RowSink {
 public:
  virtual ~RowSink() = default;
  // A good row. A status that is not OK ends the reading and is handed back by the reader.
  virtual absl::Status TakeRow(ImportRow row) = 0;
  // A row that was not taken (issue.taken() is false), or a remark (true).
  virtual void TakeIssue(ImportIssue issue) = 0;
  virtual void TakeSkipped(SkippedRows rows) = 0;
  // How much of the file has been read, 0 to 1; called every few hundred rows.
  virtual void TakeProgress(double fraction) = 0;
};

// The line on which the row stands in its file.
uint64_t LineOf(const ImportRow& row);

// An issue of a row that is not taken. `message` says the mend and quotes no value of the row.
ImportIssue Rejection(uint64_t line, std::string_view reason, std::string_view field, std::string_view message);
// A remark on what was taken all the same. Line 0 means the file as a whole.
ImportIssue Remark(uint64_t line, std::string_view reason, std::string_view field, std::string_view message);

}  // namespace snowfield::cli
