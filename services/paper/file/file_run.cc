#include "services/paper/file/file_run.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "services/access/scope.h"
#include "services/rpc/timestamp.h"

namespace snowfield::paper {
namespace {

// As the database keeps it, so that entries of this file are known by it.
absl::Time ToMicroseconds(absl::Time time) { return absl::FromUnixMicros(absl::ToUnixMicros(time)); }

absl::Status CheckDelivery(const std::string& delivery) {
  const bool is_named = !absl::StripAsciiWhitespace(delivery).empty() && delivery.find('\0') == std::string::npos;
  if (is_named && base::CharacterCount(delivery) <= kDeliveryCharactersMax) return absl::OkStatus();
  return base::InvalidField("header.delivery", "DELIVERY_MISSING",
                            absl::StrCat("name what was sent, in at most ", kDeliveryCharactersMax,
                                         " characters, so that it is known when it is sent again: acme-2026-11-25"));
}

absl::StatusOr<FileTerms> ReadTerms(const v1::KeyFileHeader& header, absl::Time now) {
  const FileManner manner{.lenient = header.lenient()};
  SNOWFIELD_RETURN_IF_ERROR(CheckDelivery(header.delivery()));
  SNOWFIELD_ASSIGN_OR_RETURN(FileColumns columns,
                             FileColumns::Read({header.columns().begin(), header.columns().end()}, manner));
  FileTerms terms{
      .columns = std::move(columns), .manner = manner, .empty_is_blank = header.empty_is_blank(), .walk = std::nullopt};
  if (header.has_walk_time()) {
    Walk walk{.time = {}, .walker = base::MemberId(header.walker_id())};
    SNOWFIELD_ASSIGN_OR_RETURN(walk.time, rpc::FromTimestamp(header.walk_time(), "header.walk_time"));
    if (walk.time > now) {
      return base::InvalidField("header.walk_time", "WALK_TIME_INVALID", "say when the walk began; it is past");
    }
    terms.walk = walk;
  } else if (header.walker_id() != 0) {
    return base::InvalidField("header.walk_time", "WALK_TIME_INVALID", "who walked goes with when: say both");
  }
  return terms;
}

}  // namespace

FileRun::FileRun(db::Pool& pool, const access::Call& call, const v1::KeyFileHeader& header, FileTerms terms,
                 const StoreKnocks& store, absl::Time now, Send send)
    : pool_(pool),
      call_(call),
      terms_(std::move(terms)),
      clerk_{call.caller, store, ToMicroseconds(now)},
      check_only_(header.check_only()),
      send_(std::move(send)),
      delivery_(header.delivery(), header.second_entry()) {}

absl::StatusOr<std::unique_ptr<FileRun>> FileRun::Start(db::Pool& pool, const access::Call& call,
                                                        const v1::KeyFileHeader& header, const StoreKnocks& store,
                                                        absl::Time now, Send send) {
  SNOWFIELD_ASSIGN_OR_RETURN(FileTerms terms, ReadTerms(header, now));
  if (terms.walk.has_value() && terms.walk->walker) {
    const base::MemberId walker = terms.walk->walker;
    SNOWFIELD_RETURN_IF_ERROR(db::RunInTransaction(pool, call.ReadScope(), [&](db::Transaction& transaction) {
      return access::CheckInScope(transaction, call.caller, walker, "header.walker_id");
    }));
  }
  return std::unique_ptr<FileRun>(new FileRun(pool, call, header, std::move(terms), store, now, std::move(send)));
}

absl::StatusOr<FileOutcome> FileRun::Key(const v1::KeyFileRequest& message) {
  db::Scope scope = call_.Scope();
  scope.look_ups = true;
  Delivery delivery = delivery_;
  const auto key = [&](db::Transaction& transaction) {
    delivery = delivery_;
    return FileChunk(transaction, clerk_, terms_, delivery, readers_).Key(message.rows());
  };
  if (check_only_) {
    // Dropped: all of it is forgotten.
    SNOWFIELD_ASSIGN_OR_RETURN(db::Transaction transaction, pool_.Begin(scope));
    return key(transaction);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(FileOutcome outcome, db::RunInTransaction(pool_, scope, key));
  delivery_ = std::move(delivery);
  return outcome;
}

absl::Status FileRun::Tell(const FileOutcome& outcome) {
  absl::Status gone = absl::CancelledError("the caller has gone; what was keyed so far stays");
  v1::KeyFileResponse answer;
  for (const territory::v1::ImportIssue& issue : outcome.issues) {
    *answer.mutable_issue() = issue;
    if (!send_(answer)) return gone;
  }
  answer.set_rows_done(summary_.rows());
  return send_(answer) ? absl::OkStatus() : gone;
}

absl::Status FileRun::Take(const v1::KeyFileRequest& message) {
  if (message.rows_size() > kFileRowsOfMessageMax) {
    return base::InvalidField(
        "rows", "BATCH_TOO_LARGE",
        absl::StrCat("at most ", kFileRowsOfMessageMax, " rows in one message: send more messages"));
  }
  if (message.rows().empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const FileOutcome outcome, Key(message));
  const v1::KeyFileSummary& chunk = outcome.summary;
  summary_.set_rows(summary_.rows() + chunk.rows());
  summary_.set_keyed(summary_.keyed() + chunk.keyed());
  summary_.set_unchanged(summary_.unchanged() + chunk.unchanged());
  summary_.set_empty(summary_.empty() + chunk.empty());
  summary_.set_rejected(summary_.rejected() + chunk.rejected());
  for (const int64_t batch : chunk.batch_ids()) {
    if (!check_only_ && batches_.size() < kFileBatchesToldMax) batches_.insert(batch);
  }
  return Tell(outcome);
}

v1::KeyFileSummary FileRun::Finish() const {
  v1::KeyFileSummary summary = summary_;
  summary.mutable_batch_ids()->Add(batches_.begin(), batches_.end());
  return summary;
}

}  // namespace snowfield::paper
