#include "services/cli/paper_entry_form.h"

#include <stdlib.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "services/cli/output.h"
#include "services/cli/paper_text.h"
#include "services/rpc/grpc_status.h"

namespace snowfield::cli {
namespace {
namespace pb = paper::v1;

constexpr char kHelp[] =
    "  scan or type a page code (412-3-07)      begins a page, or goes back to it\n"
    "  nh                                       the row's result; results and columns stand above the rows\n"
    "  cv a2 cy                                 with answers: column a is 2, column c is yes\n"
    "  cv 1.a2 2.a4 ; call after five           of two people by their lines; a note behind the semicolon\n"
    "  -   xx                                   a blank row; an unreadable one\n"
    "  =                                        as it was read from the scan\n"
    "  5                                        go to row 5\n"
    "  /done              the other rows of this page are blank      /undo      take the last entry back\n"
    "  /write 112 elm     add a row that was written by hand         /balance   how far the batch is\n"
    "  /missing 4 WHY     page 4 of this packet will not come        /differences   judge the two entries\n"
    "  /see               go to a row that was scanned and waits for you\n"
    "  /close [WHY]       close; with a reason where it does not balance        /quit   go on another time\n";

// A page's code: SF1/... of a scanner, or 412-3-07.
bool IsCode(const std::string& line) {
  if (absl::StartsWith(line, "SF1/")) return true;
  return std::count(line.begin(), line.end(), '-') == 2 &&
         std::all_of(line.begin(), line.end(), [](unsigned char c) { return std::isdigit(c) != 0 || c == '-'; });
}

std::string AddressOf(const pb::SheetRow& row) { return AddressLine(row.house_number(), row.street(), row.unit()); }

std::string PeopleOf(const pb::SheetRow& row) {
  std::string people;
  for (int i = 0; i < row.people_size(); ++i) {
    const canvass::v1::ListPerson& person = row.people(i);
    absl::StrAppend(&people, "  ", i + 1, " ",
                    person.person_id() == 0 ? "(gone)" : absl::StrCat(person.first_name(), " ", person.last_name()));
    if (person.age() > 0) absl::StrAppend(&people, " (", person.age(), ")");
  }
  return people.empty() ? "  household" : people;
}

}  // namespace

EntryForm::EntryForm(const Client& client, const Options& options, std::istream& in, std::ostream& out)
    : client_(client), options_(options), in_(in), out_(out), stub_(PaperService::NewStub(client.channel())) {}

// Says what is wrong, and that the line is to be keyed again.
template <typename Request, typename Response>
bool EntryForm::Ask(grpc::Status (PaperService::Stub::*call)(grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response* response) {
  grpc::ClientContext context;
  client_.Prepare(context);
  const absl::Status status = rpc::FromGrpcStatus(((*stub_).*call)(&context, request, response));
  if (status.ok()) return true;
  const std::string field = base::DetailOf(status).field;
  out_ << "  ! " << (absl::StartsWith(field, "packet ") ? absl::StrCat(field, ": ") : "") << base::MessageOf(status)
       << "\n";
  return false;
}

absl::Status EntryForm::Run() {
  pb::GetBatchRequest request;
  request.set_batch_id(options_.batch_id);
  pb::GetBatchResponse response;
  grpc::ClientContext context;
  client_.Prepare(context);
  SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus(stub_->GetBatch(&context, request, &response)));
  balance_ = response.batch().balance();
  out_ << "batch " << options_.batch_id << (options_.second ? ", second entry" : "") << "; /help says what to key\n";
  ShowBalance();
  ShowPrompt();
  for (std::string line; !ended_ && std::getline(in_, line);) {
    OnLine(std::string(absl::StripAsciiWhitespace(line)));
    if (!ended_) ShowPrompt();
  }
  if (!ended_) out_ << "\nbatch " << options_.batch_id << " stays open: snowfield paper enter goes on with it\n";
  return absl::OkStatus();
}

void EntryForm::OnLine(const std::string& line) {
  int sequence = 0;
  if (line.empty()) return;
  if (line == "=") {
    const bool was_read = HasSheet() && row_ >= 0 && sheet_.rows(row_).reading().has_entry();
    if (was_read) return Key(sheet_.rows(row_).reading().entry().keys());
    out_ << "  ! nothing was read of this row that could be taken: key it\n";
    return;
  }
  if (line.front() == '/') {
    const std::pair<std::string, std::string> parts = absl::StrSplit(line, absl::MaxSplits(' ', 1));
    return OnCommand(parts.first, std::string(absl::StripAsciiWhitespace(parts.second)));
  }
  if (IsCode(line)) return Scan(line);
  if (absl::SimpleAtoi(line, &sequence)) return GoTo(sequence);
  Key(line);
}

void EntryForm::OnCommand(const std::string& command, const std::string& rest) {
  if (command == "/help" || command == "/?") {
    out_ << kHelp;
  } else if (command == "/undo" || command == "/u") {
    Undo();
  } else if (command == "/done" || command == "/d") {
    Finish();
  } else if (command == "/missing") {
    Miss(rest);
  } else if (command == "/write") {
    WriteIn(rest);
  } else if (command == "/balance" || command == "/b") {
    pb::GetBatchRequest request;
    request.set_batch_id(options_.batch_id);
    pb::GetBatchResponse response;
    if (!Ask(&PaperService::Stub::GetBatch, request, &response)) return;
    balance_ = response.batch().balance();
    ShowBalance();
  } else if (command == "/see" || command == "/s") {
    SeeNext();
  } else if (command == "/differences") {
    JudgeDifferences();
  } else if (command == "/close") {
    Close(rest);
  } else if (command == "/quit" || command == "/q") {
    out_ << "batch " << options_.batch_id << " stays open\n";
    ended_ = true;
  } else {
    out_ << "  ! no such command: /help lists them\n";
  }
}

bool EntryForm::HasSheet() const { return sheet_.packet_id() != 0; }

void EntryForm::Scan(const std::string& code) {
  pb::ScanPageRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_code(code);
  request.set_second(options_.second);
  pb::ScanPageResponse response;
  if (!Ask(&PaperService::Stub::ScanPage, request, &response)) return;
  if (HasSheet()) {
    const auto is_open = [](const pb::SheetRow& row) { return !row.has_entry(); };
    const auto open = std::count_if(sheet_.rows().begin(), sheet_.rows().end(), is_open);
    if (open > 0) out_ << "  " << open << " rows of page " << sheet_.page() << " are still open\n";
  }
  sheet_ = response.sheet();
  balance_ = response.balance();
  ShowSheet();
  if (response.again()) out_ << "  this page is here already: what is keyed stands, key what is open or wrong\n";
  row_ = -1;
  NextOpenRow();
}

void EntryForm::Key(const std::string& keys) {
  if (!HasSheet() || row_ < 0) {
    out_ << "  ! no row is asked for: scan a page, or go to a row by its number\n";
    return;
  }
  pb::KeyRowRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_packet_id(sheet_.packet_id());
  request.set_page(sheet_.page());
  request.set_sequence(sheet_.rows(row_).sequence());
  request.set_second(options_.second);
  request.set_keys(keys);
  pb::KeyRowResponse response;
  if (!Ask(&PaperService::Stub::KeyRow, request, &response)) return;
  *sheet_.mutable_rows(row_) = response.row();
  balance_ = response.balance();
  out_ << "  row " << response.row().sequence() << ": " << response.row().entry().keys() << "\n";
  NextOpenRow();
}

void EntryForm::GoTo(int sequence) {
  for (int i = 0; i < sheet_.rows_size(); ++i) {
    if (sheet_.rows(i).sequence() != sequence) continue;
    row_ = i;
    if (sheet_.rows(i).has_entry()) out_ << "  keyed: " << sheet_.rows(i).entry().keys() << "\n";
    return;
  }
  out_ << "  ! this page has no row " << sequence << "\n";
}

void EntryForm::Undo() {
  pb::UndoEntryRequest request;
  request.set_batch_id(options_.batch_id);
  pb::UndoEntryResponse response;
  if (!Ask(&PaperService::Stub::UndoEntry, request, &response)) return;
  balance_ = response.balance();
  out_ << "  page " << response.page() << ", row " << response.row().sequence() << " is "
       << (response.row().has_entry() ? response.row().entry().keys() : "open") << " again\n";
  if (response.packet_id() != sheet_.packet_id() || response.page() != sheet_.page()) return;
  for (int i = 0; i < sheet_.rows_size(); ++i) {
    if (sheet_.rows(i).sequence() != response.row().sequence()) continue;
    *sheet_.mutable_rows(i) = response.row();
    row_ = i;
  }
}

void EntryForm::Finish() {
  if (!HasSheet()) {
    out_ << "  ! scan a page first\n";
    return;
  }
  pb::FinishPageRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_packet_id(sheet_.packet_id());
  request.set_page(sheet_.page());
  request.set_second(options_.second);
  pb::FinishPageResponse response;
  if (!Ask(&PaperService::Stub::FinishPage, request, &response)) return;
  balance_ = response.balance();
  for (pb::SheetRow& row : *sheet_.mutable_rows()) {
    if (!row.has_entry() && !row.has_reading()) row.mutable_entry()->set_blank(true);
  }
  out_ << "  " << response.blank_rows() << " rows are blank\n";
  NextOpenRow();
}

void EntryForm::Miss(const std::string& rest) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(rest, absl::MaxSplits(' ', 1));
  pb::MarkPageMissingRequest request;
  int page = 0;
  if (!HasSheet() || !absl::SimpleAtoi(parts.first, &page)) {
    out_ << "  ! scan a page of the packet, then say which is missing and why: /missing 4 left in the rain\n";
    return;
  }
  request.set_batch_id(options_.batch_id);
  request.set_packet_id(sheet_.packet_id());
  request.set_page(page);
  request.set_reason(parts.second);
  pb::MarkPageMissingResponse response;
  if (!Ask(&PaperService::Stub::MarkPageMissing, request, &response)) return;
  balance_ = response.balance();
  ShowBalance();
}

