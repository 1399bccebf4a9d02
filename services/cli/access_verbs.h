// `snowfield campaign ...`, `snowfield token ...`, `snowfield whoami`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddAccessVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
