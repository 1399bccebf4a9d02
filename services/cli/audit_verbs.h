// `snowfield audit list` and `snowfield audit verify`.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddAuditVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
