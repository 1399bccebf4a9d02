// CheckBranches: which questions of a script can never be asked, and which answers in their conditions never given.
// For CheckScript (script_check.h), which has looked at the questions themselves. Thread safety: pure.
#pragma once

#include <vector>

#include "snowfield/canvass/v1/script.pb.h"

namespace snowfield::canvass {

// Questions with codes of their own and right answers. Reasons: CONDITION_QUESTION_UNKNOWN, CONDITION_ANSWER_UNKNOWN,
// CONDITION_EMPTY, LOOP, CONDITION_LATER, and, where there are none of these, UNREACHABLE and DEAD_BRANCH.
std::vector<v1::ScriptProblem> CheckBranches(const v1::ScriptDraft& script);

}  // namespace snowfield::canvass
