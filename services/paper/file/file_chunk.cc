#include "services/paper/file/file_chunk.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "services/access/scope.h"
#include "services/paper/batches.h"
#include "services/paper/keys/marks_check.h"
#include "services/paper/sheet.h"

namespace snowfield::paper {
namespace {

std::pair<int64_t, int> KeyOf(const db::PageAt& at) { return {at.packet_id, at.page}; }
using TripleKey = std::tuple<int64_t, int, int>;
TripleKey KeyOf(const db::RowAt& row) { return {row.at.packet_id, row.at.page, row.sequence}; }

// What is wrong with a row or a page; else it is the database's, and ends the file.
bool IsOfTheRow(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsNotFound(status) || absl::IsPermissionDenied(status) ||
         absl::IsFailedPrecondition(status);
}

absl::Status ClosedBatch(int64_t batch) {
  return base::NotNow("BATCH_CLOSED", absl::StrCat("batch ", batch,
                                                   " is closed, and says another thing: open it again, and "
                                                   "send the file again"));
}

}  // namespace

territory::v1::ImportIssue& FileChunk::AddIssue(const v1::FileRow& row, std::string_view reason, std::string_view field,
                                                std::string_view message) {
  territory::v1::ImportIssue& issue = outcome_.issues.emplace_back();
  issue.set_line(static_cast<uint64_t>(row.line()));
  issue.set_reason(std::string(reason));
  issue.set_field(std::string(field));
  issue.set_message(std::string(message));
  return issue;
}

void FileChunk::Reject(const v1::FileRow& row, const absl::Status& problem) {
  const base::ProblemDetail detail = base::DetailOf(problem);
  // What is said of short codes is said of the result's cell where the file has none.
  const bool is_of_result = detail.field == "keys" && !terms_.columns.HasKeys();
  AddIssue(row, detail.reason, is_of_result ? "result" : detail.field, base::MessageOf(problem));
  outcome_.summary.set_rejected(outcome_.summary.rejected() + 1);
}

void FileChunk::Remark(const v1::FileRow& row, std::string_view reason, std::string_view field,
                       std::string_view message) {
  AddIssue(row, reason, field, message).set_taken(true);
}

absl::StatusOr<db::RowAt> FileChunk::Place(const v1::FileRow& row) {
  const std::string_view code = terms_.columns.Page(row);
  if (code.empty()) return base::InvalidField("page", "PAGE_CODE_UNKNOWN", "the code of the page is missing");
  SNOWFIELD_ASSIGN_OR_RETURN(const db::PageAt at, ReadPageCode(transaction_.campaign(), code, "page"));
  int sequence = 0;
  if (!absl::SimpleAtoi(base::ToAbsl(terms_.columns.Row(row)), &sequence) || sequence < 1) {
    return base::InvalidField("row", "ROW_UNKNOWN", "write the number of the row, as it stands on the sheet");
  }
  return db::RowAt{.at = at, .sequence = sequence};
}

absl::StatusOr<std::optional<Walk>> FileChunk::WalkOf(const v1::FileRow& row) {
  const std::string_view walked = terms_.columns.Walked(row), walker = terms_.columns.Walker(row);
  if (walked.empty() && walker.empty()) return std::nullopt;
  Walk walk = terms_.walk.value_or(Walk{});
  if (!walked.empty()) {
    auto known = walked_.find(walked);
    if (known == walked_.end()) {
      known = walked_.emplace(std::string(walked), ReadWalked(transaction_, walked, clerk_.now)).first;
    }
    SNOWFIELD_ASSIGN_OR_RETURN(walk.time, known->second);
  }
  if (!walker.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(walk.walker, ReadWalker(transaction_, clerk_.caller, walker));
  }
  return walk;
}

// The rows by their pages.
absl::Status FileChunk::Gather(const google::protobuf::RepeatedPtrField<v1::FileRow>& rows) {
  outcome_.summary.set_rows(rows.size());
  for (const v1::FileRow& row : rows) {
    if (!terms_.empty_is_blank && terms_.columns.IsEmpty(row)) {
      outcome_.summary.set_empty(outcome_.summary.empty() + 1);
      continue;
    }
    const absl::StatusOr<db::RowAt> at = Place(row);
    if (!at.ok()) {
      Reject(row, at.status());
      continue;
    }
    const absl::StatusOr<std::optional<Walk>> walk = WalkOf(row);
    if (!walk.ok()) {
      if (!IsOfTheRow(walk.status())) return walk.status();
      Reject(row, walk.status());
      continue;
    }
    Page& page = pages_[KeyOf(at->at)];
    if (!page.walk.has_value()) page.walk = *walk;
    page.rows.push_back({.row = &row, .at = *at});
  }
  return absl::OkStatus();
}

std::vector<db::PageAt> FileChunk::PageNumbers() const {
  std::vector<db::PageAt> numbers;
  for (const auto& [at, page] : pages_) numbers.push_back({.packet_id = at.first, .page = at.second});
  return numbers;
}

absl::Status FileChunk::FindPages() {
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::FilePage> found, db::FindFilePages(transaction_, PageNumbers()));
  for (auto& [at, page] : pages_) {
    page.refused = base::NoSuch("page", "no such packet was printed in this campaign");
  }
  for (db::FilePage& one : found) {
    Page& page = pages_.at(KeyOf(one.at));
    page.found = std::move(one);
    page.refused = absl::OkStatus();
    absl::Status checked = CheckPage(page);
    if (!checked.ok() && !IsOfTheRow(checked)) return checked;
    page.refused = checked;
  }
  return absl::OkStatus();
}

