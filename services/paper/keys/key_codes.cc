#include "services/paper/keys/key_codes.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "base/status.h"
#include "services/paper/keys/signs.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;
constexpr absl::string_view kLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr absl::string_view kBlank = "-";
constexpr absl::string_view kUnreadable = "xx";
constexpr absl::string_view kLanguage = "lang=";
constexpr const char* kAskAnswers[] = {"yes", "maybe", "no"};

absl::Status Wrong(std::string_view reason, std::string_view message) {
  return base::InvalidField("keys", reason, message);
}

// Words between blanks; what stands between double quotes is one.
absl::StatusOr<std::vector<std::string>> Words(absl::string_view text) {
  std::vector<std::string> words;
  bool quoted = false, in_word = false;
  for (const char c : text) {
    if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && absl::ascii_isspace(static_cast<unsigned char>(c))) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c != '"') words.back() += c;
  }
  if (quoted) return Wrong("KEYS_UNKNOWN", "a double quote is not closed");
  return words;
}

class Reader {
 public:
  Reader(const std::vector<Column>& columns, const Lines& lines) : columns_(columns), lines_(lines) {}

  absl::StatusOr<v1::RowEntry> Read(absl::string_view keys) {
    const size_t semicolon = NoteBegin(keys);
    if (semicolon != absl::string_view::npos) {
      entry_.set_note(std::string(absl::StripAsciiWhitespace(keys.substr(semicolon + 1))));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<std::string> words, Words(keys.substr(0, semicolon)));
    if (words.empty()) {
      return Wrong("KEYS_EMPTY", "key the result first, as in nh; - for a blank row, xx for an unreadable one");
    }
    if (absl::string_view(words[0]) == kBlank || absl::EqualsIgnoreCase(words[0], kUnreadable)) {
      if (words.size() > 1) return Wrong("KEYS_UNKNOWN", "a blank or unreadable row has nothing else but a note");
      absl::string_view(words[0]) == kBlank ? entry_.set_blank(true) : entry_.set_unreadable(true);
      return std::move(entry_);
    }
    SNOWFIELD_RETURN_IF_ERROR(ReadResult(words[0]));
    for (size_t i = 1; i < words.size(); ++i) SNOWFIELD_RETURN_IF_ERROR(ReadWord(words[i]));
    return std::move(entry_);
  }

 private:
  // The first semicolon outside of quotes.
  static size_t NoteBegin(absl::string_view keys) {
    bool quoted = false;
    for (size_t i = 0; i < keys.size(); ++i) {
      if (keys[i] == '"') quoted = !quoted;
      if (keys[i] == ';' && !quoted) return i;
    }
    return absl::string_view::npos;
  }

  absl::Status ReadResult(const std::string& word) {
    for (const PacketCode& sign : ResultSigns()) {
      if (!absl::EqualsIgnoreCase(sign.sign, word)) continue;
      entry_.mutable_marks()->set_result(static_cast<wire::KnockResult>(sign.number));
      return absl::OkStatus();
    }
    return Wrong("RESULT_UNKNOWN", absl::StrCat("a row begins with its result, one of ",
                                                absl::StrJoin(ResultSigns(), " ",
                                                              [](std::string* out, const PacketCode& sign) {
                                                                absl::StrAppend(out, absl::AsciiStrToLower(sign.sign));
                                                              }),
                                                "; - for blank, xx for unreadable"));
  }

