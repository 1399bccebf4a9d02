// `snowfield sample play`: the whole story on a sample town, by the same verbs that a person would type.
#pragma once

#include <CLI/CLI.hpp>

#include "services/cli/client.h"

namespace snowfield::cli {

void AddSampleVerbs(CLI::App& app, Session& session);

}  // namespace snowfield::cli
