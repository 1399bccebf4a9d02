// ImportReport: what an import tells its caller while it runs: progress, and each row that is not taken or has a
// remark.
//
// Beyond kIssuesSentMax issues are only counted, so that a file of the wrong kind does not answer with millions.
// Thread safety: one thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "snowfield/territory/v1/territory.pb.h"

namespace snowfield::territory {

inline constexpr int64_t kIssuesSentMax = 10'000;
// Progress is told every this many rows.
inline constexpr int64_t kProgressRows = 10'000;

class ImportReport {
 public:
  // Sends one answer; false when the caller has gone.
  using Send = std::function<bool(const v1::ImportRowsResponse&)>;
  ImportReport(v1::ImportKind kind, Send send) : kind_(kind), send_(std::move(send)) {}

  // All of them: CANCELLED when the caller has gone.
  // A row has come; tells progress now and then.
  absl::Status CountRow();
  // The row is not taken, for what `problem` says.
  absl::Status Reject(uint64_t line, const absl::Status& problem);
  // The row is taken, but.
  absl::Status Remark(uint64_t line, std::string_view reason, std::string_view field, std::string_view message);
  // What merging found (db/store/import_store.h, OnFinding). Rows that are taken out are counted as rejected.
  absl::Status Finding(int64_t line, std::string_view reason);
  absl::Status Stage(std::string_view stage);

  int64_t received() const { return received_; }
  int64_t rejected() const { return rejected_; }

 private:
  absl::Status SendIssue(const v1::ImportIssue& issue);
  absl::Status SendProgress();
  absl::Status SendAnswer(const v1::ImportRowsResponse& answer);

  const v1::ImportKind kind_;
  const Send send_;
  std::string stage_ = "reading";
  int64_t received_ = 0;
  int64_t rejected_ = 0;
  int64_t issues_ = 0;
};

}  // namespace snowfield::territory
