// `snowfield member ...`: the people of the snowflake.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Adds `member` with its verbs.
void AddMemberVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
