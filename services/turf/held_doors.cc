#include "services/turf/held_doors.h"

#include <vector>

#include "base/status.h"
#include "db/store/contact_store.h"
#include "db/store/cut_store.h"
#include "services/rpc/paging.h"
#include "services/rpc/timestamp.h"

namespace snowfield::turf {
namespace {
constexpr char kHeldDoors[] = "held_doors";
}  // namespace

absl::StatusOr<v1::ListHeldDoorsResponse> ListHeldDoors(db::Transaction& transaction,
                                                        const v1::ListHeldDoorsRequest& request) {
  SNOWFIELD_ASSIGN_OR_RETURN(const rpc::Page page,
                             rpc::ReadPage(kHeldDoors, request.page_size(), request.page_token()));
  const base::CutId cut(request.cut_id());
  SNOWFIELD_RETURN_IF_ERROR(db::FindCut(transaction, cut).status());
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::CutHeldDoor> doors,
                             db::ListCutHeldDoors(transaction, cut, page.after, page.size + 1));
  v1::ListHeldDoorsResponse response;
  for (const db::CutHeldDoor& door : doors) {
    if (response.doors_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kHeldDoors, response.doors(page.size - 1).door_id()));
      break;
    }
    v1::HeldDoor& message = *response.add_doors();
    message.set_door_id(door.held.door.value);
    message.set_house_number(door.house_number);
    message.set_street(door.street);
    message.set_unit(door.unit);
    message.set_contacts(door.held.contacts);
    *message.mutable_until_time() = rpc::ToTimestamp(door.held.until);
  }
  return response;
}

}  // namespace snowfield::turf
