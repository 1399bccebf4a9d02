// The command line as a whole: all client verbs on one CLI11 app.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "services/cli/client.h"

namespace snowfield::cli {

// Adds every client verb and the flags that they share.
void AddClientVerbs(CLI::App& app, Session& session);

// Runs one client verb in this process, as if typed: {"import", "people", "voters.tsv"}. Address, context and the like
// come from `session`.
absl::Status RunVerb(const Session& session, std::vector<std::string> words);

// What a person reads of a failure: the message and, where there is one, the field and the reason.
std::string Describe(const absl::Status& status);

}  // namespace snowfield::cli
