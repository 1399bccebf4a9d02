// AddVerb: a verb of a group of verbs that share one order, which its flags fill in.
// Thread safety: one thread.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>

#include "absl/status/status.h"
#include "services/cli/client.h"

namespace snowfield::cli {

// Chosen, it has the session run `work` with the order.
template <typename Order>
CLI::App* AddVerb(CLI::App& group, Session& session, const std::shared_ptr<Order>& order, const char* name,
                  const char* help, absl::Status (*work)(const Session&, const Order&)) {
  CLI::App* verb = group.add_subcommand(name, help);
  verb->callback([&session, order, work] { session.run = [&session, order, work] { return work(session, *order); }; });
  return verb;
}

}  // namespace snowfield::cli
