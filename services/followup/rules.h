// Rules in words: which knock gives which follow-up, for a person to read.
//
// How a rule fires is written once, in db/queries/follow_up.sql, in the transaction that stores the knock.
// Thread safety: pure.
#pragma once

#include <string>

#include "db/store/follow_up_store.h"

namespace snowfield::followup {

// "volunteer is answered yes", "the result is COME_BACK", "support is answered 1, and volunteer is not asked".
std::string ConditionsInWords(const db::FollowUpRule& rule);

}  // namespace snowfield::followup
