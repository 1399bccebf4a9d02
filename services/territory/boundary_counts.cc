#include "services/territory/boundary_counts.h"

#include <utility>
#include <vector>

#include "base/status.h"
#include "db/store/territory_store.h"
#include "geo/geos/geometry.h"

namespace snowfield::territory {

absl::Status ListBoundaries(db::Transaction& transaction, const std::string& kind, const rpc::Page& page,
                            v1::ListBoundariesResponse& response) {
  std::vector<geo::Geometry> areas;
  SNOWFIELD_RETURN_IF_ERROR(db::ReadBoundaryPage(
      transaction, kind, page.after, page.size + 1, [&](const db::BoundaryRow& row) -> absl::Status {
        SNOWFIELD_ASSIGN_OR_RETURN(geo::Geometry area, geo::Geometry::FromEwkb(row.area_ewkb, "area"));
        areas.push_back(std::move(area));
        v1::Boundary& boundary = *response.add_boundaries();
        boundary.set_boundary_id(row.boundary.value);
        boundary.set_kind(std::string(row.kind));
        boundary.set_name(std::string(row.name));
        boundary.set_code(std::string(row.code));
        return absl::OkStatus();
      }));
  // One more was read to see whether there is a next page.
  if (response.boundaries_size() > page.size) {
    areas.pop_back();
    response.mutable_boundaries()->RemoveLast();
    response.set_next_page_token(rpc::NextPageToken("boundaries", response.boundaries(page.size - 1).boundary_id()));
  }
  if (areas.empty()) return absl::OkStatus();
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::AreaIndex index, geo::AreaIndex::Over(areas));
  return db::ReadPlaces(transaction, [&](const db::PlaceRow& place) {
    for (const int at : index.FindAll({place.longitude_deg, place.latitude_deg})) {
      v1::Boundary& boundary = *response.mutable_boundaries(at);
      boundary.set_doors(boundary.doors() + place.doors);
    }
    return absl::OkStatus();
  });
}

}  // namespace snowfield::territory
