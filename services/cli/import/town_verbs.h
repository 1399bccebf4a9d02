// `snowfield town generate`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddTownVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
