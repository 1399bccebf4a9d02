// Follow-ups as the database writes them and as the wire does.
// Thread safety: pure.
#pragma once

#include <string_view>

#include "db/store/follow_up_store.h"
#include "snowfield/followup/v1/queue.pb.h"

namespace snowfield::followup {

// "open", "said_yes"; empty for a value that the database does not know.
std::string_view StateName(v1::FollowUpState state);
std::string_view OutcomeName(v1::FollowUpOutcome outcome);

void ToMessage(const db::FollowUpRow& row, v1::FollowUp& out);

}  // namespace snowfield::followup
