// Verbs of leaders and directors: `snowfield follow-up list|complete|rules` and `snowfield results`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddFollowUpVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
