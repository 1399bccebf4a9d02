#include "services/paper/keys/marks_check.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "base/character_count.h"
#include "base/status.h"
#include "services/paper/keys/signs.h"
#include "services/rpc/answers.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;

absl::Status Wrong(std::string_view reason, std::string_view message) {
  return base::InvalidField("keys", reason, message);
}

std::string MeaningOf(wire::KnockResult result) {
  for (const PacketCode& sign : ResultSigns()) {
    if (sign.number == result) return absl::StrCat(sign.sign, " (", sign.meaning, ")");
  }
  return "this result";
}

absl::Status Contradiction(wire::KnockResult result, const char* other) {
  return Wrong("CONTRADICTION", absl::StrCat(MeaningOf(result), " and ", other,
                                             ": look at the row again; where the sheet says both, key xx"));
}

bool NobodySpoke(wire::KnockResult result) {
  return result == wire::KNOCK_RESULT_NOT_HOME || result == wire::KNOCK_RESULT_INACCESSIBLE ||
         result == wire::KNOCK_RESULT_VACANT || result == wire::KNOCK_RESULT_WRONG_ADDRESS ||
         result == wire::KNOCK_RESULT_LITERATURE_LEFT;
}
bool SaidNo(wire::KnockResult result) {
  return result == wire::KNOCK_RESULT_REFUSED || result == wire::KNOCK_RESULT_HOSTILE ||
         result == wire::KNOCK_RESULT_DO_NOT_CONTACT;
}
bool IsGone(wire::KnockResult result) {
  return result == wire::KNOCK_RESULT_MOVED || result == wire::KNOCK_RESULT_DECEASED;
}

absl::Status CheckText(const std::string& text, const char* what) {
  if (text.find('\0') != std::string::npos) return Wrong("TEXT_INVALID", absl::StrCat(what, " has a NUL character"));
  if (base::CharacterCount(text) <= kPaperNoteCharactersMax) return absl::OkStatus();
  return Wrong("TOO_LONG", absl::StrCat(what, " has at most ", kPaperNoteCharactersMax, " characters"));
}

// One row's marks.
class Check {
 public:
  Check(const v1::Marks& marks, const std::vector<Column>& columns, const Lines& lines)
      : marks_(marks), columns_(columns), lines_(lines) {}

  absl::Status Run() {
    SNOWFIELD_RETURN_IF_ERROR(Result());
    for (const wire::KnockResponse& said : marks_.responses()) SNOWFIELD_RETURN_IF_ERROR(Response(said));
    for (const wire::KnockAsk& said : marks_.asks()) SNOWFIELD_RETURN_IF_ERROR(Ask(said));
    return absl::OkStatus();
  }

 private:
  absl::Status Result() const {
    if (marks_.result() == wire::KNOCK_RESULT_UNSPECIFIED) {
      return Wrong("RESULT_MISSING", "no result is marked: key cv where somebody talked, xx where it can't be told");
    }
    if (!wire::KnockResult_IsValid(marks_.result())) return Wrong("RESULT_UNKNOWN", "no sheet has this result");
    if (marks_.result() == wire::KNOCK_RESULT_LANGUAGE_BARRIER && marks_.language().empty()) {
      return Wrong("LANGUAGE_MISSING", "say which language, as in lb lang=es");
    }
    if (NobodySpoke(marks_.result()) && marks_.responses_size() + marks_.asks_size() > 0) {
      return Contradiction(marks_.result(), "something that was said");
    }
    return absl::OkStatus();
  }

  absl::Status Person(int64_t person) const {
    if (person != 0 && std::find(lines_.begin(), lines_.end(), person) == lines_.end()) {
      return Wrong("PERSON_UNKNOWN", "this person does not stand on the row");
    }
    if (IsGone(marks_.result()) && (person == 0 || lines_.size() == 1)) {
      return Contradiction(marks_.result(), "something that they said");
    }
    return absl::OkStatus();
  }

