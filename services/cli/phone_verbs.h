// Verbs of a simulated phone: `snowfield phone enrol|lists|checkout|download|walk|send|changes|return`, and for its
// leader `snowfield phone code`.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddPhoneVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
