// The verb `probe`: whether a server can be reached and serves, for liveness probes and service managers.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddProbeVerb(CLI::App& app, Session& session);

}  // namespace snowfield::cli
