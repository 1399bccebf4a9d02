#include "services/paper/page_in_batch.h"

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "services/paper/batches.h"

namespace snowfield::paper {

absl::Status PutPage(db::Transaction& transaction, const Clerk& clerk, const db::PaperBatch& batch, db::PageToPut page,
                     std::string* was_state) {
  page.batch_id = batch.batch_id;
  page.member = clerk.caller.member;
  page.now = clerk.now;
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PagePut put, db::PutPaperPage(transaction, page));
  *was_state = put.was_state;
  if (put.batch_id == batch.batch_id) return absl::OkStatus();
  return base::NotNow(
      "PAGE_IN_ANOTHER_BATCH",
      absl::StrCat("this page has come twice: it is in ",
                   put.batch_id == 0 ? "another batch" : absl::StrCat("batch ", put.batch_id), "; look at it there"));
}

absl::StatusOr<SheetInHand> TakeSheet(db::Transaction& transaction, const Clerk& clerk, const db::PaperBatch& batch,
                                      const db::PageAt& at, db::EntryRound round) {
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t holder, db::LockPaperPage(transaction, at));
  if (holder != batch.batch_id) {
    return base::NotNow("PAGE_NOT_IN_BATCH", "scan the page into this batch first");
  }
  return SheetInHand::Read(transaction, clerk.caller, at, round, "packet_id");
}

absl::Status CheckSecondClerk(db::Transaction& transaction, const Clerk& clerk, const db::PageAt& at,
                              db::EntryRound round) {
  if (round == db::EntryRound::kJudged) return absl::OkStatus();
  const db::EntryRound other = round == db::EntryRound::kFirst ? db::EntryRound::kSecond : db::EntryRound::kFirst;
  SNOWFIELD_ASSIGN_OR_RETURN(const bool has_keyed, db::HasKeyed(transaction, at, other, clerk.caller.member));
  if (!has_keyed) return absl::OkStatus();
  return base::NotNow("SECOND_BY_SAME_CLERK", "you have keyed this page once: the second entry is for someone else");
}

absl::Status NotePageInAudit(db::Transaction& transaction, const Clerk& clerk, std::string_view action,
                             const db::PageAt& at) {
  return db::WriteAudit(transaction, {.member = clerk.caller.member,
                                      .action = action,
                                      .subject_kind = "packet",
                                      .subject_id = at.packet_id,
                                      .detail_json = absl::StrCat("{\"page\": ", at.page, "}")});
}

absl::Status CheckRoom(const v1::Balance& balance) {
  if (balance.pages_in() + balance.pages_missing() <= kBatchPagesMax) return absl::OkStatus();
  return base::NotNow("BATCH_FULL", absl::StrCat("a batch has at most ", kBatchPagesMax, " pages: open another"));
}

}  // namespace snowfield::paper
