// Verbs that keep people from being worn out: `snowfield contact limits|held-back|balance`.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddContactVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
