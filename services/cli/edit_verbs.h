// `snowfield turf select | move | merge | split | set-aside | put-back | undo | edits`: turfs by hand.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

// Adds the verbs to `turf`.
void AddEditVerbs(CLI::App& turf, Session& session);

}  // namespace snowfield::cli
