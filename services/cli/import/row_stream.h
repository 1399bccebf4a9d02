// RowStream: sends rows to TerritoryService.ImportRows in batches, and takes its answers on a thread of its own.
//
// The call is opened with the first row, so a file of which nothing is good never reaches the server. Nothing is stored
// unless Finish() is called: Cancel(), or the end of the process, makes the server forget the rows.
// Line numbers of several files share one stream: the file's number stands above bit 40 of `line`.
// Thread safety: TakeRow, Finish and Cancel from one thread; counters from any.
#pragma once

#include <grpcpp/client_context.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "services/cli/files/row_sink.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"

namespace snowfield::cli {

inline constexpr int kBatchRowsMax = 1000;
inline constexpr size_t kBatchBytesMax = 1 << 20;
inline constexpr int kFileShift = 40;

class RowStream {
 public:
  using Stub = snowfield::territory::v1::TerritoryService::StubInterface;
  using PrepareContext = std::function<void(grpc::ClientContext&)>;
  using TakeIssue = std::function<void(ImportIssue)>;  // called from the answering thread

  // `stub` outlives the stream.
  RowStream(Stub& stub, snowfield::territory::v1::ImportHeader header, PrepareContext prepare, TakeIssue take_issue);
  ~RowStream();
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  // Adds the row to the batch; a full batch is sent. The server's status when it ended the call.
  absl::Status Add(ImportRow row);
  // Sends the rest, half-closes, and returns the summary once the server has stored the rows. `waiting` is called a few
  // times a second until then.
  absl::StatusOr<snowfield::territory::v1::ImportSummary> Finish(const std::function<void()>& waiting);
  void Cancel();

  int64_t rows_sent() const { return rows_sent_; }
  // The latest that the server said of itself.
  snowfield::territory::v1::ImportProgress progress() const;

 private:
  using Stream = grpc::ClientReaderWriterInterface<snowfield::territory::v1::ImportRowsRequest,
                                                   snowfield::territory::v1::ImportRowsResponse>;
  absl::Status Open();
  absl::Status SendBatch();
  void ReadAnswers();
  absl::Status EndCall();

  Stub& stub_;
  snowfield::territory::v1::ImportHeader header_;
  TakeIssue take_issue_;
  grpc::ClientContext context_;
  std::unique_ptr<Stream> stream_;
  std::thread answers_;
  snowfield::territory::v1::ImportRowsRequest batch_;
  int batch_rows_ = 0;
  size_t batch_bytes_ = 0;
  int64_t rows_sent_ = 0;

  mutable std::mutex mutex_;
  bool answers_ended_ = false;                                      // guarded by mutex_
  snowfield::territory::v1::ImportProgress progress_;               // guarded by mutex_
  std::optional<snowfield::territory::v1::ImportSummary> summary_;  // guarded by mutex_
};

}  // namespace snowfield::cli