absl::Status FileChunk::CheckPage(Page& page) {
  if (!page.found.has_rows) {
    return base::InvalidField("page", "PAGE_HAS_NO_ROWS", "cover and script have no rows: take the code of a sheet");
  }
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction_, clerk_.caller, page.found.leader, "page"));
  std::shared_ptr<const CellReader>& reader = readers_[page.found.script.value];
  if (reader == nullptr) {
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<Column> columns, ReadColumns(transaction_, page.found.script));
    reader = std::make_shared<const CellReader>(terms_.columns, std::move(columns), terms_.manner);
  }
  page.reader = reader.get();
  return ChooseBatch(page);
}

absl::Status FileChunk::ChooseBatch(Page& page) {
  const db::FilePage& found = page.found;
  if (found.batch_id == 0) {
    const Walk walk = page.walk.value_or(terms_.walk.value_or(Walk{}));
    if (walk.time == absl::Time()) {
      return base::InvalidField("walked", "WALK_TIME_INVALID",
                                "say when the page was walked, here or for the whole file");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(page.target, delivery_.BatchFor(transaction_, clerk_, walk));
    return absl::OkStatus();
  }
  if (page.walk.has_value() && page.walk->time != found.walk_time) {
    Remark(*page.rows.front().row, "WALK_STANDS", "walked",
           "the page came before as walked at another time, which stands");
  }
  if (!found.is_open || found.delivery != delivery_.name()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const bool is_ours, access::IsInScope(transaction_, clerk_.caller, found.member));
  if (!is_ours) return absl::OkStatus();
  if (found.second_entry) {
    SNOWFIELD_ASSIGN_OR_RETURN(const bool has_keyed,
                               db::HasKeyed(transaction_, found.at, db::EntryRound::kSecond, clerk_.caller.member));
    if (has_keyed) {
      return base::NotNow("SECOND_BY_SAME_CLERK", "you have keyed this page a second time: this is for others");
    }
  }
  page.target = found.batch_id;
  return absl::OkStatus();
}

// Puts the pages into their batches, and holds both until the end.
absl::Status FileChunk::TakePages() {
  std::set<int64_t> targets;
  for (const auto& [at, page] : pages_) {
    if (page.target != 0) targets.insert(page.target);
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int64_t> open,
                             db::LockOpenBatches(transaction_, {targets.begin(), targets.end()}));
  const std::set<int64_t> is_open(open.begin(), open.end());
  std::vector<db::PageOfBatch> to_put;
  for (auto& [at, page] : pages_) {
    if (page.target != 0 && !is_open.contains(page.target)) {
      page.target = 0;
      page.found.is_open = false;
    }
    const bool is_in = page.found.batch_id != 0 && !page.found.is_missing;
    if (page.target != 0 && !is_in) to_put.push_back({.at = page.found.at, .batch_id = page.target});
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PageAt> fresh,
                             db::PutFilePages(transaction_, to_put, clerk_.caller.member, clerk_.now));
  for (const db::PageAt& at : fresh) {
    Page& page = pages_.at(KeyOf(at));
    page.is_new = true;
    page.found.batch_id = page.target;
  }
  // The new ones are this transaction's already.
  std::vector<db::PageAt> others;
  for (const auto& [at, page] : pages_) {
    if (!page.is_new) others.push_back({.packet_id = at.first, .page = at.second});
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PageOfBatch> locked, db::LockFilePages(transaction_, others));
  for (const db::PageOfBatch& one : locked) {
    Page& page = pages_.at(KeyOf(one.at));
    if (one.batch_id != page.target) page.target = 0;
    page.found.batch_id = one.batch_id;
  }
  return absl::OkStatus();
}

// What is printed, and what is said of it already.
absl::Status FileChunk::FindRows() {
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::FileRow> rows, db::ListFileRows(transaction_, PageNumbers()));
  for (db::FileRow& row : rows) {
    const TripleKey key = KeyOf(row.row);
    printed_[key].row = std::move(row);
  }
  std::vector<db::PageAt> were_in;
  for (const auto& [at, page] : pages_) {
    if (!page.is_new) were_in.push_back({.packet_id = at.first, .page = at.second});
  }
  SNOWFIELD_ASSIGN_OR_RETURN(std::vector<db::FileWords> words, db::ListFileWords(transaction_, were_in));
  for (db::FileWords& one : words) {
    // Rows that were written in by hand are in no file.
    const auto printed = printed_.find(KeyOf(one.row));
    if (printed != printed_.end()) printed->second.now = std::move(one);
  }
  return absl::OkStatus();
}

