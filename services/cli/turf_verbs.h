// `snowfield cut ...` and `snowfield turf ...`: cutting, publishing, assigning and exporting turf.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>

#include "absl/status/statusor.h"
#include "services/cli/client.h"

namespace snowfield::cli {

// Adds `cut` and `turf` with their verbs.
void AddTurfVerbs(CLI::App& app, Session& session);

// The newest published cut of the campaign. FAILED_PRECONDITION NO_PUBLISHED_CUT with the mend.
absl::StatusOr<int64_t> NewestPublishedCut(const Client& client);

}  // namespace snowfield::cli
