// CheckScript: what is wrong with a script before anybody walks with it.
//
// A question is asked where each of its conditions on earlier answers holds, so that to reach it means a set of answers
// that its conditions, and those of the questions that they name, leave. That set is worked out exactly: what is called
// UNREACHABLE no canvasser would ever be shown, and what is called a DEAD_BRANCH is an answer that can't have been
// given where the question is asked. Thread safety: pure.
#pragma once

#include <vector>

#include "snowfield/canvass/v1/script.pb.h"

namespace snowfield::canvass {

inline constexpr int kScriptQuestionsMax = 64;
inline constexpr int kScriptLanguagesMax = 12;
inline constexpr int kScriptNameBytesMax = 100;
inline constexpr int kQuestionCodeBytesMax = 40;
inline constexpr int kQuestionTextBytesMax = 2'000;
inline constexpr int kGreetingBytesMax = 4'000;
inline constexpr int kAnswersMin = 2;
inline constexpr int kAnswersMax = 20;
inline constexpr int kConditionsMax = 8;
inline constexpr int64_t kNumberAnswerMax = 1'000'000'000;

// None where the script is sound. Each names the question it is about, or none where it is about the script, and a
// reason of docs/scripts.md. Branches are looked at where the questions themselves are right.
std::vector<v1::ScriptProblem> CheckScript(const v1::ScriptDraft& script);

}  // namespace snowfield::canvass
