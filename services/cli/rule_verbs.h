// Verbs of rules: which knock gives which follow-up.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddRuleVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
