// `snowfield cut problems` and `snowfield cut diff`: what a director reads of a cut before publishing it. AddCutVerbs
// adds them.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddCutReportVerbs(CLI::App& cut, Session& session);

}  // namespace snowfield::cli
