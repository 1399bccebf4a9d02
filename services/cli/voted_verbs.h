// `snowfield voted`: who has voted, by a file of the election office.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddVotedVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
