// CsvTable: CSV and tab- or semicolon-delimited text with a header, by libcsv in strict mode (RFC 4180).
//
// Gzipped files are read as they are. A byte order mark is dropped. Every line that can't be read is an issue with its
// line number, and reading goes on at the next line: a quote that is never closed costs one line, not the file.
// Thread safety: one reader, one thread. Memory: at most one record, kRecordBytesMax.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "services/cli/files/table_reader.h"

namespace snowfield::cli {

// A quoted field may hold line ends; a record of more lines or bytes than this is taken for a quote never closed.
inline constexpr size_t kRecordLinesMax = 50;
inline constexpr size_t kRecordBytesMax = 2 << 20;
inline constexpr size_t kColumnsMax = 2000;

struct CsvOptions {
  char delimiter = 0;    // 0: the one of comma, tab and semicolon that the header has most of
  std::string encoding;  // see TextDecoder; empty means UTF-8
};

// Errors: no such file, an empty file (FILE_EMPTY), UTF-16 or a header that can't be read (HEADER_UNREADABLE), a column
// named twice is no error: the first one counts.
absl::StatusOr<std::unique_ptr<TableReader>> OpenCsv(const std::string& path, const CsvOptions& options);

}  // namespace snowfield::cli
