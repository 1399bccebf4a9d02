// CollectRows: a RowSink that keeps all, and files made for one test.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "services/cli/files/presets.h"
#include "services/cli/files/read_file.h"
#include "services/cli/files/row_sink.h"

namespace snowfield::cli {

class CollectRows : public RowSink {
 public:
  absl::Status TakeRow(ImportRow row) override {
    rows.push_back(std::move(row));
    return absl::OkStatus();
  }
  void TakeIssue(ImportIssue issue) override { issues.push_back(std::move(issue)); }
  void TakeSkipped(SkippedRows rows_skipped) override { skipped.push_back(std::move(rows_skipped)); }
  void TakeProgress(double value) override {
    progress_rises = progress_rises && value >= fraction && value <= 1;
    fraction = value;
  }

  // "line REASON field", in order; remarks end in " (taken)".
  std::vector<std::string> IssueLines() const {
    std::vector<std::string> lines;
    for (const ImportIssue& issue : issues) {
      lines.push_back(std::to_string(issue.line()) + " " + issue.reason() +
                      (issue.field().empty() ? "" : " " + issue.field()) + (issue.taken() ? " (taken)" : ""));
    }
    return lines;
  }
  size_t CountIssues(const std::string& reason) const {
    return static_cast<size_t>(std::count_if(issues.begin(), issues.end(),
                                             [&](const ImportIssue& issue) { return issue.reason() == reason; }));
  }
  uint64_t CountSkipped() const {
    uint64_t count = 0;
    for (const SkippedRows& one : skipped) count += one.count;
    return count;
  }
  template <typename Row>
  std::vector<Row> All() const {
    std::vector<Row> all;
    for (const ImportRow& row : rows) {
      if (const Row* one = std::get_if<Row>(&row)) all.push_back(*one);
    }
    return all;
  }

  std::vector<ImportRow> rows;
  std::vector<ImportIssue> issues;
  std::vector<SkippedRows> skipped;
  double fraction = 0;
  bool progress_rises = true;
};

// A folder of its own that goes with the test.
class TestFolder {
 public:
  TestFolder() {
    std::string path = (std::filesystem::temp_directory_path() / "snowfield_cli_XXXXXX").string();
    path_ = mkdtemp(path.data());
  }
  ~TestFolder() { std::filesystem::remove_all(path_); }
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;

  std::string Path(const std::string& name) const { return (path_ / name).string(); }
  std::string Write(const std::string& name, const std::string& content) const {
    std::ofstream(Path(name), std::ios::binary) << content;
    return Path(name);
  }

 private:
  std::filesystem::path path_;
};

inline std::string ReadText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::string TestData(const std::string& name) {
  return (std::filesystem::path(SNOWFIELD_SOURCE_DIR) / "tests/services/cli/testdata" / name).string();
}

// A file of the real data sets, or empty where they are not on this machine.
inline std::string RealData(const std::string& name) {
  const char* folder = std::getenv("SNOWFIELD_DATA");
  const std::filesystem::path beside = std::filesystem::path(SNOWFIELD_SOURCE_DIR) / "../shared/data";
  const std::filesystem::path path = (folder != nullptr ? std::filesystem::path(folder) : beside) / name;
  return std::filesystem::exists(path) ? path.string() : "";
}

struct ReadPlan {
  ImportKind kind = snowfield::territory::v1::IMPORT_KIND_ADDRESSES;
  std::string preset;
  std::string kind_name = {};  // RowOptions::kind
  std::string encoding = {};
};

inline absl::Status ReadInto(CollectRows& out, const std::string& path, const ReadPlan& plan) {
  auto mapping = FindPreset(plan.preset, plan.kind);
  if (!mapping.ok()) return mapping.status();
  if (!plan.encoding.empty()) mapping->encoding = plan.encoding;
  return ReadFile(path, *mapping, {.kind = plan.kind_name, .this_year = 2026}, out);
}

}  // namespace snowfield::cli
