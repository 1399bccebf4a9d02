// Verbs of paper: print a packet, list what was printed, key what came back.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPaperVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
