#include "services/cli/import/run_import.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "services/cli/files/read_file.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

constexpr uint64_t kLineMask = (uint64_t{1} << kFileShift) - 1;

// What a reader finds, sent on; one after the other for all files of the plan.
class SendingSink : public RowSink {
 public:
  SendingSink(const ImportPlan& plan, RowStream& stream, ReportFile& report, const ShowProgress& show)
      : plan_(plan), stream_(stream), report_(report), show_(show) {}

  void StartFile(size_t index) { file_ = index; }

  absl::Status TakeRow(ImportRow row) override {
    ++rows_;
    std::visit([this](auto& message) { message.set_line(message.line() | (uint64_t{file_} << kFileShift)); }, row);
    return stream_.Add(std::move(row));
  }
  void TakeIssue(ImportIssue issue) override {
    if (!issue.taken()) ++rejected_;
    report_.Add(plan_.files[file_], issue);
  }
  void TakeSkipped(SkippedRows rows) override {
    left_out_ += static_cast<int64_t>(rows.count);
    report_.Add(plan_.files[file_], Rejection(0, rows.reason, rows.field, rows.message), rows.count);
  }
  void TakeProgress(double fraction) override {
    const double all = (static_cast<double>(file_) + fraction) / static_cast<double>(plan_.files.size());
    show_(all, absl::StrCat("reading: ", rows_, " rows, ", rejected_ + stream_.progress().rejected(), " rejected"));
  }

  int64_t rows() const { return rows_; }
  int64_t rejected() const { return rejected_; }
  int64_t left_out() const { return left_out_; }

 private:
  const ImportPlan& plan_;
  RowStream& stream_;
  ReportFile& report_;
  const ShowProgress& show_;
  size_t file_ = 0;
  int64_t rows_ = 0;
  int64_t rejected_ = 0;
  int64_t left_out_ = 0;
};

// A file at fault is a failure of the import, not of its usage, and says which file it is.
absl::Status OfFile(const std::string& path, const absl::Status& status) {
  const base::ProblemDetail detail = base::DetailOf(status);
  const std::string message = base::MessageOf(status);
  const auto code = absl::IsInvalidArgument(status) ? absl::StatusCode::kFailedPrecondition : status.code();
  return base::Problem(code, detail.reason, detail.field,
                       absl::StrContains(message, path) ? message : absl::StrCat(path, ": ", message));
}

absl::Status ReadAll(const ImportPlan& plan, SendingSink& sink) {
  for (size_t i = 0; i < plan.files.size(); ++i) {
    sink.StartFile(i);
    const absl::Status status = ReadFile(plan.files[i], plan.mapping, plan.options, sink);
    if (!status.ok()) return OfFile(plan.files[i], status);
  }
  return absl::OkStatus();
}

absl::Status NothingToSend(const SendingSink& sink) {
  if (sink.rejected() > 0) {
    return base::NotNow("EVERY_ROW_REJECTED",
                        absl::StrCat("all ", sink.rejected(),
                                     " rows are rejected and nothing was stored; the reasons stand "
                                     "above and in the report"));
  }
  if (sink.left_out() > 0) {
    return base::NotNow("NOTHING_TO_IMPORT", absl::StrCat("the preset's filters leave out all ", sink.left_out(),
                                                          " rows; is it the right one?"));
  }
  return base::NotNow("NOTHING_TO_IMPORT", "the files hold no rows of this kind; is it the right file?");
}

pb::ImportHeader HeaderOf(const ImportPlan& plan) {
  pb::ImportHeader header;
  header.set_kind(plan.mapping.kind);
  header.set_dataset(plan.dataset);
  header.set_dry_run(plan.dry_run);
  header.set_bring_back_erased(plan.bring_back_erased);
  return header;
}

absl::Status Transfer(RowStream& stream, SendingSink& sink, const ImportPlan& plan, const ShowProgress& show,
                      ImportOutcome& outcome) {
  const absl::Status read = ReadAll(plan, sink);
  outcome.read = sink.rows() + sink.rejected() + sink.left_out();
  outcome.left_out = sink.left_out();
  outcome.rejected = sink.rejected();
  if (!read.ok()) {
    stream.Cancel();
    return read;
  }
  if (sink.rows() == 0) return NothingToSend(sink);
  SNOWFIELD_ASSIGN_OR_RETURN(outcome.summary, stream.Finish([&] {
    const pb::ImportProgress progress = stream.progress();
    show(-1, absl::StrCat(progress.stage().empty() ? "storing" : progress.stage(), ": ", progress.received(), " rows, ",
                          sink.rejected() + progress.rejected(), " rejected"));
  }));
  outcome.rejected += outcome.summary.rejected();
  if (outcome.summary.received() > 0 && outcome.summary.rejected() == outcome.summary.received()) {
    return base::NotNow("EVERY_ROW_REJECTED", absl::StrCat("the server rejected all ", outcome.summary.received(),
                                                           " rows; the reasons stand above and in the report"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status RunImport(RowStream::Stub& stub, const RowStream::PrepareContext& prepare, const ImportPlan& plan,
                       const ShowProgress& show, ImportOutcome& outcome) {
  const absl::Time start = absl::Now();
  ReportFile report;
  SNOWFIELD_RETURN_IF_ERROR(report.Open(plan.report_path));
  absl::Status status;
  {
    RowStream stream(stub, HeaderOf(plan), prepare, [&](ImportIssue issue) {
      const size_t file = std::min(static_cast<size_t>(issue.line() >> kFileShift), plan.files.size() - 1);
      issue.set_line(issue.line() & kLineMask);
      report.Add(plan.files[file], issue);
    });
    SendingSink sink(plan, stream, report, show);
    status = Transfer(stream, sink, plan, show, outcome);
  }
  outcome.reasons = report.Reasons();
  outcome.seconds = absl::ToDoubleSeconds(absl::Now() - start);
  const absl::Status closed = report.Close();
  return status.ok() ? closed : status;
}

}  // namespace snowfield::cli
