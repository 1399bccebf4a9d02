// `snowfield growth ...`: the ladder, trainings, and what the system proposes.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Adds `growth` with its verbs.
void AddGrowthVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
