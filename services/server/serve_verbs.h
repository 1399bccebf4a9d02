// `snowfield serve` and `snowfield migrate`: the two verbs that touch a database themselves.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>

#include "absl/status/status.h"

namespace snowfield::server {

// The chosen verb sets *run.
void AddServeVerbs(CLI::App& app, std::function<absl::Status()>* run);

}  // namespace snowfield::server
