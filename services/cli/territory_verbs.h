// `snowfield territory ...`, `snowfield boundary list`, `snowfield universe ...`, `snowfield people unmatched`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddTerritoryVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
