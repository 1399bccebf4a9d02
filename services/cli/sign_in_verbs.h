// `snowfield sign-in ...`: OpenID Connect for staff.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddSignInVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