void EntryForm::WriteIn(const std::string& rest) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(rest, absl::MaxSplits(' ', 1));
  if (!HasSheet() || parts.second.empty()) {
    out_ << "  ! scan a page, then say which door was written in: /write 112 elm\n";
    return;
  }
  pb::FindDoorsRequest find;
  find.set_house_number(parts.first);
  find.set_street(parts.second);
  pb::FindDoorsResponse found;
  if (!Ask(&PaperService::Stub::FindDoors, find, &found)) return;
  if (found.doors().empty()) {
    out_ << "  ! no such door on the map\n";
    return;
  }
  int chosen = 0;
  if (found.doors_size() > 1) {
    for (int i = 0; i < found.doors_size(); ++i) {
      const pb::FoundOnMap& door = found.doors(i);
      out_ << "  " << i + 1 << "  " << door.house_number() << " " << door.street() << " " << door.unit()
           << (door.list_number().empty() ? "  on no list" : absl::StrCat("  list ", door.list_number())) << "\n";
    }
    out_ << "which? " << std::flush;
    std::string line;
    const bool is_number = std::getline(in_, line) && absl::SimpleAtoi(line, &chosen);
    if (!is_number || chosen < 1 || chosen > found.doors_size()) {
      out_ << "  none is added\n";
      return;
    }
    --chosen;
  }
  pb::WriteInRowRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_packet_id(sheet_.packet_id());
  request.set_page(sheet_.page());
  request.set_door_id(found.doors(chosen).door_id());
  pb::WriteInRowResponse response;
  if (!Ask(&PaperService::Stub::WriteInRow, request, &response)) return;
  const bool is_there = std::any_of(sheet_.rows().begin(), sheet_.rows().end(), [&](const pb::SheetRow& row) {
    return row.sequence() == response.row().sequence();
  });
  if (!is_there) *sheet_.add_rows() = response.row();
  GoTo(response.row().sequence());
}

