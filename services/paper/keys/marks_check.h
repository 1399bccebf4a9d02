// What can't both be meant: marks of one row that contradict each other, or that the sheet does not have.
// Thread safety: pure.
#pragma once

#include <vector>

#include "absl/status/status.h"
#include "services/paper/keys/key_codes.h"
#include "snowfield/paper/v1/entry.pb.h"

namespace snowfield::paper {

inline constexpr int kPaperNoteCharactersMax = 2'000;

// INVALID_ARGUMENT with a message for the clerk: CONTRADICTION; RESULT_MISSING, LANGUAGE_MISSING, COLUMN_UNKNOWN,
// ANSWER_UNKNOWN, ANSWER_TWICE, PERSON_UNKNOWN, TEXT_INVALID, TOO_LONG.
//
// Contradictions are: anything said where nobody was spoken with (not home, can't be reached, nobody lives here, wrong
// address, leaflet left); a yes or maybe of one who refused, threatened, or wants no contact; a plan to vote of one who
// has voted; an answer of the only person behind the door, or of the household, who has moved or died; two answers to
// one question, unless it takes many.
absl::Status CheckEntry(const v1::RowEntry& entry, const std::vector<Column>& columns, const Lines& lines);

// The same words in one order: people by their lines, columns as they stand. For comparing.
void SetInOrder(v1::Marks& marks, const std::vector<Column>& columns, const Lines& lines);

}  // namespace snowfield::paper
