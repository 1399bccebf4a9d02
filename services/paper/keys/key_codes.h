// Short codes: what a clerk keys of a row, without looking away from the sheet.
//
//   nh                          not home
//   cv a2 c=y                   canvassed; the one person of the door: column a is 2, column c is yes
//   cv 1.a2 2.a4 ; call later   two people, by their lines; after the semicolon a note
//   lb lang=es                  no common language: Spanish
//   -                           blank: nothing is marked
//   xx                          unreadable
//
// Each column of the sheet, questions first, then asks, has a letter: a to z, then A to Z. An answer is keyed as it is
// written, by its beginning, or by its number from 1 on; several of one question with commas; with blanks in it,
// between double quotes. 0. before a letter means the household. Thread safety: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "snowfield/canvass/v1/canvass.pb.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {

inline constexpr size_t kKeysBytesMax = 8'000;

struct Column {
  char letter = 0;  // 0: beyond the letters, not to be keyed
  // Of an ask: its sign as code, its meaning as text, yes, maybe and no as answers.
  canvass::v1::Question question;

  bool IsAsk() const { return question.kind() == canvass::v1::QUESTION_KIND_ASK; }
};
// As they stand on the sheet.
std::vector<Column> ColumnsOf(const canvass::v1::Script& script);

// The people of a row by their lines; 0 where who stands there has gone.
using Lines = std::vector<int64_t>;

// The one answer that is so, begins so, or has this number from 1 on; in any case of letters. None where that is not
// one.
std::optional<std::string> AnswerKeyed(std::string_view keyed, const canvass::v1::Question& question);
// Who stands on a line from 1 on; 0: the household. INVALID_ARGUMENT PERSON_UNKNOWN naming `field`: there is no such
// line, or they have gone.
absl::StatusOr<int64_t> PersonOnLine(size_t line, const Lines& lines, std::string_view field);
// An answer as the sheet has it, to a question or an ask.
void AddAnswer(const Column& column, int64_t person, std::string_view answer, v1::Marks& marks);

// Without checking what the marks mean together (marks_check.h). INVALID_ARGUMENT naming "keys": KEYS_EMPTY,
// KEYS_TOO_LONG, RESULT_UNKNOWN, KEYS_UNKNOWN, PERSON_UNKNOWN, PERSON_UNCLEAR, COLUMN_UNKNOWN, ANSWER_UNKNOWN.
absl::StatusOr<v1::RowEntry> ReadKeys(std::string_view keys, const std::vector<Column>& columns, const Lines& lines);
// What ReadKeys() reads the same entry from.
std::string WriteKeys(const v1::RowEntry& entry, const std::vector<Column>& columns, const Lines& lines);

}  // namespace snowfield::paper
