#include "services/paper/batches.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/store/audit_store.h"
#include "db/store/paper_scan_store.h"
#include "services/access/scope.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/paging.h"
#include "services/rpc/reason.h"
#include "services/rpc/timestamp.h"

namespace snowfield::paper {
namespace {
constexpr char kBatches[] = "paper_batches";

v1::Batch ToMessage(const db::PaperBatch& batch) {
  v1::Batch message;
  message.set_batch_id(batch.batch_id);
  message.set_state(batch.is_open ? v1::BATCH_STATE_OPEN : v1::BATCH_STATE_CLOSED);
  *message.mutable_walk_time() = rpc::ToTimestamp(batch.walk_time);
  message.set_walker_id(batch.walker.value);
  message.set_second_entry(batch.second_entry);
  message.set_member_id(batch.member.value);
  *message.mutable_create_time() = rpc::ToTimestamp(batch.open_time);
  if (batch.close_time.has_value()) *message.mutable_close_time() = rpc::ToTimestamp(*batch.close_time);
  message.set_close_reason(batch.close_reason);
  message.set_delivery(batch.delivery);
  return message;
}

absl::StatusOr<v1::Batch> WithBalance(db::Transaction& transaction, const db::PaperBatch& batch) {
  v1::Batch message = ToMessage(batch);
  SNOWFIELD_ASSIGN_OR_RETURN(*message.mutable_balance(), BalanceOf(transaction, batch));
  return message;
}

absl::Status NoteInAudit(db::Transaction& transaction, const access::Caller& caller, std::string_view action,
                         int64_t batch_id) {
  return db::WriteAudit(
      transaction, {.member = caller.member, .action = action, .subject_kind = kBatchSubject, .subject_id = batch_id});
}

// What does not add up; empty where all does.
std::string WhatIsOpen(const v1::Balance& balance) {
  std::vector<std::string> open;
  const auto add = [&](int count, const char* what) {
    if (count > 0) open.push_back(absl::StrCat(count, " ", what));
  };
  add(balance.pages_open(), "pages not scanned");
  add(balance.rows_open(), "rows not keyed");
  add(balance.second_rows_open(), "rows not keyed a second time");
  add(balance.differences(), "differences not judged");
  return absl::StrJoin(open, ", ");
}

}  // namespace

absl::StatusOr<db::PaperBatch> BatchOfBranch(db::Transaction& transaction, const access::Caller& caller,
                                             int64_t batch_id, db::BatchLock lock) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::PaperBatch batch, db::FindPaperBatch(transaction, batch_id, lock));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, batch.member, "batch_id"));
  return batch;
}

absl::StatusOr<db::PaperBatch> BatchToKey(db::Transaction& transaction, const access::Caller& caller,
                                          int64_t batch_id) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::PaperBatch batch,
                             BatchOfBranch(transaction, caller, batch_id, db::BatchLock::kShared));
  SNOWFIELD_RETURN_IF_ERROR(CheckOpen(batch));
  return batch;
}

absl::Status CheckOpen(const db::PaperBatch& batch) {
  if (batch.is_open) return absl::OkStatus();
  return base::NotNow("BATCH_CLOSED", "this batch is closed: open it again, or another one");
}

absl::StatusOr<v1::Balance> BalanceOf(db::Transaction& transaction, const db::PaperBatch& batch) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBalance found, db::FindPaperBalance(transaction, batch.batch_id));
  v1::Balance balance;
  balance.set_pages_in(found.pages_in);
  balance.set_pages_missing(found.pages_missing);
  balance.set_pages_open(found.pages_open);
  balance.set_rows(found.rows);
  balance.set_rows_keyed(found.keyed);
  balance.set_rows_blank(found.blank);
  balance.set_rows_unreadable(found.unreadable);
  balance.set_rows_open(found.open);
  if (batch.second_entry) {
    balance.set_second_rows_open(found.second_open);
    balance.set_differences(found.differences);
  }
  return balance;
}

absl::StatusOr<v1::OpenBatchResponse> OpenBatch(db::Transaction& transaction, const access::Caller& caller,
                                                const v1::OpenBatchRequest& request, absl::Time now) {
  db::NewPaperBatch batch;
  batch.member = caller.member;
  batch.walker = base::MemberId(request.walker_id());
  batch.second_entry = request.second_entry();
  batch.now = now;
  SNOWFIELD_ASSIGN_OR_RETURN(batch.request, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(batch.walk_time, rpc::FromTimestamp(request.walk_time(), "walk_time"));
  if (!request.has_walk_time() || batch.walk_time > now) {
    return base::InvalidField("walk_time", "WALK_TIME_INVALID", "say when the walk began; it has begun already");
  }
  if (batch.walker) {
    SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, batch.walker, "walker_id"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch opened, db::OpenPaperBatch(transaction, batch));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, opened.member, "request_id"));
  SNOWFIELD_RETURN_IF_ERROR(NoteInAudit(transaction, caller, "paper.open", opened.batch_id));
  v1::OpenBatchResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_batch(), WithBalance(transaction, opened));
  return response;
}

