#include "services/territory/universes.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/filter/filter.h"
#include "db/filter/visit_fields.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/audit_store.h"
#include "db/store/territory_store.h"
#include "services/territory/row_text.h"

namespace snowfield::territory {
namespace {
absl::StatusOr<db::Universe> Read(const v1::Universe& message) {
  SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"universe.name", message.name(), kNameBytesMax}}));
  if (Trimmed(message.name()).empty()) {
    return base::InvalidField("universe.name", "NAME_MISSING",
                              "give the universe a name, by which a cut will choose it");
  }
  if (message.boundary_ids_size() > kUniverseBoundariesMax) {
    return base::InvalidField("universe.boundary_ids", "TOO_MANY_BOUNDARIES",
                              absl::StrCat("at most ", kUniverseBoundariesMax));
  }
  if (message.parties_size() > kUniversePartiesMax) {
    return base::InvalidField("universe.parties", "TOO_MANY_PARTIES", absl::StrCat("at most ", kUniversePartiesMax));
  }
  db::Universe universe{.id = {}, .name = std::string(Trimmed(message.name())), .filter = {}};
  for (const int64_t id : message.boundary_ids()) universe.filter.boundaries.emplace_back(id);
  std::sort(universe.filter.boundaries.begin(), universe.filter.boundaries.end());
  universe.filter.boundaries.erase(std::unique(universe.filter.boundaries.begin(), universe.filter.boundaries.end()),
                                   universe.filter.boundaries.end());
  universe.filter.with_people_only = message.with_people_only();
  SNOWFIELD_RETURN_IF_ERROR(db::Filter::Parse(message.filter(), db::VisitFields(), "universe.filter").status());
  universe.filter.condition = message.filter();
  for (const std::string& party : message.parties()) {
    SNOWFIELD_RETURN_IF_ERROR(CheckTexts({{"universe.parties", party, kShortTextBytesMax}}));
    if (Trimmed(party).empty()) {
      return base::InvalidField("universe.parties", "PARTY_EMPTY", "name each party as the voter file does, or none");
    }
    universe.filter.parties.emplace_back(Trimmed(party));
  }
  return universe;
}

absl::StatusOr<v1::Universe> ToMessage(db::Transaction& transaction, const db::Universe& universe) {
  v1::Universe message;
  message.set_universe_id(universe.id.value);
  message.set_name(universe.name);
  for (const base::BoundaryId id : universe.filter.boundaries) message.add_boundary_ids(id.value);
  message.set_with_people_only(universe.filter.with_people_only);
  for (const std::string& party : universe.filter.parties) message.add_parties(party);
  message.set_filter(universe.filter.condition);
  SNOWFIELD_ASSIGN_OR_RETURN(const int64_t doors, db::CountDoors(transaction, universe.filter));
  message.set_doors(doors);
  return message;
}

absl::Status CheckBoundaries(db::Transaction& transaction, const db::Universe& universe) {
  const std::vector<base::BoundaryId>& ids = universe.filter.boundaries;
  const bool has_none = std::any_of(ids.begin(), ids.end(), [](base::BoundaryId id) { return id.value <= 0; });
  SNOWFIELD_ASSIGN_OR_RETURN(const base::BoundaryId missing, db::FindMissingBoundary(transaction, ids));
  if (!has_none && !missing) return absl::OkStatus();
  return base::InvalidField("universe.boundary_ids", "BOUNDARY_UNKNOWN",
                            absl::StrCat("the campaign has no boundary ", missing.value,
                                         ": ListBoundaries (snowfield boundary list) names them"));
}
}  // namespace

absl::StatusOr<v1::Universe> CreateUniverse(db::Pool& pool, const access::Call& call,
                                            const v1::CreateUniverseRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const base::Uuid request_id, base::Uuid::Parse(request.request_id(), "request_id"));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::Universe universe, Read(request.universe()));
  return db::RunInTransaction(pool, call.Scope(), [&](db::Transaction& transaction) -> absl::StatusOr<v1::Universe> {
    SNOWFIELD_RETURN_IF_ERROR(CheckBoundaries(transaction, universe));
    if (request.validate_only()) return ToMessage(transaction, universe);
    SNOWFIELD_ASSIGN_OR_RETURN(const db::MadeUniverse made, db::InsertUniverse(transaction, universe, request_id));
    if (made.made) {
      SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = call.caller.member,
                                                             .action = "universe.create",
                                                             .subject_kind = "universe",
                                                             .subject_id = made.universe.id.value}));
    }
    return ToMessage(transaction, made.universe);
  });
}

absl::Status ListUniverses(db::Transaction& transaction, const rpc::Page& page, v1::ListUniversesResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::Universe> universes,
                             db::ListUniverses(transaction, page.after, page.size + 1));
  for (const db::Universe& universe : universes) {
    if (response.universes_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken("universes", response.universes(page.size - 1).universe_id()));
      break;
    }
    SNOWFIELD_ASSIGN_OR_RETURN(*response.add_universes(), ToMessage(transaction, universe));
  }
  return absl::OkStatus();
}

}  // namespace snowfield::territory
