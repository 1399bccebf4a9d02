// `snowfield person find|export|erase`: one who asks what is held about them, or wants it gone.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPersonVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
