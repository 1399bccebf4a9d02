#include "services/cli/territory_verbs.h"

#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "base/status.h"
#include "base/uuid.h"
#include "services/cli/output.h"
#include "services/rpc/grpc_status.h"
#include "snowfield/territory/v1/territory.grpc.pb.h"

namespace snowfield::cli {
namespace {
namespace pb = snowfield::territory::v1;
using pb::TerritoryService;

constexpr int kPageRows = 1000;
// Counting the doors of many boundaries or universes may take a while.
constexpr absl::Duration kCountTime = absl::Seconds(60);

// All pages of a list in one response. `Method` is the stub's. At most `rows_max` rows, as `size` counts them.
template <typename Request, typename Response, typename Method, typename Size>
absl::StatusOr<Response> ReadPages(const Session& session, Request request, Method method, Size size, int rows_max) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  const auto stub = TerritoryService::NewStub(client.channel());
  Response all;
  request.set_page_size(std::min(kPageRows, rows_max));
  do {
    grpc::ClientContext context;
    client.Prepare(context, kCountTime);
    Response page;
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromGrpcStatus((stub.get()->*method)(&context, request, &page)));
    request.set_page_token(page.next_page_token());
    all.MergeFrom(page);
  } while (!request.page_token().empty() && size(all) < rows_max);
  all.set_next_page_token(request.page_token());
  return all;
}

absl::StatusOr<pb::ListBoundariesResponse> ReadBoundaries(const Session& session, const std::string& kind) {
  pb::ListBoundariesRequest request;
  request.set_kind(kind);
  return ReadPages<pb::ListBoundariesRequest, pb::ListBoundariesResponse>(
      session, request, &TerritoryService::Stub::ListBoundaries,
      [](const pb::ListBoundariesResponse& all) { return all.boundaries_size(); }, 1'000'000);
}

absl::Status ShowTerritory(const Session& session) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context);
  pb::GetTerritoryResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TerritoryService::NewStub(client.channel())->GetTerritory(&context, {}, &response)));
  if (session.json) {
    PrintJson(response);
    return absl::OkStatus();
  }
  Table table({"what", "count"});
  table.AddRow({"address points", WithCommas(response.address_points())});
  table.AddRow({"doors", WithCommas(response.doors())});
  table.AddRow({"streets", WithCommas(response.streets())});
  table.AddRow({"barriers", WithCommas(response.barriers())});
  table.AddRow({"boundaries", WithCommas(response.boundaries())});
  table.AddRow({"people", WithCommas(response.people())});
  table.AddRow({"people with a door", WithCommas(response.people_matched())});
  table.Print();
  if (response.has_south_west()) {
    std::printf("from %s,%s to %s,%s (longitude,latitude)\n", Fixed(response.south_west().longitude(), 5).c_str(),
                Fixed(response.south_west().latitude(), 5).c_str(), Fixed(response.north_east().longitude(), 5).c_str(),
                Fixed(response.north_east().latitude(), 5).c_str());
  }
  return absl::OkStatus();
}

std::string KindWord(pb::ImportKind kind) {
  switch (kind) {
    case pb::IMPORT_KIND_ADDRESSES:
      return "addresses";
    case pb::IMPORT_KIND_STREETS:
      return "streets";
    case pb::IMPORT_KIND_BARRIERS:
      return "barriers";
    case pb::IMPORT_KIND_BOUNDARIES:
      return "boundaries";
    case pb::IMPORT_KIND_PEOPLE:
      return "people";
    default:
      return "?";
  }
}

