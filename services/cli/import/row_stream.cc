#include "services/cli/import/row_stream.h"

#include <chrono>
#include <utility>

#include "base/status.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

constexpr std::chrono::milliseconds kWaitingStep{200};

void AddTo(pb::ImportRowsRequest& batch, AddressRow row) { *batch.add_addresses() = std::move(row); }
void AddTo(pb::ImportRowsRequest& batch, StreetRow row) { *batch.add_streets() = std::move(row); }
void AddTo(pb::ImportRowsRequest& batch, BarrierRow row) { *batch.add_barriers() = std::move(row); }
void AddTo(pb::ImportRowsRequest& batch, BoundaryRow row) { *batch.add_boundaries() = std::move(row); }
void AddTo(pb::ImportRowsRequest& batch, PersonRow row) { *batch.add_people() = std::move(row); }

}  // namespace

RowStream::RowStream(Stub& stub, pb::ImportHeader header, PrepareContext prepare, TakeIssue take_issue)
    : stub_(stub), header_(std::move(header)), take_issue_(std::move(take_issue)) {
  prepare(context_);
}

RowStream::~RowStream() { Cancel(); }

absl::Status RowStream::Open() {
  stream_ = stub_.ImportRows(&context_);
  answers_ = std::thread([this] { ReadAnswers(); });
  pb::ImportRowsRequest opening;
  *opening.mutable_header() = header_;
  return stream_->Write(opening) ? absl::OkStatus() : EndCall();
}

absl::Status RowStream::Add(ImportRow row) {
  const size_t bytes = std::visit([](const auto& message) { return message.ByteSizeLong(); }, row);
  if (batch_rows_ == kBatchRowsMax || (batch_rows_ > 0 && batch_bytes_ + bytes > kBatchBytesMax)) {
    SNOWFIELD_RETURN_IF_ERROR(SendBatch());
  }
  std::visit([this](auto&& message) { AddTo(batch_, std::move(message)); }, std::move(row));
  ++batch_rows_;
  batch_bytes_ += bytes;
  return absl::OkStatus();
}

absl::Status RowStream::SendBatch() {
  if (stream_ == nullptr) SNOWFIELD_RETURN_IF_ERROR(Open());
  if (!stream_->Write(batch_)) return EndCall();
  rows_sent_ += batch_rows_;
  batch_.Clear();
  batch_rows_ = 0;
  batch_bytes_ = 0;
  return absl::OkStatus();
}

void RowStream::ReadAnswers() {
  pb::ImportRowsResponse response;
  while (stream_->Read(&response)) {
    if (response.has_issue()) {
      take_issue_(std::move(*response.mutable_issue()));
      continue;
    }
    const std::lock_guard<std::mutex> lock(mutex_);
    if (response.has_progress()) progress_ = response.progress();
    if (response.has_summary()) summary_ = response.summary();
  }
  const std::lock_guard<std::mutex> lock(mutex_);
  answers_ended_ = true;
}

// The server said no, or all was said: its status.
absl::Status RowStream::EndCall() {
  if (answers_.joinable()) answers_.join();
  const absl::Status status = rpc::FromGrpcStatus(stream_->Finish());
  stream_.reset();
  return status;
}

absl::StatusOr<pb::ImportSummary> RowStream::Finish(const std::function<void()>& waiting) {
  if (batch_rows_ > 0) {
    const absl::Status sent = SendBatch();
    if (!sent.ok()) return sent;
  }
  if (stream_ == nullptr) return base::NotNow("NOTHING_TO_IMPORT", "the files hold no row that can be imported");
  stream_->WritesDone();
  while (true) {
    {
      const std::lock_guard<std::mutex> lock(mutex_);
      if (answers_ended_) break;
    }
    waiting();
    std::this_thread::sleep_for(kWaitingStep);
  }
  SNOWFIELD_RETURN_IF_ERROR(EndCall());
  if (!summary_.has_value()) {
    return base::Problem(
        absl::StatusCode::kInternal, "SUMMARY_MISSING", "",
        "the server ended the import without a summary; run `snowfield import` again, it changes nothing "
        "that was stored");
  }
  return *summary_;
}

void RowStream::Cancel() {
  if (stream_ == nullptr) return;
  context_.TryCancel();
  EndCall().IgnoreError();
}

pb::ImportProgress RowStream::progress() const {
  const std::lock_guard<std::mutex> lock(mutex_);
  return progress_;
}

}  // namespace snowfield::cli