absl::StatusOr<v1::ListBatchesResponse> ListBatches(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ListBatchesRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page, rpc::ReadPage(kBatches, request.page_size(), request.page_token()));
  const std::string_view state = request.state() == v1::BATCH_STATE_OPEN     ? "open"
                                 : request.state() == v1::BATCH_STATE_CLOSED ? "closed"
                                                                             : "";
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PaperBatch> batches,
                             db::ListPaperBatches(transaction, {.before = page.after,
                                                                .state = state,
                                                                .member = base::MemberId(request.member_id()),
                                                                .root = access::BranchRoot(caller),
                                                                .count_max = page.size + 1}));
  v1::ListBatchesResponse response;
  for (const db::PaperBatch& batch : batches) {
    if (response.batches_size() == page.size) {
      response.set_next_page_token(
          rpc::NextPageToken(kBatches, response.batches(response.batches_size() - 1).batch_id()));
      break;
    }
    *response.add_batches() = ToMessage(batch);
  }
  return response;
}

absl::StatusOr<v1::GetBatchResponse> GetBatch(db::Transaction& transaction, const access::Caller& caller,
                                              const v1::GetBatchRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch,
                             BatchOfBranch(transaction, caller, request.batch_id(), db::BatchLock::kNone));
  v1::GetBatchResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_batch(), WithBalance(transaction, batch));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PaperPage> pages,
                             db::ListPaperPages(transaction, batch.batch_id, kBatchPagesShownMax));
  for (const db::PaperPage& page : pages) {
    v1::BatchPage& message = *response.add_pages();
    message.set_packet_id(page.packet_id);
    message.set_page(page.page);
    message.set_list_number(page.list_number);
    message.set_state(page.state == db::kPageIn        ? v1::PAGE_STATE_IN
                      : page.state == db::kPageMissing ? v1::PAGE_STATE_MISSING
                                                       : v1::PAGE_STATE_OPEN);
    message.set_reason(page.reason);
    message.set_rows(page.rows);
    message.set_rows_open(page.rows_open);
    message.set_rows_to_see(page.rows_to_see);
    message.set_code(TypedText({.packet_id = page.packet_id, .page = page.page, .pages = page.page_count}));
  }
  return response;
}

absl::StatusOr<v1::CloseBatchResponse> CloseBatch(db::Transaction& transaction, const access::Caller& caller,
                                                  const v1::CloseBatchRequest& request, const StoreKnocks& store,
                                                  absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(db::PaperBatch batch,
                             BatchOfBranch(transaction, caller, request.batch_id(), db::BatchLock::kAlone));
  v1::CloseBatchResponse response;
  std::vector<db::PaperNews> news;
  SNOWFIELD_ASSIGN_OR_RETURN(const v1::Balance balance, BalanceOf(transaction, batch));
  if (batch.is_open) {
    const std::string open = WhatIsOpen(balance);
    if (!open.empty() && request.reason().empty()) {
      return base::NotNow("NOT_BALANCED", absl::StrCat(open, ": key them, or close with a reason"));
    }
    SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 0, kPaperReasonCharactersMax, "reason"));
    batch.is_open = false;
    batch.close_time = now;
    batch.close_reason = open.empty() ? "" : request.reason();
    SNOWFIELD_RETURN_IF_ERROR(db::ClosePaperBatch(transaction, batch.batch_id, caller.member, batch.close_reason, now));
    SNOWFIELD_RETURN_IF_ERROR(NoteInAudit(transaction, caller, "paper.close", batch.batch_id));
    SNOWFIELD_RETURN_IF_ERROR(db::DropReadings(transaction, batch.batch_id));
    SNOWFIELD_ASSIGN_OR_RETURN(news, db::ListPaperNews(transaction, batch.batch_id, std::nullopt));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const int knocks_before, db::CountPaperKnocks(transaction, batch.batch_id));
  int knocks = knocks_before;
  for (const db::PaperNews& one : news) {
    knocks += (one.words.IsMarks() ? 1 : 0) - (one.knock_stands ? 1 : 0);
  }
  *response.mutable_batch() = ToMessage(batch);
  *response.mutable_batch()->mutable_balance() = balance;
  response.set_knocks(knocks);
  SNOWFIELD_ASSIGN_OR_RETURN(const int stored, PostNews(transaction, batch, news, store, now));
  response.set_stored(stored);
  return response;
}

absl::StatusOr<v1::ReopenBatchResponse> ReopenBatch(db::Transaction& transaction, const access::Caller& caller,
                                                    const v1::ReopenBatchRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 1, kPaperReasonCharactersMax, "reason"));
  SNOWFIELD_ASSIGN_OR_RETURN(db::PaperBatch batch,
                             BatchOfBranch(transaction, caller, request.batch_id(), db::BatchLock::kAlone));
  if (!batch.is_open) {
    SNOWFIELD_RETURN_IF_ERROR(db::ReopenPaperBatch(transaction, batch.batch_id));
    SNOWFIELD_RETURN_IF_ERROR(NoteInAudit(transaction, caller, "paper.reopen", batch.batch_id));
    batch.is_open = true;
    batch.close_time.reset();
    batch.close_reason.clear();
  }
  v1::ReopenBatchResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_batch(), WithBalance(transaction, batch));
  return response;
}

}  // namespace snowfield::paper
