// `snowfield addition`: doors and people found in the field, and what is decided about them.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddAdditionVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
