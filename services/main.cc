// snowfield: one binary. `serve` and `migrate` touch a database; every other verb is a gRPC client.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <functional>

#include "absl/status/status.h"
#include "services/cli/command_line.h"
#include "services/server/serve_verbs.h"

namespace {
constexpr int kFailed = 1;
constexpr int kUsage = 2;
}  // namespace

int main(int argument_count, char** arguments) {
  CLI::App app(
      "Snowfield: cut turf, hand it to leaders, take in knocks, follow up.\n"
      "Start with `snowfield serve --data FOLDER`, or `script/run` for a town to try things on.",
      "snowfield");
  app.set_version_flag("--version", SNOWFIELD_VERSION);
  app.require_subcommand(1);
  std::function<absl::Status()> server_verb;
  snowfield::cli::Session session;
  snowfield::cli::AddClientVerbs(app, session);
  snowfield::server::AddServeVerbs(app, &server_verb);
  try {
    app.parse(argument_count, arguments);
  } catch (const CLI::RequiredError& error) {
    if (app.remaining().empty()) return app.exit(error) == 0 ? 0 : kUsage;
    std::fprintf(stderr, "snowfield: there is no verb \"%s\": `snowfield --help` lists them\n",
                 app.remaining().front().c_str());
    return kUsage;
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  const absl::Status status = server_verb ? server_verb() : session.run();
  if (status.ok()) return 0;
  std::fprintf(stderr, "snowfield: %s\n", snowfield::cli::Describe(status).c_str());
  return absl::IsInvalidArgument(status) ? kUsage : kFailed;
}
