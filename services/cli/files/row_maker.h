// RowMaker: one record of a table, under a mapping, becomes rows of the wire, or an issue, or is left out.
//
// Only what a row says by itself is checked here (is the number there, is the coordinate a coordinate); what needs the
// other rows or the campaign is the server's. A multi-part line becomes several rows: "12", "12/2", "12/3".
// Thread safety: one maker, one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/cli/files/mapping.h"
#include "services/cli/files/row_sink.h"
#include "services/cli/files/table_reader.h"

namespace snowfield::cli {

// A row whose wire form is larger is rejected: the server's limit of one message is 4 MiB.
inline constexpr size_t kRowBytesMax = 3 << 20;
// A field's text beyond this is no name and no number.
inline constexpr size_t kFieldBytesMax = 500;
// Values of filter columns are counted apart up to this many; the rest together.
inline constexpr size_t kSkipReasonsMax = 300;

struct RowOptions {
  // The kind of barriers or boundaries for a file that has no column for it: "water", "precinct".
  std::string kind;
  // The year from which an age counts back.
  int this_year = 0;
};

class RowMaker {
 public:
  // Binds the mapping to the table's columns; COLUMN_MISSING as in BoundMapping::Bind, KIND_MISSING when neither a
  // column nor options.kind says the kind of barriers or boundaries.
  static absl::StatusOr<RowMaker> For(const Mapping& mapping, const TableReader& table, const RowOptions& options);

  // Hands the record's rows, or its issue, to the sink. The status is the sink's.
  absl::Status Take(const Record& record, RowSink& sink);
  // Reports the rows that filters left out. Call once, at the end.
  void ReportSkipped(RowSink& sink) const;

 private:
  RowMaker(ImportKind kind, BoundMapping mapping, RowOptions options)
      : kind_(kind), mapping_(std::move(mapping)), options_(std::move(options)) {}

  absl::Status TakeAddress(const Record& record, RowSink& sink) const;
  absl::Status TakeStreet(const Record& record, RowSink& sink) const;
  absl::Status TakeBarrier(const Record& record, RowSink& sink) const;
  absl::Status TakeBoundary(const Record& record, RowSink& sink) const;
  absl::Status TakePerson(const Record& record, RowSink& sink) const;
  bool FieldsFit(const Record& record, RowSink& sink) const;
  std::string Value(const char* field, const Record& record) const { return mapping_.Value(field, record); }

  ImportKind kind_;
  BoundMapping mapping_;
  RowOptions options_;
  std::map<std::pair<std::string, std::string>, uint64_t> skipped_;  // by column and value
};

// "M/D/YYYY", "YYYY-MM-DD", "YYYYMMDD" or "YYYY" as a year between 1850 and `this_year`; 0 where it is none.
int YearOfDate(std::string_view text, int this_year);

}  // namespace snowfield::cli
