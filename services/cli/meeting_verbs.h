// `snowfield meeting ...`: small meetings, from the invitation to the calendar file.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Adds `meeting` with its verbs.
void AddMeetingVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
