#include "services/paper/keying.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "geo/streets/address.h"
#include "geo/streets/street_name.h"
#include "services/access/scope.h"
#include "services/paper/batches.h"
#include "services/paper/keys/marks_check.h"
#include "services/paper/page_in_batch.h"
#include "services/paper/sheet.h"
#include "services/rpc/paging.h"
#include "services/rpc/reason.h"

namespace snowfield::paper {
namespace {
using db::EntryRound;
constexpr char kDifferences[] = "paper_differences";
constexpr int64_t kSequenceSpan = 1'000'000;  // of the second key of a page token: page * span + row

EntryRound RoundOf(bool second) { return second ? EntryRound::kSecond : EntryRound::kFirst; }

absl::Status CheckRound(const db::PaperBatch& batch, EntryRound round) {
  if (round == EntryRound::kFirst || batch.second_entry) return absl::OkStatus();
  return base::NotNow("ENTERED_ONCE", "this batch is keyed once: a second entry is chosen when a batch is opened");
}

absl::StatusOr<const db::PaperRow*> RowOf(const SheetInHand& sheet, int sequence) {
  const db::PaperRow* row = sheet.Find(sequence);
  if (row != nullptr) return row;
  return base::NoSuch("sequence", "the sheet has no row of this number: scan the page again, or write the door in");
}

absl::StatusOr<v1::RowEntry> ReadEntry(const v1::KeyRowRequest& request, const SheetInHand& sheet,
                                       const db::PaperRow& row) {
  if (request.has_entry()) return request.entry();
  return ReadKeys(request.keys(), sheet.columns(), sheet.LinesOf(row));
}

// A row as the round has it now, and how far the batch is; then what must hold at once.
struct Kept {
  v1::SheetRow row;
  v1::Balance balance;
};
absl::StatusOr<Kept> Keep(db::Transaction& transaction, const Clerk& clerk, const db::PaperBatch& batch,
                          const SheetInHand& sheet, db::PaperRow row, v1::RowEntry entry, EntryRound round) {
  const Lines lines = sheet.LinesOf(row);
  SNOWFIELD_RETURN_IF_ERROR(CheckEntry(entry, sheet.columns(), lines));
  const bool is_do_not_contact = entry.marks().result() == canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT;
  db::PaperWords words = WordsOf(std::move(entry), sheet.columns(), lines);
  if (words != row.words) {
    row.words = std::move(words);
    row.member = clerk.caller.member;
    row.entry_time = clerk.now;
    row.source = db::kSourceKeyed;
    SNOWFIELD_ASSIGN_OR_RETURN(const int64_t entry_id, db::InsertPaperEntry(transaction, {.at = sheet.at(),
                                                                                          .sequence = row.sequence,
                                                                                          .round = round,
                                                                                          .words = row.words,
                                                                                          .member = row.member,
                                                                                          .now = clerk.now}));
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(
        transaction,
        {.member = clerk.caller.member, .action = "paper.key", .subject_kind = "paper_entry", .subject_id = entry_id}));
  }
  Kept kept;
  sheet.Write(row, clerk.now, kept.row);
  SNOWFIELD_ASSIGN_OR_RETURN(kept.balance, BalanceOf(transaction, batch));
  if (is_do_not_contact && round != EntryRound::kSecond) {
    SNOWFIELD_RETURN_IF_ERROR(
        HoldAtOnce(transaction, batch, {{.at = sheet.at(), .sequence = row.sequence}}, clerk.store, clerk.now));
  }
  return kept;
}

}  // namespace

absl::StatusOr<v1::ScanPageResponse> ScanPage(db::Transaction& transaction, const Clerk& clerk,
                                              const v1::ScanPageRequest& request) {
  const EntryRound round = RoundOf(request.second());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckRound(batch, round));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PageAt at, ReadPageCode(transaction.campaign(), request.code(), "code"));
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand sheet, SheetInHand::Read(transaction, clerk.caller, at, round, "code"));
  std::string was_state;
  SNOWFIELD_RETURN_IF_ERROR(PutPage(transaction, clerk, batch, {.at = at, .state = db::kPageIn}, &was_state));
  v1::ScanPageResponse response;
  sheet.Write(clerk.now, *response.mutable_sheet());
  response.set_again(was_state == db::kPageIn);
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_balance(), BalanceOf(transaction, batch));
  SNOWFIELD_RETURN_IF_ERROR(CheckRoom(response.balance()));
  return response;
}