  absl::Status ReadWord(absl::string_view word) {
    if (absl::StartsWithIgnoreCase(word, kLanguage)) {
      entry_.mutable_marks()->set_language(std::string(word.substr(kLanguage.size())));
      return absl::OkStatus();
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const int64_t person, ReadPerson(word));
    if (word.empty()) return Wrong("KEYS_UNKNOWN", "after the line comes the letter of a column");
    const auto column = std::find_if(columns_.begin(), columns_.end(),
                                     [&](const Column& known) { return known.letter == word.front(); });
    if (column == columns_.end()) {
      return Wrong("COLUMN_UNKNOWN", absl::StrCat("the sheet has no column ", word.substr(0, 1)));
    }
    word.remove_prefix(1);
    if (absl::StartsWith(word, "=") || absl::StartsWith(word, ":")) word.remove_prefix(1);
    if (column->question.answers().empty()) return Add(person, *column, word);
    for (const absl::string_view keyed : absl::StrSplit(word, ',')) {
      const std::optional<std::string> answer = AnswerKeyed({keyed.data(), keyed.size()}, column->question);
      if (!answer.has_value()) {
        return Wrong(
            "ANSWER_UNKNOWN",
            absl::StrCat("column ", std::string(1, column->letter),
                         " does not take this: key an answer as the sheet has it, its beginning, or its number"));
      }
      SNOWFIELD_RETURN_IF_ERROR(Add(person, *column, *answer));
    }
    return absl::OkStatus();
  }

  // "2." at the beginning; without, the one person that there is.
  absl::StatusOr<int64_t> ReadPerson(absl::string_view& word) const {
    const size_t point = word.find('.');
    size_t line = 0;
    if (point != absl::string_view::npos && absl::SimpleAtoi(word.substr(0, point), &line)) {
      word.remove_prefix(point + 1);
      return PersonOnLine(line, lines_, "keys");
    }
    if (lines_.size() > 1) {
      return Wrong("PERSON_UNCLEAR", "several people live here: say whose line, as in 1.a2, or 0. for the household");
    }
    return lines_.empty() ? 0 : lines_.front();
  }

  absl::Status Add(int64_t person, const Column& column, absl::string_view answer) {
    if (answer.empty()) return Wrong("ANSWER_UNKNOWN", "an answer is missing behind the letter of its column");
    AddAnswer(column, person, {answer.data(), answer.size()}, *entry_.mutable_marks());
    return absl::OkStatus();
  }

  const std::vector<Column>& columns_;
  const Lines& lines_;
  v1::RowEntry entry_;
};

std::string Quoted(const std::string& answer) {
  const bool is_plain = std::none_of(answer.begin(), answer.end(),
                                     [](unsigned char c) { return absl::ascii_isspace(c) || c == ';' || c == ','; });
  return is_plain ? answer : absl::StrCat("\"", answer, "\"");
}

}  // namespace

std::vector<Column> ColumnsOf(const wire::Script& script) {
  std::vector<Column> columns;
  const auto add = [&]() -> wire::Question& {
    columns.push_back({.letter = columns.size() < kLetters.size() ? kLetters[columns.size()] : '\0', .question = {}});
    return columns.back().question;
  };
  for (const wire::Question& question : script.questions()) {
    if (question.kind() == wire::QUESTION_KIND_ASK) continue;  // asks have columns of their own
    wire::Question& column = add();
    column = question;
    if (!column.answers().empty()) continue;
    if (column.kind() == wire::QUESTION_KIND_SCALE) {
      for (const char* answer : {"1", "2", "3", "4", "5"}) column.add_answers(answer);
    }
    if (column.kind() == wire::QUESTION_KIND_YES_NO) {
      for (const char* answer : {"yes", "no"}) column.add_answers(answer);
    }
  }
  for (const int kind : script.asks()) {
    // A bubble can't say which meeting; the clerk of a house meeting writes guests down by name.
    if (kind == wire::ASK_KIND_COME_TO_MEETING) continue;
    const auto ask = static_cast<wire::AskKind>(kind);
    const PacketCode sign = AskSign(ask);
    wire::Question& column = add();
    column.set_kind(wire::QUESTION_KIND_ASK);
    column.set_ask(ask);
    column.set_code(sign.sign);
    column.set_text(sign.meaning);
    for (const char* answer : kAskAnswers) column.add_answers(answer);
  }
  return columns;
}