  absl::Status Response(const wire::KnockResponse& said) {
    SNOWFIELD_RETURN_IF_ERROR(Person(said.person_id()));
    SNOWFIELD_RETURN_IF_ERROR(CheckText(said.answer(), "an answer"));
    const auto column = std::find_if(columns_.begin(), columns_.end(), [&](const Column& known) {
      return !known.IsAsk() && known.question.code() == said.question();
    });
    if (column == columns_.end()) return Wrong("COLUMN_UNKNOWN", "the sheet does not have this question");
    if (said.answer().empty() || !rpc::TakesAnswer(column->question, said.answer())) {
      return Wrong("ANSWER_UNKNOWN", absl::StrCat("column ", std::string(1, column->letter), " does not take this"));
    }
    if (!answered_.emplace(said.person_id(), said.question(), said.answer()).second) {
      return Wrong("ANSWER_TWICE", "the same answer twice");
    }
    if (column->question.kind() == wire::QUESTION_KIND_MANY_OF) return absl::OkStatus();
    if (questions_.emplace(said.person_id(), said.question()).second) return absl::OkStatus();
    return Wrong("CONTRADICTION", absl::StrCat("two answers in column ", std::string(1, column->letter),
                                               ": key the one that is meant, or none where it can't be told"));
  }

  absl::Status Ask(const wire::KnockAsk& said) {
    SNOWFIELD_RETURN_IF_ERROR(Person(said.person_id()));
    const bool is_known = std::any_of(columns_.begin(), columns_.end(), [&](const Column& known) {
      return known.IsAsk() && known.question.ask() == said.ask();
    });
    if (!is_known || said.meeting_id() != 0) return Wrong("COLUMN_UNKNOWN", "the sheet does not have this ask");
    if (said.answer() == wire::ASK_ANSWER_UNSPECIFIED || !wire::AskAnswer_IsValid(said.answer())) {
      return Wrong("ANSWER_UNKNOWN", "yes, maybe or no");
    }
    if (!asks_.emplace(said.person_id(), said.ask()).second) {
      return Wrong("CONTRADICTION",
                   "two answers to one ask: key the one that is meant, or none where it can't be told");
    }
    const bool wants = said.answer() != wire::ASK_ANSWER_NO;
    if (wants && SaidNo(marks_.result())) return Contradiction(marks_.result(), "a yes or maybe");
    if (wants && marks_.result() == wire::KNOCK_RESULT_ALREADY_VOTED && said.ask() == wire::ASK_KIND_VOTE_PLAN) {
      return Contradiction(marks_.result(), "a plan to vote");
    }
    return absl::OkStatus();
  }

  const v1::Marks& marks_;
  const std::vector<Column>& columns_;
  const Lines& lines_;
  std::set<std::tuple<int64_t, std::string, std::string>> answered_;
  std::set<std::pair<int64_t, std::string>> questions_;
  std::set<std::pair<int64_t, int>> asks_;
};

}  // namespace

absl::Status CheckEntry(const v1::RowEntry& entry, const std::vector<Column>& columns, const Lines& lines) {
  SNOWFIELD_RETURN_IF_ERROR(CheckText(entry.note(), "a note"));
  if (entry.has_marks()) return Check(entry.marks(), columns, lines).Run();
  if (entry.blank() || entry.unreadable()) return absl::OkStatus();
  return Wrong("KEYS_EMPTY", "say what the row says: marks, blank or unreadable");
}

void SetInOrder(v1::Marks& marks, const std::vector<Column>& columns, const Lines& lines) {
  const auto line = [&](int64_t person) { return std::find(lines.begin(), lines.end(), person) - lines.begin(); };
  const auto column = [&](const std::string& code) {
    return std::find_if(columns.begin(), columns.end(), [&](const Column& c) { return c.question.code() == code; }) -
           columns.begin();
  };
  std::sort(marks.mutable_responses()->begin(), marks.mutable_responses()->end(),
            [&](const wire::KnockResponse& a, const wire::KnockResponse& b) {
              return std::tuple(line(a.person_id()), column(a.question()), a.answer()) <
                     std::tuple(line(b.person_id()), column(b.question()), b.answer());
            });
  std::sort(marks.mutable_asks()->begin(), marks.mutable_asks()->end(),
            [&](const wire::KnockAsk& a, const wire::KnockAsk& b) {
              return std::tuple(line(a.person_id()), a.ask()) < std::tuple(line(b.person_id()), b.ask());
            });
}

}  // namespace snowfield::paper
