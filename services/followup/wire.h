// Follow-ups as the database writes them and as the wire does.
// Thread safety: pure.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "db/store/follow_up_store.h"
#include "snowfield/followup/v1/queue.pb.h"

namespace snowfield::followup {

// "open", "said_yes"; empty for a value that the database does not know.
std::string_view StateName(v1::FollowUpState state);
std::string_view OutcomeName(v1::FollowUpOutcome outcome);

void ToMessage(const db::FollowUpRow& row, v1::FollowUp& out);

// `text` in at most `max` characters, and at least `min`. INVALID_ARGUMENT naming `field`: REASON_MISSING, TOO_LONG,
// TEXT_INVALID.
absl::Status CheckReason(std::string_view text, int min, int max, std::string_view field);

}  // namespace snowfield::followup
