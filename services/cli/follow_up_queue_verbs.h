// Verbs that work the queue of follow-ups: claim, renew, release, snooze, reassign, give up, reopen, history.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Below `follow-up`.
void AddFollowUpQueueVerbs(CLI::App& follow_up, Session& session);

}  // namespace snowfield::cli
