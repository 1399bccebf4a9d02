// ReportFile: the rows of an import that were rejected, left out or remarked on, as CSV for a spreadsheet.
//
// Columns: line, file, reason, field, message, taken. No value of a row is ever written: the message says what is wrong
// with it and the mend.
// Thread safety: callable from any thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/cli/files/row_sink.h"

namespace snowfield::cli {

class ReportFile {
 public:
  // One line of the summary on the terminal.
  struct ReasonCount {
    std::string reason;
    uint64_t count = 0;
    bool taken = false;
    std::string example;  // the first message
    uint64_t line = 0;    // where the first one was
    std::string file;
  };

  // With an empty path only counts are kept. FAILED_PRECONDITION REPORT_NOT_WRITTEN when the file can't be made.
  absl::Status Open(const std::string& path);
  // `count` rows share the issue.
  void Add(const std::string& file, const ImportIssue& issue, uint64_t count = 1);
  // Flushes; FAILED_PRECONDITION REPORT_NOT_WRITTEN when the disk did not take all of it.
  absl::Status Close();

  // By reason, most frequent first.
  std::vector<ReasonCount> Reasons() const;

 private:
  struct FileClose {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  mutable std::mutex mutex_;
  std::string path_;
  std::unique_ptr<std::FILE, FileClose> file_;
  bool failed_ = false;
  std::map<std::pair<std::string, bool>, ReasonCount> reasons_;
};

}  // namespace snowfield::cli