void EntryForm::JudgeDifferences() {
  pb::ListDifferencesRequest request;
  request.set_batch_id(options_.batch_id);
  pb::ListDifferencesResponse response;
  if (!Ask(&PaperService::Stub::ListDifferences, request, &response)) return;
  out_ << "  " << response.differences_size() << " differences"
       << (response.differences().empty() ? "\n" : ": key what the sheet says, or 1 or 2; nothing leaves it open\n");
  for (const pb::Difference& difference : response.differences()) {
    out_ << "  packet " << difference.packet_id() << ", page " << difference.page() << ", row "
         << difference.row().sequence() << "  " << AddressOf(difference.row()) << PeopleOf(difference.row())
         << "\n    1  " << difference.first().keys() << "\n    2  " << difference.second().keys() << "\n  says? "
         << std::flush;
    std::string line;
    if (!std::getline(in_, line)) return;
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    pb::JudgeRowRequest judge;
    judge.set_batch_id(options_.batch_id);
    judge.set_packet_id(difference.packet_id());
    judge.set_page(difference.page());
    judge.set_sequence(difference.row().sequence());
    judge.set_keys(line == "1" ? difference.first().keys() : line == "2" ? difference.second().keys() : line);
    pb::JudgeRowResponse judged;
    if (Ask(&PaperService::Stub::JudgeRow, judge, &judged)) balance_ = judged.balance();
  }
  ShowBalance();
}

