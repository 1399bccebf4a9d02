// `snowfield paper scan`: pages of a scanner into a batch.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPaperScanVerbs(CLI::App& paper, Session& session);

}  // namespace snowfield::cli