void FileChunk::Read(const Page& page, Row& row, const Lines& lines) {
  row.passed_over.clear();
  row.entry = page.reader->Read(*row.row, lines, row.passed_over);
  if (!row.entry.ok()) return;
  const absl::Status checked = CheckEntry(*row.entry, page.reader->columns(), lines);
  if (!checked.ok()) row.entry = checked;
}

absl::Status FileChunk::ReadRows() {
  std::vector<db::PersonBehind> named;
  for (auto& [at, page] : pages_) {
    for (Row& row : page.rows) {
      const auto printed = printed_.find({at.first, at.second, row.at.sequence});
      if (!page.refused.ok() || printed == printed_.end()) continue;
      row.printed = &printed->second;
      Read(page, row, row.printed->row.person_ids);
      if (!row.entry.ok()) continue;
      const base::DoorId door = row.printed->row.door;
      for (const auto& said : row.entry->marks().responses()) named.push_back({said.person_id(), door});
      for (const auto& said : row.entry->marks().asks()) named.push_back({said.person_id(), door});
    }
  }
  std::erase_if(named, [](const db::PersonBehind& person) { return person.person_id == 0; });
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int64_t> stay, db::ListPeopleWhoStay(transaction_, named));
  if (stay.size() == named.size()) return absl::OkStatus();
  // Some have gone: their lines are empty ones.
  const absl::flat_hash_set<int64_t> here(stay.begin(), stay.end());
  for (auto& [at, page] : pages_) {
    for (Row& row : page.rows) {
      if (row.printed == nullptr || !row.entry.ok()) continue;
      const auto is_gone = [&](const auto& said) { return said.person_id() != 0 && !here.contains(said.person_id()); };
      const v1::Marks& marks = row.entry->marks();
      if (std::none_of(marks.responses().begin(), marks.responses().end(), is_gone) &&
          std::none_of(marks.asks().begin(), marks.asks().end(), is_gone)) {
        continue;
      }
      Lines lines = row.printed->row.person_ids;
      for (int64_t& person : lines) person = here.contains(person) ? person : 0;
      Read(page, row, lines);
    }
  }
  return absl::OkStatus();
}

