// `snowfield script`: what canvassers say and ask at a door, in versions.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddScriptVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
