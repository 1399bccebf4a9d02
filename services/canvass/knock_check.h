// What can be said of a knock without looking at the data: its form and its limits.
// Thread safety: pure.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "base/status.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::canvass {

inline constexpr int kBatchKnocksMax = 500;
inline constexpr int kResponsesMax = 64;
inline constexpr int kAsksMax = 64;
inline constexpr int kNoteCharactersMax = 2000;
inline constexpr int kAnswerCharactersMax = 2000;
inline constexpr int kQuestionCharactersMax = 100;
inline constexpr int kBootIdCharactersMax = 64;
inline constexpr int kLanguageCharactersMax = 35;  // BCP 47, 4.4.1

// INVALID_ARGUMENT with `field`: TEXT_INVALID for one with a NUL character, TOO_LONG.
absl::Status CheckText(const std::string& text, int characters_max, std::string_view field);

// INVALID_ARGUMENT with the field, relative to the knock, and a message for the person holding the phone. Reasons:
// DOOR_MISSING, RESULT_MISSING, RESULT_UNKNOWN, PHONE_TIME_MISSING, PHONE_TIME_INVALID, POSITION_INVALID,
// LANGUAGE_MISSING, LANGUAGE_INVALID, TOO_LONG, TOO_MANY, TEXT_INVALID, NUMBER_NEGATIVE, QUESTION_MISSING, ASK_MISSING,
// ANSWER_MISSING, KNOCK_ID_INVALID (of corrects_knock_id), CORRECTS_ITSELF, UNDO_OF_NOTHING, UNDO_SAYS_MORE.
absl::Status CheckKnock(const v1::Knock& knock);

// The answer to one item of a batch that can't be stored. Answer: KnockAnswer, AdditionAnswer.
template <typename Answer>
void Reject(Answer& answer, const absl::Status& why) {
  const base::ProblemDetail detail = base::DetailOf(why);
  answer.set_outcome(v1::KNOCK_OUTCOME_REJECTED);
  answer.set_reason(detail.reason);
  answer.set_field(detail.field);
  answer.set_message(base::MessageOf(why));
}

}  // namespace snowfield::canvass
