// FileRun: a vendor's file from its header to its summary, a transaction for each message of rows.
//
//   SNOWFIELD_ASSIGN_OR_RETURN(auto run, FileRun::Start(pool, call, header, store, now, send));
//   while (read a message) SNOWFIELD_RETURN_IF_ERROR(run->Take(message));
//   v1::KeyFileSummary summary = run->Finish();
//
// What was taken stays when the call is cut off; the file sent again goes on. Memory does not grow with the rows.
// Thread safety: one thread at a time.
#pragma once

#include <functional>
#include <memory>
#include <set>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/paper/file/file_chunk.h"
#include "services/paper/posting.h"
#include "snowfield/paper/v1/files.pb.h"

namespace snowfield::paper {

inline constexpr int kFileRowsOfMessageMax = 1'000;
inline constexpr int kFileBatchesToldMax = 1'000;

class FileRun {
 public:
  // Sends one answer; false when the caller has gone.
  using Send = std::function<bool(const v1::KeyFileResponse&)>;
  // All must outlive it. INVALID_ARGUMENT: DELIVERY_MISSING, WALK_TIME_INVALID, and as FileColumns::Read();
  // NOT_FOUND, PERMISSION_DENIED naming "header.walker_id".
  static absl::StatusOr<std::unique_ptr<FileRun>> Start(db::Pool& pool, const access::Call& call,
                                                        const v1::KeyFileHeader& header, const StoreKnocks& store,
                                                        absl::Time now, Send send);

  // INVALID_ARGUMENT BATCH_TOO_LARGE; CANCELLED when the caller has gone.
  absl::Status Take(const v1::KeyFileRequest& message);
  v1::KeyFileSummary Finish() const;

 private:
  FileRun(db::Pool& pool, const access::Call& call, const v1::KeyFileHeader& header, FileTerms terms,
          const StoreKnocks& store, absl::Time now, Send send);

  absl::StatusOr<FileOutcome> Key(const v1::KeyFileRequest& message);
  absl::Status Tell(const FileOutcome& outcome);

  db::Pool& pool_;
  const access::Call& call_;
  const FileTerms terms_;
  const Clerk clerk_;
  const bool check_only_;
  const Send send_;
  Delivery delivery_;
  FileChunk::Readers readers_;
  std::set<int64_t> batches_;
  v1::KeyFileSummary summary_;
};

}  // namespace snowfield::paper
