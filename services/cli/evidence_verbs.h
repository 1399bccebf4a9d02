// `snowfield evidence`: knocks that something speaks against, and what is decided about them.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddEvidenceVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
