#include "services/cli/import/report_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/csv_cell.h"

namespace snowfield::cli {
namespace {

absl::Status NotWritten(const std::string& path) {
  return base::NotNow("REPORT_NOT_WRITTEN", absl::StrCat("the report ", path, " can't be written (",
                                                         std::strerror(errno), "); name another with --report"));
}

}  // namespace

absl::Status ReportFile::Open(const std::string& path) {
  path_ = path;
  if (path.empty()) return absl::OkStatus();
  file_.reset(std::fopen(path.c_str(), "w"));
  if (file_ == nullptr) return NotWritten(path);
  failed_ = std::fputs("line,file,reason,field,message,taken\n", file_.get()) < 0;
  return absl::OkStatus();
}

void ReportFile::Add(const std::string& file, const ImportIssue& issue, uint64_t count) {
  const std::lock_guard<std::mutex> lock(mutex_);
  ReasonCount& reason = reasons_[{issue.reason(), issue.taken()}];
  if (reason.count == 0) {
    reason = {issue.reason(), 0, issue.taken(), issue.message(), issue.line(), file};
  }
  reason.count += count;
  if (file_ == nullptr) return;
  const std::string line =
      absl::StrCat(issue.line(), ",", CsvCell(file), ",", issue.reason(), ",", CsvCell(issue.field()), ",",
                   CsvCell(issue.message()), ",", issue.taken() ? "yes" : "no", "\n");
  failed_ = std::fputs(line.c_str(), file_.get()) < 0 || failed_;
}

absl::Status ReportFile::Close() {
  const std::lock_guard<std::mutex> lock(mutex_);
  if (file_ == nullptr) return absl::OkStatus();
  failed_ = std::fflush(file_.get()) != 0 || failed_;
  file_.reset();
  return failed_ ? NotWritten(path_) : absl::OkStatus();
}

std::vector<ReportFile::ReasonCount> ReportFile::Reasons() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<ReasonCount> reasons;
  for (const auto& [key, reason] : reasons_) reasons.push_back(reason);
  std::stable_sort(reasons.begin(), reasons.end(),
                   [](const ReasonCount& a, const ReasonCount& b) { return a.count > b.count; });
  return reasons;
}

}  // namespace snowfield::cli
