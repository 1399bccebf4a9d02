#include "services/cli/import/import_verbs.h"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/status.h"
#include "services/cli/files/presets.h"
#include "services/cli/import/print_outcome.h"
#include "services/cli/import/run_import.h"
#include "services/cli/import/town_verbs.h"
#include "services/cli/output.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

// The server's own limit on the call.
constexpr absl::Duration kImportTime = absl::Seconds(7200);

struct ImportOrder {
  ImportKind kind = pb::IMPORT_KIND_UNSPECIFIED;
  std::vector<std::string> files;
  std::string preset;
  std::string map_file;
  std::vector<std::string> columns;
  std::string encoding;
  std::string kind_name;
  std::string dataset;
  std::string report;
  bool dry_run = false;
  bool bring_back_erased = false;
};

absl::StatusOr<Mapping> MappingOf(const ImportOrder& order) {
  Mapping mapping;
  if (order.map_file.empty()) {
    SNOWFIELD_ASSIGN_OR_RETURN(mapping, FindPreset(order.preset, order.kind));
  } else {
    std::ifstream file(order.map_file);
    if (!file) return base::InvalidField("map", "FILE_NOT_FOUND", absl::StrCat("can't read ", order.map_file));
    std::stringstream text;
    text << file.rdbuf();
    SNOWFIELD_ASSIGN_OR_RETURN(mapping, ParseMapping(text.str()));
    if (mapping.kind != order.kind) {
      return base::InvalidField(
          "map", "MAPPING_INVALID",
          absl::StrCat("the mapping is for ", KindName(mapping.kind), ", not for ", KindName(order.kind),
                       "; use `snowfield import ", KindName(mapping.kind), "`"));
    }
  }
  for (const std::string& assignment : order.columns) {
    SNOWFIELD_RETURN_IF_ERROR(OverrideColumn(mapping, assignment));
  }
  if (!order.encoding.empty()) mapping.encoding = order.encoding;
  return mapping;
}

// "Washington.csv.gz" -> "addresses-washington": the same file has the same name next time.
std::string DatasetOf(const ImportOrder& order) {
  std::string name = std::filesystem::path(order.files.front()).filename().string();
  name = absl::AsciiStrToLower(name.substr(0, name.find('.')));
  std::string dataset = absl::StrCat(KindName(order.kind), "-", name);
  if (!order.kind_name.empty()) absl::StrAppend(&dataset, "-", order.kind_name);
  return dataset.substr(0, 100);
}

absl::StatusOr<ImportPlan> PlanOf(const ImportOrder& order) {
  ImportPlan plan;
  SNOWFIELD_ASSIGN_OR_RETURN(plan.mapping, MappingOf(order));
  plan.files = order.files;
  if (plan.files.size() > kFilesMax) {
    return base::InvalidField("file", "FILES_MANY", absl::StrCat("at most ", kFilesMax, " files make one data set"));
  }
  if (plan.files.size() > 1 && order.dataset.empty()) {
    return base::InvalidField("dataset", "DATASET_MISSING", "several files make one data set: name it with --dataset");
  }
  plan.dataset = order.dataset.empty() ? DatasetOf(order) : order.dataset;
  plan.options.kind = order.kind_name;
  plan.options.this_year = static_cast<int>(absl::ToCivilYear(base::Clock::System().Now(), absl::UTCTimeZone()).year());
  plan.report_path = order.report;
  plan.dry_run = order.dry_run;
  plan.bring_back_erased = order.bring_back_erased;
  return plan;
}

absl::Status RunOrder(const Session& session, const ImportOrder& order) {
  SNOWFIELD_ASSIGN_OR_RETURN(const ImportPlan plan, PlanOf(order));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = pb::TerritoryService::NewStub(client.channel());
  ProgressBar bar(KindName(order.kind), session.json);
  ImportOutcome outcome;
  const absl::Status status = RunImport(
      *stub, [&client](grpc::ClientContext& context) { client.Prepare(context, kImportTime); }, plan,
      [&bar](double fraction, std::string_view note) { bar.Update(fraction, note); }, outcome);
  bar.Finish(status.ok() ? "done" : "stopped");
  // What was wrong with the rows is worth knowing also when nothing was stored.
  const bool worth_showing = status.ok() || !outcome.reasons.empty();
  if (worth_showing && session.json) PrintOutcomeAsJson(plan, outcome);
  if (worth_showing && !session.json) PrintOutcome(plan, outcome);
  return status;
}

struct KindVerb {
  ImportKind kind;
  const char* help;
  const char* example;
};

