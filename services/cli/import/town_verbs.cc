#include "services/cli/import/town_verbs.h"

#include <cstdio>
#include <memory>
#include <string>

#include "base/status.h"
#include "services/cli/output.h"
#include "services/cli/town/town.h"
#include "services/cli/town/write_town.h"

namespace snowfield::cli {
namespace {

struct TownOrder {
  town::TownPlan plan;
  std::string folder;
  bool osm = false;
};

absl::Status GenerateTown(const Session& session, const TownOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const town::Town town, town::PlanTown(order.plan));
  SNOWFIELD_ASSIGN_OR_RETURN(const town::TownCounts counts, town::WriteTown(town, order.folder, order.osm));
  if (session.json) {
    std::printf("{\"folder\":\"%s\",\"doors\":%lld,\"streets\":%lld,\"boundaries\":%lld,\"people\":%lld}\n",
                order.folder.c_str(), static_cast<long long>(counts.doors), static_cast<long long>(counts.streets),
                static_cast<long long>(counts.boundaries), static_cast<long long>(counts.people));
    return absl::OkStatus();
  }
  std::printf("%s: %s doors, %s streets, %s people; README.txt in it says how to import them\n", order.folder.c_str(),
              WithCommas(counts.doors).c_str(), WithCommas(counts.streets).c_str(), WithCommas(counts.people).c_str());
  return absl::OkStatus();
}

}  // namespace

void AddTownVerbs(CLI::App& app, Session& session) {
  CLI::App* town = app.add_subcommand("town", "A made-up town to try things on")->require_subcommand(1);
  CLI::App* generate =
      town->add_subcommand("generate", "Write the files of a made-up town; the same seed gives the same town");
  generate->footer("Example:\n  snowfield town generate --seed 7 --doors 2400 --out town/");
  const auto order = std::make_shared<TownOrder>();
  generate->add_option("--seed", order->plan.seed, "Which town (7)");
  generate->add_option("--doors", order->plan.doors, "How many doors (2400)");
  generate->add_option("--out", order->folder, "Folder to write into; made where it is missing")->required();
  generate->add_flag("--osm", order->osm, "Also write town.osm, the same town as OpenStreetMap XML");
  generate->callback([&session, order] { session.run = [&session, order] { return GenerateTown(session, *order); }; });
}

}  // namespace snowfield::cli
