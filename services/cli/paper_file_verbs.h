// `snowfield paper template|import`: files of data-entry vendors.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPaperFileVerbs(CLI::App& paper, Session& session);

}  // namespace snowfield::cli