void EntryForm::SeeNext() {
  pb::GetBatchRequest request;
  request.set_batch_id(options_.batch_id);
  pb::GetBatchResponse response;
  if (!Ask(&PaperService::Stub::GetBatch, request, &response)) return;
  const auto page = std::find_if(response.pages().begin(), response.pages().end(),
                                 [](const pb::BatchPage& one) { return one.rows_to_see() > 0; });
  if (page == response.pages().end()) {
    out_ << "  no row of a scan waits for you\n";
    return;
  }
  Scan(page->code());
  const auto row = std::find_if(sheet_.rows().begin(), sheet_.rows().end(),
                                [](const pb::SheetRow& one) { return one.has_reading(); });
  if (row != sheet_.rows().end()) row_ = static_cast<int>(row - sheet_.rows().begin());
}

// Into a file of its own, which is taken away with the form: it shows names.
bool EntryForm::WriteImage(const pb::SheetRow& row) {
  pb::GetRowImageRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_packet_id(sheet_.packet_id());
  request.set_page(sheet_.page());
  request.set_sequence(row.sequence());
  pb::GetRowImageResponse response;
  if (!Ask(&PaperService::Stub::GetRowImage, request, &response)) return false;
  if (image_path_.empty()) {
    std::string folder = std::filesystem::temp_directory_path() / "snowfield-row-XXXXXX";
    if (mkdtemp(folder.data()) == nullptr) return false;  // made for its owner alone
    image_path_ = folder + "/row.png";
  }
  std::ofstream file(image_path_, std::ios::binary);
  file.write(response.image().data(), static_cast<std::streamsize>(response.image().size()));
  return file.good();
}

EntryForm::~EntryForm() {
  std::error_code ignored;
  if (!image_path_.empty()) std::filesystem::remove_all(std::filesystem::path(image_path_).parent_path(), ignored);
}

void EntryForm::ShowReading(const pb::SheetRow& row) {
  out_ << "  read from the scan: "
       << (row.reading().has_entry() ? absl::StrCat(row.reading().entry().keys(), "   (= takes it)")
                                     : "nothing for sure")
       << "   " << DoubtsOf(row.reading()) << "\n";
  if (WriteImage(row)) out_ << "  look at " << image_path_ << "\n";
}

void EntryForm::Close(const std::string& reason) {
  pb::CloseBatchRequest request;
  request.set_batch_id(options_.batch_id);
  request.set_reason(reason);
  pb::CloseBatchResponse response;
  if (!Ask(&PaperService::Stub::CloseBatch, request, &response)) return;
  out_ << "batch " << options_.batch_id << " is closed: " << response.knocks() << " knocks\n";
  ended_ = true;
}

void EntryForm::ShowSheet() {
  out_ << "page " << sheet_.page() << " of " << sheet_.page_count() << "  list " << sheet_.list_number() << "  turf "
       << sheet_.turf_number() << "  " << sheet_.rows_size() << " rows\n  ";
  for (const pb::KeyResult& result : sheet_.results()) out_ << absl::AsciiStrToLower(result.sign()) << " ";
  out_ << " - blank  xx unreadable\n";
  for (const pb::KeyColumn& column : sheet_.columns()) {
    out_ << "  " << column.letter() << " " << column.code() << ": "
         << (column.answers().empty() ? "in words" : absl::StrJoin(column.answers(), " ")) << "\n";
  }
}

void EntryForm::ShowBalance() {
  out_ << "  pages: " << balance_.pages_in() << " in, " << balance_.pages_missing() << " missing, "
       << balance_.pages_open() << " to come   rows: " << balance_.rows_keyed() << " keyed, " << balance_.rows_blank()
       << " blank, " << balance_.rows_unreadable() << " unreadable, " << balance_.rows_open() << " open";
  if (balance_.second_rows_open() > 0) out_ << ", " << balance_.second_rows_open() << " to key again";
  if (balance_.differences() > 0) out_ << ", " << balance_.differences() << " differ";
  out_ << "\n";
}

void EntryForm::ShowPrompt() {
  if (row_ >= 0) {
    const pb::SheetRow& row = sheet_.rows(row_);
    if (row.has_reading()) ShowReading(row);
    out_ << row.sequence() << "  " << AddressOf(row) << PeopleOf(row);
  } else {
    out_ << "page code";
  }
  const int open = options_.second ? balance_.second_rows_open() : balance_.rows_open();
  out_ << "  [" << balance_.rows() - open << "/" << balance_.rows() << "] > " << std::flush;
}

// Behind the row that was keyed, then from the first on.
void EntryForm::NextOpenRow() {
  const int from = row_ + 1;
  for (int i = 0; i < sheet_.rows_size(); ++i) {
    const int at = (from + i) % sheet_.rows_size();
    if (sheet_.rows(at).has_entry()) continue;
    row_ = at;
    return;
  }
  row_ = -1;
  out_ << "  page " << sheet_.page() << " is keyed\n";
  ShowBalance();
}

}  // namespace snowfield::cli