absl::StatusOr<v1::KeyRowResponse> KeyRow(db::Transaction& transaction, const Clerk& clerk,
                                          const v1::KeyRowRequest& request) {
  const EntryRound round = RoundOf(request.second());
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckRound(batch, round));
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand sheet, TakeSheet(transaction, clerk, batch, at, round));
  SNOWFIELD_RETURN_IF_ERROR(CheckSecondClerk(transaction, clerk, at, round));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* row, RowOf(sheet, request.sequence()));
  SNOWFIELD_ASSIGN_OR_RETURN(v1::RowEntry entry, ReadEntry(request, sheet, *row));
  SNOWFIELD_ASSIGN_OR_RETURN(Kept kept, Keep(transaction, clerk, batch, sheet, *row, std::move(entry), round));
  v1::KeyRowResponse response;
  *response.mutable_row() = std::move(kept.row);
  *response.mutable_balance() = std::move(kept.balance);
  return response;
}

absl::StatusOr<v1::FinishPageResponse> FinishPage(db::Transaction& transaction, const Clerk& clerk,
                                                  const v1::FinishPageRequest& request) {
  const EntryRound round = RoundOf(request.second());
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckRound(batch, round));
  SNOWFIELD_RETURN_IF_ERROR(TakeSheet(transaction, clerk, batch, at, round).status());
  SNOWFIELD_RETURN_IF_ERROR(CheckSecondClerk(transaction, clerk, at, round));
  v1::FinishPageResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(const int blank,
                             db::FinishPaperPage(transaction, at, round, clerk.caller.member, clerk.now));
  response.set_blank_rows(blank);
  SNOWFIELD_RETURN_IF_ERROR(NotePageInAudit(transaction, clerk, "paper.finish", at));
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_balance(), BalanceOf(transaction, batch));
  return response;
}

absl::StatusOr<v1::UndoEntryResponse> UndoEntry(db::Transaction& transaction, const Clerk& clerk,
                                                const v1::UndoEntryRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto undone, db::UndoPaperEntry(transaction, batch.batch_id, clerk.caller.member));
  if (!undone.has_value()) return base::NotNow("NOTHING_TO_UNDO", "you have keyed nothing in this batch");
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand sheet,
                             SheetInHand::Read(transaction, clerk.caller, undone->at, undone->round, "batch_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* row, RowOf(sheet, undone->sequence));
  SNOWFIELD_RETURN_IF_ERROR(NotePageInAudit(transaction, clerk, "paper.undo", undone->at));
  v1::UndoEntryResponse response;
  response.set_packet_id(undone->at.packet_id);
  response.set_page(undone->at.page);
  response.set_second(undone->round == EntryRound::kSecond);
  sheet.Write(*row, clerk.now, *response.mutable_row());
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_balance(), BalanceOf(transaction, batch));
  return response;
}

absl::StatusOr<v1::MarkPageMissingResponse> MarkPageMissing(db::Transaction& transaction, const Clerk& clerk,
                                                            const v1::MarkPageMissingRequest& request) {
  SNOWFIELD_RETURN_IF_ERROR(rpc::CheckReason(request.reason(), 1, kPaperReasonCharactersMax, "reason"));
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_RETURN_IF_ERROR(SheetInHand::Read(transaction, clerk.caller, at, EntryRound::kFirst, "page").status());
  std::string was_state;
  SNOWFIELD_RETURN_IF_ERROR(PutPage(transaction, clerk, batch,
                                    {.at = at, .state = db::kPageMissing, .reason = request.reason()}, &was_state));
  if (was_state == db::kPageIn) return base::NotNow("PAGE_IS_IN", "this page was scanned: key its rows, or finish it");
  SNOWFIELD_RETURN_IF_ERROR(NotePageInAudit(transaction, clerk, "paper.missing", at));
  v1::MarkPageMissingResponse response;
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_balance(), BalanceOf(transaction, batch));
  return response;
}

absl::StatusOr<v1::FindDoorsResponse> FindDoors(db::Transaction& transaction, const Clerk& clerk,
                                                const v1::FindDoorsRequest& request) {
  if (request.house_number().empty() || request.house_number().size() > geo::kAddressBytesMax) {
    return base::InvalidField("house_number", "HOUSE_NUMBER_MISSING", "key the number of the house");
  }
  if (request.street().size() > geo::kAddressBytesMax) {
    return base::InvalidField("street", "TOO_LONG", absl::StrCat("at most ", geo::kAddressBytesMax, " bytes"));
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::DoorWritten> doors,
                             db::FindDoorsWritten(transaction, geo::ParseHouseNumber(request.house_number()).Key(),
                                                  geo::NormalizeStreetName(request.street()), kFoundDoorsMax));
  v1::FindDoorsResponse response;
  for (const db::DoorWritten& door : doors) {
    if (access::BranchRoot(clerk.caller)) {
      SNOWFIELD_ASSIGN_OR_RETURN(const bool is_theirs,
                                 door.leader ? access::IsInScope(transaction, clerk.caller, door.leader) : false);
      if (!is_theirs) continue;
    }
    v1::FoundOnMap& message = *response.add_doors();
    message.set_door_id(door.door.value);
    message.set_house_number(door.house_number);
    message.set_street(door.street);
    message.set_unit(door.unit);
    message.set_list_number(door.list_number);
  }
  return response;
}

