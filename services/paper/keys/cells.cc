#include "services/paper/keys/cells.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "services/paper/keys/signs.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;
constexpr char kBlank[] = "-";
constexpr char kUnreadable[] = "xx";

// Letters and digits alone, small.
std::string Plain(absl::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) plain += absl::ascii_tolower(static_cast<unsigned char>(c));
  }
  return plain;
}

// As it is compared.
std::string NameIn(absl::string_view text, const FileManner& manner) {
  return manner.lenient ? Plain(text) : std::string(text);
}

absl::Status Wrong(const std::string& column, std::string_view reason, std::string_view message) {
  return base::InvalidField(column, reason, message);
}

absl::Status ReadResult(absl::string_view text, const FileManner& manner, v1::RowEntry& entry) {
  if (text.empty()) return absl::OkStatus();  // CheckEntry() says that it is missing
  const std::string plain = Plain(text);
  if (text == absl::string_view(kBlank) || (manner.lenient && (plain == "blank" || plain == "empty"))) {
    entry.set_blank(true);
    return absl::OkStatus();
  }
  if (plain == kUnreadable || (manner.lenient && (plain == "unreadable" || plain == "illegible"))) {
    entry.set_unreadable(true);
    return absl::OkStatus();
  }
  for (const PacketCode& sign : ResultSigns()) {
    const auto result = static_cast<wire::KnockResult>(sign.number);
    // "Come back at another time: say when in the notes" is known by what stands before the colon.
    const std::string meaning = sign.meaning.substr(0, sign.meaning.find(':'));
    const bool in_words =
        manner.lenient &&
        (plain == Plain(meaning) ||
         plain == Plain(absl::string_view(wire::KnockResult_Name(result)).substr(sizeof("KNOCK_RESULT_") - 1)));
    if (plain != Plain(sign.sign) && !in_words) continue;
    entry.mutable_marks()->set_result(result);
    return absl::OkStatus();
  }
  return Wrong("result", "RESULT_UNKNOWN",
               "write the letters in the bubble, as in NH; - for a row with no mark, xx for one that can't be read");
}

}  // namespace

absl::StatusOr<FileColumns> FileColumns::Read(const std::vector<std::string>& names, const FileManner& manner) {
  constexpr char kField[] = "header.columns";
  if (names.size() > kFileColumnsMax) {
    return base::InvalidField(kField, "COLUMNS_MANY", absl::StrCat("at most ", kFileColumnsMax, " columns"));
  }
  FileColumns columns;
  const std::vector<std::pair<const char*, int*>> known = {
      {"page", &columns.page_},         {"row", &columns.row_},      {"result", &columns.result_},
      {"language", &columns.language_}, {"note", &columns.note_},    {"keys", &columns.keys_},
      {"walked", &columns.walked_},     {"walker", &columns.walker_}};
  // Of the template, for the eye.
  const std::set<std::string> for_the_eye = {NameIn("house_number", manner), NameIn("street", manner),
                                             NameIn("unit", manner)};
  std::set<std::string> seen;
  for (int i = 0; i < static_cast<int>(names.size()); ++i) {
    const absl::string_view trimmed = absl::StripAsciiWhitespace(names[i]);
    const std::string name = NameIn(trimmed, manner);
    if (name.empty() || for_the_eye.contains(name)) continue;
    AnswerCell answer{.index = i, .name = std::string(trimmed), .line = std::nullopt, .code = name};
    const size_t point = trimmed.find('.');
    size_t line = 0;
    if (point != absl::string_view::npos && absl::SimpleAtoi(trimmed.substr(0, point), &line)) {
      answer.line = line;
      answer.code = NameIn(trimmed.substr(point + 1), manner);
    }
    const bool is_new =
        seen.insert(absl::StrCat(answer.line.has_value() ? absl::StrCat(line, ".") : "", answer.code)).second;
    if (!is_new) {
      return base::InvalidField(kField, "COLUMN_TWICE", absl::StrCat("the file has two columns ", answer.name));
    }
    int* place = nullptr;
    for (const auto& [word, index] : known) {
      if (name == word) place = index;
    }
    if (place != nullptr) {
      *place = i;
    } else {
      columns.answers_.push_back(std::move(answer));
    }
  }
  for (const auto& [word, index] : known) {
    const bool is_needed =
        index == &columns.page_ || index == &columns.row_ || (index == &columns.result_ && columns.keys_ < 0);
    if (!is_needed || *index >= 0) continue;
    return base::InvalidField(kField, "COLUMN_MISSING",
                              absl::StrCat("the file has no column ", word, ": take the template's first line"));
  }
  return columns;
}