absl::Status ListImports(const Session& session, int rows_max) {
  auto list = ReadPages<pb::ListImportsRequest, pb::ListImportsResponse>(
      session, {}, &TerritoryService::Stub::ListImports,
      [](const pb::ListImportsResponse& all) { return all.imports_size(); }, rows_max);
  if (!list.ok()) return list.status();
  if (session.json) {
    PrintJson(*list);
    return absl::OkStatus();
  }
  Table table(
      {"import", "kind", "data set", "received", "inserted", "updated", "unchanged", "rejected", "absent", "when"});
  for (const pb::ImportRecord& record : list->imports()) {
    const pb::ImportSummary& summary = record.summary();
    table.AddRow({absl::StrCat(record.import_id()), KindWord(record.kind()), record.dataset(),
                  WithCommas(summary.received()), WithCommas(summary.inserted()), WithCommas(summary.updated()),
                  WithCommas(summary.unchanged()), WithCommas(summary.rejected()), WithCommas(summary.absent()),
                  DateAndTime(record.create_time())});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status ListBoundaries(const Session& session, const std::string& kind) {
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListBoundariesResponse list, ReadBoundaries(session, kind));
  if (session.json) {
    PrintJson(list);
    return absl::OkStatus();
  }
  Table table({"boundary", "kind", "code", "name", "doors"});
  for (const pb::Boundary& boundary : list.boundaries()) {
    table.AddRow({absl::StrCat(boundary.boundary_id()), boundary.kind(), boundary.code(), boundary.name(),
                  WithCommas(boundary.doors())});
  }
  table.Print();
  return absl::OkStatus();
}

absl::Status ListUnmatched(const Session& session, int rows_max) {
  auto list = ReadPages<pb::ListUnmatchedPeopleRequest, pb::ListUnmatchedPeopleResponse>(
      session, {}, &TerritoryService::Stub::ListUnmatchedPeople,
      [](const pb::ListUnmatchedPeopleResponse& all) { return all.people_size(); }, rows_max);
  if (!list.ok()) return list.status();
  if (session.json) {
    PrintJson(*list);
    return absl::OkStatus();
  }
  Table table({"person", "external id", "reason"});
  for (const pb::UnmatchedPerson& person : list->people()) {
    table.AddRow({absl::StrCat(person.person_id()), person.external_id(), person.reason()});
  }
  table.Print();
  if (!list->next_page_token().empty()) std::printf("and more: --limit shows them\n");
  return absl::OkStatus();
}

struct UniverseOrder {
  std::string name;
  std::string kind;
  std::vector<std::string> codes;
  std::vector<int64_t> boundary_ids;
  bool with_people = false;
  std::vector<std::string> parties;
  std::string filter;
  bool count_only = false;
};

// Adds the boundaries that the order names by kind and code; all of the kind where it names no code.
absl::Status AddBoundaries(const Session& session, const UniverseOrder& order, pb::Universe& universe) {
  for (const int64_t id : order.boundary_ids) universe.add_boundary_ids(id);
  if (order.kind.empty() && order.codes.empty()) return absl::OkStatus();
  if (order.kind.empty()) {
    return base::InvalidField("--kind", "KIND_MISSING", "say of which kind the codes are: --kind precinct");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const pb::ListBoundariesResponse list, ReadBoundaries(session, order.kind));
  std::vector<std::string> missing = order.codes;
  for (const pb::Boundary& boundary : list.boundaries()) {
    const auto wanted = std::find(missing.begin(), missing.end(), boundary.code());
    if (order.codes.empty() || wanted != missing.end()) universe.add_boundary_ids(boundary.boundary_id());
    if (wanted != missing.end()) missing.erase(wanted);
  }
  if (!missing.empty() || list.boundaries().empty()) {
    return base::InvalidField(
        "--code", "BOUNDARY_UNKNOWN",
        absl::StrCat("no ", order.kind, " ", absl::StrJoin(missing, ", "), ": `snowfield boundary list` names them"));
  }
  return absl::OkStatus();
}

void PrintUniverses(const std::vector<pb::Universe>& universes) {
  Table table({"universe", "name", "boundaries", "people", "parties", "filter", "doors"});
  for (const pb::Universe& universe : universes) {
    table.AddRow({universe.universe_id() == 0 ? "not stored" : absl::StrCat(universe.universe_id()), universe.name(),
                  universe.boundary_ids().empty() ? "everywhere" : absl::StrCat(universe.boundary_ids_size()),
                  universe.with_people_only() || !universe.parties().empty() ? "known" : "any",
                  absl::StrJoin(universe.parties(), ","), universe.filter(), WithCommas(universe.doors())});
  }
  table.Print();
}

absl::Status CreateUniverse(const Session& session, const UniverseOrder& order) {
  pb::CreateUniverseRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  pb::Universe& universe = *request.mutable_universe();
  universe.set_name(order.name);
  universe.set_with_people_only(order.with_people);
  for (const std::string& party : order.parties) universe.add_parties(party);
  universe.set_filter(order.filter);
  request.set_validate_only(order.count_only);
  SNOWFIELD_RETURN_IF_ERROR(AddBoundaries(session, order, universe));
  SNOWFIELD_ASSIGN_OR_RETURN(const Client client, Client::Open(session));
  grpc::ClientContext context;
  client.Prepare(context, kCountTime);
  pb::CreateUniverseResponse response;
  SNOWFIELD_RETURN_IF_ERROR(
      rpc::FromGrpcStatus(TerritoryService::NewStub(client.channel())->CreateUniverse(&context, request, &response)));
  if (session.json) {
    PrintJson(response);
  } else {
    PrintUniverses({response.universe()});
  }
  return absl::OkStatus();
}

absl::Status ListUniverses(const Session& session) {
  auto list = ReadPages<pb::ListUniversesRequest, pb::ListUniversesResponse>(
      session, {}, &TerritoryService::Stub::ListUniverses,
      [](const pb::ListUniversesResponse& all) { return all.universes_size(); }, 1'000'000);
  if (!list.ok()) return list.status();
  if (session.json) {
    PrintJson(*list);
  } else {
    PrintUniverses({list->universes().begin(), list->universes().end()});
  }
  return absl::OkStatus();
}

void AddMapVerbs(CLI::App& app, Session& session) {
  CLI::App* territory = app.add_subcommand("territory", "What the campaign's map holds")->require_subcommand(1);
  territory->footer("Example:\n  snowfield territory show");
  CLI::App* show = territory->add_subcommand("show", "Count addresses, doors, streets, boundaries and people");
  show->callback([&session] { session.run = [&session] { return ShowTerritory(session); }; });
  CLI::App* imports = territory->add_subcommand("imports", "What was imported, the newest first");
  imports->footer("Example:\n  snowfield territory imports --limit 20");
  const auto limit = std::make_shared<int>(100);
  imports->add_option("--limit", *limit, "How many")->capture_default_str()->check(CLI::Range(1, 100'000));
  imports->callback([&session, limit] { session.run = [&session, limit] { return ListImports(session, *limit); }; });

  CLI::App* boundary = app.add_subcommand("boundary", "Precincts, wards, towns")->require_subcommand(1);
  CLI::App* list = boundary->add_subcommand("list", "List them with the doors inside");
  list->footer("Example:\n  snowfield boundary list --kind precinct");
  const auto kind = std::make_shared<std::string>();
  list->add_option("--kind", *kind, "Only this kind: precinct, ward, town");
  list->callback([&session, kind] { session.run = [&session, kind] { return ListBoundaries(session, *kind); }; });
}

void AddUniverseVerbs(CLI::App& app, Session& session) {
  CLI::App* universe = app.add_subcommand("universe", "Choose which doors to visit")->require_subcommand(1);
  CLI::App* create = universe->add_subcommand("create", "Save a choice of doors");
  create->footer(
      "Examples:\n"
      "  snowfield universe create --name \"Precinct 139\" --kind precinct --code 139\n"
      "  snowfield universe create --name \"Our voters\" --with-people --party DEM --party UNA\n"
      "  snowfield universe create --name \"Again\" --filter 'household_support = 1 AND NOT last_knock_time > "
      "days_ago(14)'\n"
      "  snowfield universe create --name \"Young\" --filter 'age < 30' --count");
  const auto order = std::make_shared<UniverseOrder>();
  create->add_option("--name", order->name, "What it is called")->required();
  create->add_option("--kind", order->kind, "Inside boundaries of this kind: all, or those of --code");
  create->add_option("--code", order->codes, "Code of a boundary; may be repeated");
  create->add_option("--boundary", order->boundary_ids, "Id of a boundary; may be repeated");
  create->add_flag("--with-people", order->with_people, "Only doors behind which a person is known");
  create->add_option("--party", order->parties, "Only doors with a person of this party; may be repeated");
  create->add_option("--filter", order->filter, "A condition over doors, people and what they said: docs/filters.md");
  create->add_flag("--count", order->count_only, "Count its doors and store nothing");
  create->callback([&session, order] { session.run = [&session, order] { return CreateUniverse(session, *order); }; });

  CLI::App* list = universe->add_subcommand("list", "List them with how many doors each holds now");
  list->footer("Example:\n  snowfield universe list");
  list->callback([&session] { session.run = [&session] { return ListUniverses(session); }; });
}
}  // namespace

void AddTerritoryVerbs(CLI::App& app, Session& session) {
  AddMapVerbs(app, session);
  AddUniverseVerbs(app, session);
  CLI::App* people = app.add_subcommand("people", "Voters and supporters")->require_subcommand(1);
  CLI::App* unmatched = people->add_subcommand("unmatched", "People whose address is not on the map, with the reason");
  unmatched->footer("Example:\n  snowfield people unmatched --limit 50");
  const auto limit = std::make_shared<int>(1000);
  unmatched->add_option("--limit", *limit, "How many")->capture_default_str()->check(CLI::Range(1, 10'000'000));
  unmatched->callback(
      [&session, limit] { session.run = [&session, limit] { return ListUnmatched(session, *limit); }; });
}

}  // namespace snowfield::cli