constexpr KindVerb kKindVerbs[] = {
    {pb::IMPORT_KIND_ADDRESSES, "The doors: CSV, GeoJSON, shapefile, GeoPackage or OpenStreetMap",
     "  snowfield import addresses Washington.csv.gz --preset dc --dataset dc-addresses\n"
     "  snowfield import addresses franklin/*.geojson.gz --preset vermont-e911 --dataset franklin\n"
     "  snowfield import addresses points.csv --column house_number=HSE_NO --column street=ST_NAME"},
    {pb::IMPORT_KIND_STREETS, "The streets, with a class that says who may walk there",
     "  snowfield import streets tl_2018_11001_roads.zip --preset tiger-roads\n"
     "  snowfield import streets lauf.osm.pbf"},
    {pb::IMPORT_KIND_BARRIERS, "What a walker does not cross: water, rail, motorways",
     "  snowfield import barriers Waterbodies.zip --kind water\n"
     "  snowfield import barriers tl_2018_11001_roads.zip --preset tiger-motorways\n"
     "  snowfield import barriers lauf.osm.pbf"},
    {pb::IMPORT_KIND_BOUNDARIES, "Precincts, wards, towns: named areas to cut inside of",
     "  snowfield import boundaries voting-precinct-2012.geojson.gz --preset dc-precincts\n"
     "  snowfield import boundaries parishes.shp --kind parish --column name=PAR_NAME --column code=PAR_CODE"},
    {pb::IMPORT_KIND_PEOPLE, "The people behind the doors, from a voter file",
     "  snowfield import people ncvoter1.txt --preset nc-voters --report rejected.csv\n"
     "  snowfield import people export.csv --preset van-people"},
};

std::string PresetNames(ImportKind kind) {
  std::string names;
  for (const Mapping& preset : Presets()) {
    if (preset.kind == kind) absl::StrAppend(&names, names.empty() ? "" : ", ", preset.name);
  }
  return names;
}

void AddKindVerb(CLI::App& parent, Session& session, const KindVerb& verb) {
  CLI::App* app = parent.add_subcommand(KindName(verb.kind), verb.help);
  app->footer(absl::StrCat("Examples:\n", verb.example));
  const auto order = std::make_shared<ImportOrder>();
  order->kind = verb.kind;
  app->add_option("files", order->files, "The files; several make one data set")->required();
  app->add_option("--preset", order->preset,
                  absl::StrCat("A ready-made mapping: ", PresetNames(verb.kind), " (see `snowfield import presets`)"));
  app->add_option("--map", order->map_file, "Your own mapping, a JSON file")->excludes("--preset");
  app->add_option("--column", order->columns, "field=COLUMN: where the file has a field; may be repeated")
      ->expected(1)
      ->take_all();
  app->add_option("--encoding", order->encoding, "utf-8 (the default), latin1 or windows-1252");
  if (verb.kind == pb::IMPORT_KIND_BARRIERS) {
    app->add_option("--kind", order->kind_name, "The kind of all rows")
        ->check(CLI::IsMember({"water", "rail", "motorway", "other"}));
  } else if (verb.kind == pb::IMPORT_KIND_BOUNDARIES) {
    app->add_option("--kind", order->kind_name, "The kind of all rows: precinct, ward, town, ...");
  }
  app->add_option("--dataset", order->dataset, "Names the source, so that the same file sent again is known");
  app->add_option("--report", order->report, "CSV file for the rows that were not taken, with line and reason");
  app->add_flag("--dry-run", order->dry_run, "Check and count; store nothing");
  app->add_flag("--bring-back-erased", order->bring_back_erased,
                "People: those who were erased come back where the file has them");
  app->callback([&session, order] { session.run = [&session, order] { return RunOrder(session, *order); }; });
}

absl::Status ShowPresets(const Session& session, const std::string& name) {
  Table table({"rows", "preset", "for"});
  bool found = name.empty();
  for (const Mapping& preset : Presets()) {
    table.AddRow({KindName(preset.kind), preset.name, preset.about});
    if (preset.name != name) continue;
    std::printf("%s", MappingAsJson(preset).c_str());
    found = true;
  }
  if (!found) {
    return base::InvalidField("preset", "PRESET_UNKNOWN",
                              absl::StrCat("there is no preset ", name, "; `snowfield import presets` lists them"));
  }
  if (name.empty() && !session.json) table.Print();
  if (name.empty() && session.json) {
    for (const Mapping& preset : Presets()) std::printf("%s", MappingAsJson(preset).c_str());
  }
  return absl::OkStatus();
}

}  // namespace

void AddImportVerbs(CLI::App& app, Session& session) {
  CLI::App* import = app.add_subcommand("import", "Bring addresses, streets, barriers, boundaries and people");
  import->require_subcommand(1);
  for (const KindVerb& verb : kKindVerbs) AddKindVerb(*import, session, verb);
  CLI::App* presets =
      import->add_subcommand("presets", "List the ready-made mappings, or print one as JSON to start from");
  const auto name = std::make_shared<std::string>();
  presets->add_option("name", *name, "Print this one");
  presets->callback([&session, name] { session.run = [&session, name] { return ShowPresets(session, *name); }; });
  AddTownVerbs(app, session);
}

}  // namespace snowfield::cli