absl::Status FileChunk::KeyRow(const Page& page, const Row& row) {
  SNOWFIELD_RETURN_IF_ERROR(page.refused);
  if (row.printed == nullptr) return base::InvalidField("row", "ROW_UNKNOWN", "the sheet has no row of this number");
  SNOWFIELD_RETURN_IF_ERROR(row.entry.status());
  db::FileWords& now = row.printed->now;
  const bool is_do_not_contact = row.entry->marks().result() == canvass::v1::KNOCK_RESULT_DO_NOT_CONTACT;
  db::PaperWords words = WordsOf(*row.entry, page.reader->columns(), row.printed->row.person_ids);
  for (const std::string& name : row.passed_over) {
    Remark(*row.row, "COLUMN_PASSED_OVER", name, "this row's sheet has no such question; the cell was not taken");
  }
  if (page.target != 0 || page.found.delivery == delivery_.name()) keyed_[page.found.batch_id] += 0;
  if (words == now.words) {
    outcome_.summary.set_unchanged(outcome_.summary.unchanged() + 1);
    return absl::OkStatus();
  }
  if (page.target == 0) {
    if (!page.found.is_open && page.found.delivery == delivery_.name()) return ClosedBatch(page.found.batch_id);
    return base::NotNow("PAGE_IN_ANOTHER_BATCH",
                        absl::StrCat("this page came another way and says another thing: it is in batch ",
                                     page.found.batch_id, "; look at it there"));
  }
  if (now.from_file && now.entry_time == clerk_.now && now.member == clerk_.caller.member) {
    return base::InvalidField("row", "ROW_TWICE", "the file has this row twice, and the first says another thing");
  }
  // A second line for the same row is compared with this one.
  now = {.row = row.at, .words = words, .member = clerk_.caller.member, .entry_time = clerk_.now, .from_file = true};
  entries_.push_back({.row = row.at, .words = std::move(words)});
  ++keyed_[page.target];
  if (is_do_not_contact) held_now_[page.target].push_back(row.at);
  return absl::OkStatus();
}

void FileChunk::KeyRows() {
  for (const auto& [at, page] : pages_) {
    for (const Row& row : page.rows) {
      const absl::Status status = KeyRow(page, row);
      if (!status.ok()) Reject(*row.row, status);
    }
  }
}

absl::Status FileChunk::Store() {
  outcome_.summary.set_keyed(static_cast<int64_t>(entries_.size()));
  SNOWFIELD_RETURN_IF_ERROR(db::InsertFileEntries(transaction_, entries_, clerk_.caller.member, clerk_.now));
  for (const auto& [batch, count] : keyed_) {
    outcome_.summary.add_batch_ids(batch);
    if (count == 0) continue;
    SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction_, {.member = clerk_.caller.member,
                                                            .action = "paper.file",
                                                            .subject_kind = kBatchSubject,
                                                            .subject_id = batch,
                                                            .detail_json = absl::StrCat("{\"rows\": ", count, "}")}));
  }
  return HoldDoNotContacts();
}

absl::Status FileChunk::HoldDoNotContacts() {
  for (const auto& [batch_id, rows] : held_now_) {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::PaperBatch batch,
                               db::FindPaperBatch(transaction_, batch_id, db::BatchLock::kNone));
    SNOWFIELD_RETURN_IF_ERROR(HoldAtOnce(transaction_, batch, rows, clerk_.store, clerk_.now));
  }
  return absl::OkStatus();
}

absl::StatusOr<FileOutcome> FileChunk::Key(const google::protobuf::RepeatedPtrField<v1::FileRow>& rows) {
  SNOWFIELD_RETURN_IF_ERROR(Gather(rows));
  if (pages_.empty()) return std::move(outcome_);
  SNOWFIELD_RETURN_IF_ERROR(FindPages());
  SNOWFIELD_RETURN_IF_ERROR(TakePages());
  SNOWFIELD_RETURN_IF_ERROR(FindRows());
  SNOWFIELD_RETURN_IF_ERROR(ReadRows());
  KeyRows();
  SNOWFIELD_RETURN_IF_ERROR(Store());
  return std::move(outcome_);
}

}  // namespace snowfield::paper
