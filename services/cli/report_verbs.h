// `snowfield report`: how the canvass goes, as a table, JSON or CSV.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddReportVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
