// `snowfield import addresses|streets|barriers|boundaries|people|presets` and `snowfield town generate`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddImportVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