std::string_view FileColumns::Cell(const v1::FileRow& row, int index) {
  if (index < 0 || index >= row.values_size()) return {};
  const absl::string_view trimmed = absl::StripAsciiWhitespace(row.values(index));
  return {trimmed.data(), trimmed.size()};
}

bool FileColumns::IsEmpty(const v1::FileRow& row) const {
  for (const int index : {result_, language_, note_, keys_}) {
    if (!Cell(row, index).empty()) return false;
  }
  return std::all_of(answers_.begin(), answers_.end(),
                     [&](const AnswerCell& answer) { return Cell(row, answer.index).empty(); });
}

CellReader::CellReader(const FileColumns& file, std::vector<Column> columns, const FileManner& manner)
    : file_(file), columns_(std::move(columns)), manner_(manner) {
  for (const FileColumns::AnswerCell& cell : file.answers_) {
    int found = -1;
    for (int i = 0; i < static_cast<int>(columns_.size()); ++i) {
      if (NameIn(columns_[i].question.code(), manner) == cell.code) found = i;
    }
    column_of_.push_back(found);
  }
}

absl::Status CellReader::ReadAnswer(const FileColumns::AnswerCell& cell, const Column& column, std::string_view value,
                                    const Lines& lines, v1::Marks& marks) const {
  int64_t person = lines.empty() ? 0 : lines.front();
  if (cell.line.has_value()) {
    SNOWFIELD_ASSIGN_OR_RETURN(person, PersonOnLine(*cell.line, lines, cell.name));
  } else if (lines.size() > 1) {
    return Wrong(cell.name, "PERSON_UNCLEAR",
                 "several people stand here: name the column by the line, as in 1.support");
  }
  if (column.question.answers().empty()) {
    AddAnswer(column, person, value, marks);
    return absl::OkStatus();
  }
  const auto& known = column.question.answers();
  for (const absl::string_view part : absl::StrSplit(absl::string_view(value.data(), value.size()), kAnswerSeparator)) {
    const absl::string_view written = absl::StripAsciiWhitespace(part);
    std::optional<std::string> answer;
    if (manner_.lenient) {
      answer = AnswerKeyed({written.data(), written.size()}, column.question);
    } else if (std::find(known.begin(), known.end(), written) != known.end()) {
      answer = std::string(written);
    }
    if (!answer.has_value()) {
      return Wrong(cell.name, "ANSWER_UNKNOWN",
                   absl::StrCat("write an answer as the sheet has it, several with ", std::string(1, kAnswerSeparator),
                                " between them"));
    }
    AddAnswer(column, person, *answer, marks);
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::RowEntry> CellReader::Read(const v1::FileRow& row, const Lines& lines,
                                              std::vector<std::string>& passed_over) const {
  v1::RowEntry entry;
  const std::string_view result = FileColumns::Cell(row, file_.result_);
  const std::string_view language = FileColumns::Cell(row, file_.language_);
  const std::string_view note = FileColumns::Cell(row, file_.note_);
  const std::string_view keys = FileColumns::Cell(row, file_.keys_);
  bool has_answers = false;
  for (size_t i = 0; i < file_.answers_.size(); ++i) {
    const FileColumns::AnswerCell& cell = file_.answers_[i];
    const std::string_view value = FileColumns::Cell(row, cell.index);
    if (value.empty()) continue;
    if (column_of_[i] >= 0) {
      SNOWFIELD_RETURN_IF_ERROR(ReadAnswer(cell, columns_[column_of_[i]], value, lines, *entry.mutable_marks()));
      has_answers = true;
    } else if (manner_.lenient) {
      passed_over.push_back(cell.name);
    } else {
      return Wrong(cell.name, "COLUMN_UNKNOWN",
                   "this row's sheet has no such question: leave the cell empty, or take the file lenient");
    }
  }
  const bool has_cells = has_answers || !result.empty() || !language.empty();
  if (!keys.empty()) {
    if (has_cells) return Wrong("keys", "KEYS_AND_CELLS", "fill in keys, or the other columns: not both");
    SNOWFIELD_ASSIGN_OR_RETURN(entry, ReadKeys(keys, columns_, lines));
    if (!note.empty()) entry.set_note(std::string(note));
    return entry;
  }
  if (!has_cells && note.empty()) {
    entry.set_blank(true);
    return entry;
  }
  if (!language.empty()) entry.mutable_marks()->set_language(std::string(language));
  const bool has_marks = entry.has_marks();
  SNOWFIELD_RETURN_IF_ERROR(ReadResult({result.data(), result.size()}, manner_, entry));
  if (has_marks && !entry.has_marks()) {
    return Wrong("result", "CONTRADICTION", "a blank or unreadable row has no answers: leave them empty");
  }
  if (result.empty()) entry.mutable_marks();
  entry.set_note(std::string(note));
  return entry;
}

}  // namespace snowfield::paper
