#include "services/cli/import/key_file.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/csv_table.h"
#include "services/cli/import/issue_sink.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;
constexpr int kMessageRowsMax = 1'000;
constexpr size_t kMessageBytesMax = 1 << 20;

// The call: rows out, answers in.
class FileCall {
 public:
  FileCall(pb::PaperService::StubInterface& stub, const RowStream::PrepareContext& prepare, const KeyFilePlan& plan,
           ReportFile& report)
      : plan_(plan), report_(report) {
    prepare(context_);
    stream_ = stub.KeyFile(&context_);
    answers_ = std::thread([this] { TakeAnswers(); });
  }
  ~FileCall() {
    if (!answers_.joinable()) return;
    context_.TryCancel();
    answers_.join();
    stream_->Finish();
  }
  FileCall(const FileCall&) = delete;
  FileCall& operator=(const FileCall&) = delete;

  // False when the server has ended the call: Finish() says why.
  bool Open(const std::vector<std::string>& columns) {
    pb::KeyFileRequest opening;
    *opening.mutable_header() = plan_.header;
    opening.mutable_header()->mutable_columns()->Assign(columns.begin(), columns.end());
    return stream_->Write(opening);
  }
  bool Add(const Record& record) {
    pb::FileRow& row = *message_.add_rows();
    row.set_line(static_cast<int64_t>(record.line));
    size_t filled = record.values.size();
    while (filled > 0 && record.values[filled - 1].empty()) --filled;
    for (size_t i = 0; i < filled; ++i) {
      row.add_values(record.values[i]);
      bytes_ += record.values[i].size();
    }
    if (message_.rows_size() < kMessageRowsMax && bytes_ < kMessageBytesMax) return true;
    return Send();
  }
  absl::StatusOr<pb::KeyFileSummary> Finish() {
    if (message_.rows().empty() || Send()) stream_->WritesDone();
    answers_.join();
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stream_->Finish()));
    if (summary_.has_value()) return *summary_;
    return base::Problem(
        absl::StatusCode::kInternal, "SUMMARY_MISSING", "",
        "the server ended the call without a summary: send the file again, it changes nothing that was taken");
  }

  int64_t rows_done() const { return rows_done_; }
  int64_t rejected() const { return rejected_; }

 private:
  bool Send() {
    const bool is_sent = stream_->Write(message_);
    message_.Clear();
    bytes_ = 0;
    return is_sent;
  }
  void TakeAnswers() {
    for (pb::KeyFileResponse answer; stream_->Read(&answer);) {
      if (answer.has_issue()) {
        if (!answer.issue().taken()) ++rejected_;
        report_.Add(plan_.file, answer.issue());
      }
      if (answer.what_case() == pb::KeyFileResponse::kRowsDone) rows_done_ = answer.rows_done();
      if (answer.has_summary()) summary_ = answer.summary();
    }
  }

  const KeyFilePlan& plan_;
  ReportFile& report_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriterInterface<pb::KeyFileRequest, pb::KeyFileResponse>> stream_;
  std::thread answers_;
  pb::KeyFileRequest message_;
  size_t bytes_ = 0;
  std::atomic<int64_t> rows_done_ = 0, rejected_ = 0;
  std::optional<pb::KeyFileSummary> summary_;  // the answering thread's until it has ended
};

}  // namespace

absl::Status KeyFile(pb::PaperService::StubInterface& stub, const RowStream::PrepareContext& prepare,
                     const KeyFilePlan& plan, const ShowProgress& show, ReportFile& report,
                     pb::KeyFileSummary& summary) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::unique_ptr<TableReader> table,
                             OpenCsv(plan.file, {.delimiter = 0, .encoding = plan.encoding}));
  IssueSink bad_lines(plan.file, report);
  FileCall call(stub, prepare, plan, report);
  bool is_open = call.Open(table->columns());
  int64_t rows = 0;
  Record record;
  while (is_open) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool has_row, table->Next(record, bad_lines));
    if (!has_row) break;
    is_open = call.Add(record);
    if (++rows % kMessageRowsMax == 0) {
      show(table->Fraction(), absl::StrCat(call.rows_done(), " rows keyed, ", call.rejected(), " rejected"));
    }
  }
  SNOWFIELD_ASSIGN_OR_RETURN(summary, call.Finish());
  summary.set_rows(summary.rows() + bad_lines.count());
  summary.set_rejected(summary.rejected() + bad_lines.count());
  return absl::OkStatus();
}

}  // namespace snowfield::cli