std::optional<std::string> AnswerKeyed(std::string_view keyed, const wire::Question& question) {
  const absl::string_view begin(keyed.data(), keyed.size());
  const auto& answers = question.answers();
  std::vector<std::string> begin_so;
  for (const std::string& answer : answers) {
    if (absl::EqualsIgnoreCase(answer, begin)) return answer;
    if (absl::StartsWithIgnoreCase(answer, begin)) begin_so.push_back(answer);
  }
  if (begin_so.size() == 1) return begin_so.front();
  size_t number = 0;
  if (absl::SimpleAtoi(begin, &number) && number >= 1 && number <= static_cast<size_t>(answers.size())) {
    return answers[static_cast<int>(number) - 1];
  }
  return std::nullopt;
}

absl::StatusOr<int64_t> PersonOnLine(size_t line, const Lines& lines, std::string_view field) {
  if (line == 0) return 0;
  if (line > lines.size()) {
    return base::InvalidField(field, "PERSON_UNKNOWN", absl::StrCat("this row has no line ", line));
  }
  if (lines[line - 1] != 0) return lines[line - 1];
  return base::InvalidField(
      field, "PERSON_UNKNOWN",
      absl::StrCat("who stood on line ", line, " has gone: what they said can't be kept; 0. is the household"));
}

void AddAnswer(const Column& column, int64_t person, std::string_view answer, v1::Marks& marks) {
  if (column.IsAsk()) {
    wire::KnockAsk& ask = *marks.add_asks();
    ask.set_person_id(person);
    ask.set_ask(column.question.ask());
    ask.set_answer(answer == kAskAnswers[0]   ? wire::ASK_ANSWER_YES
                   : answer == kAskAnswers[1] ? wire::ASK_ANSWER_MAYBE
                                              : wire::ASK_ANSWER_NO);
    return;
  }
  wire::KnockResponse& response = *marks.add_responses();
  response.set_person_id(person);
  response.set_question(column.question.code());
  response.set_answer(std::string(answer));
}

absl::StatusOr<v1::RowEntry> ReadKeys(std::string_view keys, const std::vector<Column>& columns, const Lines& lines) {
  if (keys.size() > kKeysBytesMax) return Wrong("KEYS_TOO_LONG", absl::StrCat("at most ", kKeysBytesMax, " bytes"));
  return Reader(columns, lines).Read({keys.data(), keys.size()});
}

std::string WriteKeys(const v1::RowEntry& entry, const std::vector<Column>& columns, const Lines& lines) {
  std::vector<std::string> words;
  const auto add = [&](int64_t person, const auto& is_column, const std::string& answer) {
    const auto column = std::find_if(columns.begin(), columns.end(), is_column);
    if (column == columns.end() || column->letter == 0) return;
    std::string line;
    if (person == 0 && !lines.empty()) line = "0.";
    for (size_t i = 0; person != 0 && lines.size() > 1 && i < lines.size(); ++i) {
      if (lines[i] == person) line = absl::StrCat(i + 1, ".");
    }
    words.push_back(absl::StrCat(line, std::string(1, column->letter), "=", Quoted(answer)));
  };
  if (entry.blank()) words.emplace_back(kBlank);
  if (entry.unreadable()) words.emplace_back(kUnreadable);
  for (const PacketCode& sign : ResultSigns()) {
    if (entry.has_marks() && sign.number == entry.marks().result()) words.push_back(absl::AsciiStrToLower(sign.sign));
  }
  if (!entry.marks().language().empty()) words.push_back(absl::StrCat(kLanguage, entry.marks().language()));
  for (const wire::KnockResponse& said : entry.marks().responses()) {
    add(
        said.person_id(), [&](const Column& c) { return !c.IsAsk() && c.question.code() == said.question(); },
        said.answer());
  }
  for (const wire::KnockAsk& said : entry.marks().asks()) {
    add(
        said.person_id(), [&](const Column& c) { return c.IsAsk() && c.question.ask() == said.ask(); },
        absl::AsciiStrToLower(wire::AskAnswer_Name(said.answer()).substr(absl::string_view("ASK_ANSWER_").size())));
  }
  if (!entry.note().empty()) words.push_back(absl::StrCat("; ", entry.note()));
  return absl::StrJoin(words, " ");
}

}  // namespace snowfield::paper
