// `snowfield cut ...`: start, watch, list, show, compare, publish and cancel cuts. AddTurfVerbs adds it.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Ctrl-C while a cut is watched asks the server to cancel it; how often that is looked for.
inline constexpr absl::Duration kInterruptPoll = absl::Milliseconds(100);

void AddCutVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
