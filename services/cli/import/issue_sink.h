// IssueSink: for a reader of rows that are not imports: what it finds wrong with the file goes to the report.
// Thread safety: as a RowSink.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "services/cli/files/row_sink.h"
#include "services/cli/import/report_file.h"

namespace snowfield::cli {

class IssueSink : public RowSink {
 public:
  // Both must outlive it.
  IssueSink(const std::string& file, ReportFile& report) : file_(file), report_(report) {}

  absl::Status TakeRow(ImportRow /*row*/) override { return absl::OkStatus(); }
  void TakeIssue(ImportIssue issue) override {
    ++count_;
    report_.Add(file_, issue);
  }
  void TakeSkipped(SkippedRows /*rows*/) override {}
  void TakeProgress(double /*fraction*/) override {}

  // How many issues there were.
  int64_t count() const { return count_; }

 private:
  const std::string& file_;
  ReportFile& report_;
  int64_t count_ = 0;
};

}  // namespace snowfield::cli
