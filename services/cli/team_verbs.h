// `snowfield member move|step-down|remove` and `snowfield team merge|split`: changes of the tree.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Adds the verbs of one member to `member`, and `team` with its verbs to `app`.
void AddTeamVerbs(CLI::App& member, CLI::App& app, Session& session);

}  // namespace snowfield::cli
