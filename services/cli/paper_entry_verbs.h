// Verbs of data entry: `snowfield paper open|list|show|enter|close|reopen`. AddPaperVerbs adds them.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPaperEntryVerbs(CLI::App& paper, Session& session);

}  // namespace snowfield::cli
