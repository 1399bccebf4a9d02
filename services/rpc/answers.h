// Answers: which ones a question of a script takes. Phones' knocks are weighed by it, and what is keyed from paper.
// Thread safety: pure.
#pragma once

#include <string>

#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::rpc {

// Any text for FREE_TEXT; one of its answers, where it has some; a whole number within its bounds, from 0 on where it
// has none; a day as 2026-11-03. Never for ASK, which a KnockAsk answers.
bool TakesAnswer(const canvass::v1::Question& question, const std::string& answer);

}  // namespace snowfield::rpc
