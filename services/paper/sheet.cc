#include "services/paper/sheet.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/canvass_store.h"
#include "db/store/script_store.h"
#include "services/access/scope.h"
#include "services/paper/keys/marks_check.h"
#include "services/paper/keys/signs.h"
#include "services/paper/print/page_code.h"
#include "services/rpc/stored_json.h"
#include "services/rpc/timestamp.h"

namespace snowfield::paper {
namespace {
constexpr char kBlank[] = "blank";
constexpr char kUnreadable[] = "unreadable";

}  // namespace

absl::StatusOr<db::PageAt> ReadPageCode(base::CampaignId campaign, std::string_view code, std::string_view field) {
  if (code.find('/') == std::string_view::npos) {
    SNOWFIELD_ASSIGN_OR_RETURN(const TypedCode typed, ReadTyped(code, field));
    return db::PageAt{.packet_id = typed.packet_id, .page = typed.page};
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const PageCode scanned, ReadBarCode(code, field));
  if (scanned.campaign_id != campaign.value) {
    return base::InvalidField(field, "PAGE_OF_ANOTHER_CAMPAIGN",
                              "this sheet is of another campaign: put it aside, and give it to its organizers");
  }
  return db::PageAt{.packet_id = scanned.packet_id, .page = scanned.page};
}

absl::StatusOr<std::vector<Column>> ReadColumns(db::Transaction& transaction, base::ScriptId script) {
  std::string body;
  if (script) {
    SNOWFIELD_ASSIGN_OR_RETURN(const auto bodies, db::FindScriptBodies(transaction, {script}));
    if (!bodies.empty()) body = bodies.front().second;
  } else {
    SNOWFIELD_ASSIGN_OR_RETURN(const db::ScriptBody newest, db::CurrentScript(transaction));
    body = newest.body;
  }
  canvass::v1::Script message;
  if (!body.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromStoredJson(body, &message, "a stored script is not of its form"));
  }
  return ColumnsOf(message);
}

v1::KeyColumn ToMessage(const Column& column) {
  v1::KeyColumn message;
  if (column.letter != 0) message.set_letter(std::string(1, column.letter));
  message.set_code(column.question.code());
  message.set_text(column.question.text());
  *message.mutable_answers() = column.question.answers();
  return message;
}

absl::StatusOr<SheetInHand> SheetInHand::Read(db::Transaction& transaction, const access::Caller& caller,
                                              const db::PageAt& at, db::EntryRound round, std::string_view field) {
  SheetInHand sheet;
  sheet.at_ = at;
  SNOWFIELD_ASSIGN_OR_RETURN(sheet.packet_, db::FindPacketToKey(transaction, at.packet_id, field));
  SNOWFIELD_RETURN_IF_ERROR(access::CheckInScope(transaction, caller, sheet.packet_.leader, field));
  SNOWFIELD_ASSIGN_OR_RETURN(sheet.rows_, db::ListPaperRows(transaction, at, round));
  if (sheet.rows_.empty()) {
    return base::InvalidField(field, "PAGE_HAS_NO_ROWS", "cover and script have nothing to key: take a sheet");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto people, db::ListPeopleOfRows(transaction, sheet.rows_));
  for (const db::PersonOfRow& person : people) sheet.people_[person.person.value] = person;
  SNOWFIELD_ASSIGN_OR_RETURN(sheet.columns_, ReadColumns(transaction, sheet.packet_.script));
  return sheet;
}

const db::PaperRow* SheetInHand::Find(int sequence) const {
  const auto row =
      std::find_if(rows_.begin(), rows_.end(), [&](const db::PaperRow& one) { return one.sequence == sequence; });
  return row == rows_.end() ? nullptr : &*row;
}

Lines SheetInHand::LinesOf(const db::PaperRow& row) const {
  Lines lines;
  for (const int64_t person : row.person_ids) lines.push_back(people_.contains(person) ? person : 0);
  return lines;
}

void SheetInHand::Write(absl::Time now, v1::Sheet& sheet) const {
  sheet.set_packet_id(at_.packet_id);
  sheet.set_page(at_.page);
  sheet.set_page_count(packet_.page_count);
  sheet.set_list_number(packet_.list_number);
  sheet.set_turf_number(packet_.turf_number);
  for (const db::PaperRow& row : rows_) Write(row, now, *sheet.add_rows());
  for (const Column& column : columns_) *sheet.add_columns() = ToMessage(column);
  for (const PacketCode& sign : ResultSigns()) {
    v1::KeyResult& message = *sheet.add_results();
    message.set_sign(sign.sign);
    message.set_result(static_cast<canvass::v1::KnockResult>(sign.number));
    message.set_meaning(sign.meaning);
  }
}

void SheetInHand::Write(const db::PaperRow& row, absl::Time now, v1::SheetRow& message) const {
  message.set_sequence(row.sequence);
  message.set_door_id(row.door.value);
  message.set_house_number(row.house_number);
  message.set_street(row.street);
  message.set_unit(row.unit);
  for (const int64_t id : row.person_ids) {
    canvass::v1::ListPerson& person = *message.add_people();
    const auto known = people_.find(id);
    if (known == people_.end()) continue;  // an empty line: the others keep their numbers
    person.set_person_id(id);
    person.set_first_name(known->second.first_name);
    person.set_last_name(known->second.last_name);
    person.set_age(db::AgeOf(known->second.birth_year, now));
    person.set_party(known->second.party);
  }
  if (!row.words.kind.empty()) {
    *message.mutable_entry() = EntryOf(row);
  } else if (!row.reading.empty()) {
    *message.mutable_reading() = ReadingOf(row);
  }
}

v1::RowReading SheetInHand::ReadingOf(const db::PaperRow& row) const {
  v1::RowReading reading;
  reading.ParseFromString(row.reading);
  if (reading.has_entry()) {
    v1::RowEntry& entry = *reading.mutable_entry();
    entry.set_keys(WriteKeys(entry, columns_, LinesOf(row)));
  }
  return reading;
}

v1::RowEntry SheetInHand::EntryOf(const db::PaperRow& row) const {
  v1::RowEntry entry;
  if (row.words.IsMarks()) entry.mutable_marks()->ParseFromString(row.words.marks);
  if (row.words.kind == kBlank) entry.set_blank(true);
  if (row.words.kind == kUnreadable) entry.set_unreadable(true);
  entry.set_note(row.words.note);
  entry.set_keys(WriteKeys(entry, columns_, LinesOf(row)));
  entry.set_member_id(row.member.value);
  entry.set_source(row.words.kind.empty()          ? v1::ENTRY_SOURCE_UNSPECIFIED
                   : row.source == db::kSourceFile ? v1::ENTRY_SOURCE_FILE
                   : row.source == db::kSourceScan ? v1::ENTRY_SOURCE_SCAN
                                                   : v1::ENTRY_SOURCE_KEYED);
  if (row.entry_time.has_value()) *entry.mutable_entry_time() = rpc::ToTimestamp(*row.entry_time);
  return entry;
}

db::PaperWords WordsOf(v1::RowEntry entry, const std::vector<Column>& columns, const Lines& lines) {
  db::PaperWords words{.kind = entry.blank() ? kBlank : kUnreadable, .marks = {}, .note = entry.note()};
  if (entry.has_marks()) {
    SetInOrder(*entry.mutable_marks(), columns, lines);
    words.kind = db::kWordsMarks;
    words.marks = entry.marks().SerializeAsString();
  }
  return words;
}

}  // namespace snowfield::paper