absl::StatusOr<v1::WriteInRowResponse> WriteInRow(db::Transaction& transaction, const Clerk& clerk,
                                                  const v1::WriteInRowRequest& request) {
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  const base::DoorId door(request.door_id());
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand before, TakeSheet(transaction, clerk, batch, at, EntryRound::kFirst));
  const auto printed = std::find_if(before.rows().begin(), before.rows().end(),
                                    [&](const db::PaperRow& row) { return row.door == door; });
  v1::WriteInRowResponse response;
  if (printed != before.rows().end()) {
    before.Write(*printed, clerk.now, *response.mutable_row());
    return response;
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto written, db::WriteInPaperRow(transaction, at, door));
  if (!written.has_value()) {
    return base::NotNow("DOOR_ON_NO_LIST", "no current list has this door: report it as a found door (docs/sync.md)");
  }
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, clerk.caller, written->leader, "door_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand after,
                             SheetInHand::Read(transaction, clerk.caller, at, EntryRound::kFirst, "packet_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* row, RowOf(after, written->sequence));
  after.Write(*row, clerk.now, *response.mutable_row());
  return response;
}

absl::StatusOr<v1::ListDifferencesResponse> ListDifferences(db::Transaction& transaction, const Clerk& clerk,
                                                            const v1::ListDifferencesRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kDifferences, request.page_size(), request.page_token()));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch,
                             BatchOfBranch(transaction, clerk.caller, request.batch_id(), db::BatchLock::kNone));
  const db::RowAt after{.at = {.packet_id = page.after, .page = static_cast<int>(page.after_order / kSequenceSpan)},
                        .sequence = static_cast<int>(page.after_order % kSequenceSpan)};
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::RowAt> rows,
                             db::ListPaperDifferences(transaction, batch.batch_id, after, page.size + 1));
  v1::ListDifferencesResponse response;
  std::optional<SheetInHand> first, second;
  for (const db::RowAt& at : rows) {
    if (response.differences_size() == page.size) {
      const v1::Difference& last = response.differences(page.size - 1);
      response.set_next_page_token(
          rpc::NextPageToken(kDifferences, last.packet_id(), last.page() * kSequenceSpan + last.row().sequence()));
      break;
    }
    // By page, so that each is read once.
    if (!first.has_value() || first->at() != at.at) {
      SNOWFIELD_ASSIGN_OR_RETURN(first,
                                 SheetInHand::Read(transaction, clerk.caller, at.at, EntryRound::kFirst, "batch_id"));
      SNOWFIELD_ASSIGN_OR_RETURN(second,
                                 SheetInHand::Read(transaction, clerk.caller, at.at, EntryRound::kSecond, "batch_id"));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* row, RowOf(*first, at.sequence));
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* again, RowOf(*second, at.sequence));
    v1::Difference& difference = *response.add_differences();
    difference.set_packet_id(at.at.packet_id);
    difference.set_page(at.at.page);
    first->Write(*row, clerk.now, *difference.mutable_row());
    difference.mutable_row()->clear_entry();
    *difference.mutable_first() = first->EntryOf(*row);
    *difference.mutable_second() = second->EntryOf(*again);
  }
  return response;
}

absl::StatusOr<v1::JudgeRowResponse> JudgeRow(db::Transaction& transaction, const Clerk& clerk,
                                              const v1::JudgeRowRequest& request) {
  const db::PageAt at{.packet_id = request.packet_id(), .page = request.page()};
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch, BatchToKey(transaction, clerk.caller, request.batch_id()));
  SNOWFIELD_RETURN_IF_ERROR(CheckRound(batch, EntryRound::kSecond));
  SNOWFIELD_ASSIGN_OR_RETURN(const SheetInHand sheet, TakeSheet(transaction, clerk, batch, at, EntryRound::kJudged));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperRow* row, RowOf(sheet, request.sequence()));
  SNOWFIELD_ASSIGN_OR_RETURN(v1::RowEntry entry, ReadKeys(request.keys(), sheet.columns(), sheet.LinesOf(*row)));
  SNOWFIELD_ASSIGN_OR_RETURN(Kept kept,
                             Keep(transaction, clerk, batch, sheet, *row, std::move(entry), EntryRound::kJudged));
  v1::JudgeRowResponse response;
  *response.mutable_row() = std::move(kept.row);
  *response.mutable_balance() = std::move(kept.balance);
  return response;
}

}  // namespace snowfield::paper
