#include "services/canvass/walk_lists.h"

#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "base/list_number.h"
#include "base/status.h"
#include "db/store/audit_store.h"
#include "db/store/canvass_store.h"
#include "db/store/change_store.h"
#include "db/store/script_store.h"
#include "services/canvass/change_token.h"
#include "services/rpc/geometry.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {

struct FoundList {
  std::string number;
  db::WalkListForPhone list;
};

absl::StatusOr<FoundList> Find(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& text) {
  SNOWFIELD_ASSIGN_OR_RETURN(std::string number, base::ParseListNumber(text, "list_number"));
  SNOWFIELD_ASSIGN_OR_RETURN(db::WalkListForPhone list, db::FindWalkList(transaction, number, phone));
  return FoundList{.number = std::move(number), .list = std::move(list)};
}

absl::Status NotYours() {
  return base::Problem(absl::StatusCode::kPermissionDenied, "NOT_YOUR_LIST", "list_number",
                       "this list belongs to another team: ask your leader for one of yours");
}

absl::Status CheckMine(const db::WalkListForPhone& list) {
  if (!list.mine) return NotYours();
  if (list.revoked) {
    return base::NotNow("LIST_REVOKED", "this list is no longer walked: ask your leader for the one that replaced it");
  }
  return absl::OkStatus();
}

// Years passed since the turn of the year of birth: the day is not in the data.
int AgeOf(const db::PersonToMeet& person, absl::Time now) {
  if (!person.birth_year.has_value()) return 0;
  return std::max(0, static_cast<int>(absl::ToCivilYear(now, absl::UTCTimeZone()).year()) - *person.birth_year);
}

absl::StatusOr<v1::Script> ReadScript(db::Transaction& transaction) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string json, db::CurrentScript(transaction));
  v1::Script script;
  if (json.empty()) return script;
  google::protobuf::util::JsonParseOptions options;
  options.ignore_unknown_fields = true;
  if (!google::protobuf::util::JsonStringToMessage(json, &script, options).ok()) {
    return absl::InternalError("a stored script is not of its form");
  }
  return script;
}

absl::Status AddDoors(db::Transaction& transaction, base::TurfId turf, absl::Time now,
                      v1::DownloadWalkListResponse& response) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::DoorToWalk> doors, db::ListDoorsToWalk(transaction, turf));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::PersonToMeet> people, db::ListPeopleToMeet(transaction, turf));
  absl::flat_hash_map<base::DoorId, v1::ListDoor*> by_id;
  for (const db::DoorToWalk& door : doors) {
    v1::ListDoor* out = response.add_doors();
    out->set_door_id(door.door.value);
    out->set_sequence(door.sequence);
    out->set_house_number(door.house_number);
    out->set_street(door.street);
    out->set_unit(door.unit);
    out->mutable_position()->set_longitude(door.longitude);
    out->mutable_position()->set_latitude(door.latitude);
    out->set_do_not_contact(door.do_not_contact);
    out->set_last_result(static_cast<v1::KnockResult>(door.last_result));
    by_id[door.door] = out;
  }
  for (const db::PersonToMeet& person : people) {
    v1::ListPerson* out = by_id[person.door]->add_people();
    out->set_person_id(person.person.value);
    out->set_first_name(person.first_name);
    out->set_last_name(person.last_name);
    out->set_age(AgeOf(person, now));
    out->set_party(person.party);
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ListMyWalkListsResponse> ListMine(db::Transaction& transaction, base::MemberId member,
                                                     const rpc::Page& page) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::WalkListRow> lists,
                             db::ListWalkListsOf(transaction, member, base::WalkListId(page.after), page.size + 1));
  v1::ListMyWalkListsResponse response;
  for (const db::WalkListRow& list : lists) {
    if (response.walk_lists_size() == page.size) {
      response.set_next_page_token(rpc::NextPageToken(kMyWalkLists, lists[page.size - 1].walk_list.value));
      break;
    }
    v1::WalkListSummary* out = response.add_walk_lists();
    out->set_list_number(list.list_number);
    out->set_doors(list.door_count);
    out->set_doors_done(list.doors_done);
    out->set_walk_length_m(list.walk_length_m);
  }
  return response;
}

absl::StatusOr<v1::CheckOutWalkListResponse> CheckOutMine(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                          const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const FoundList found, Find(transaction, phone, list_number));
  SNOWFIELD_RETURN_IF_ERROR(CheckMine(found.list));
  const absl::Time expire_time = phone.now + kCheckoutLife;
  SNOWFIELD_RETURN_IF_ERROR(db::CheckOut(transaction, found.list.walk_list, phone, expire_time));
  v1::CheckOutWalkListResponse response;
  response.set_list_number(found.number);
  response.set_doors(found.list.door_count);
  *response.mutable_expire_time() = rpc::ToTimestamp(expire_time);
  return response;
}

absl::StatusOr<v1::DownloadWalkListResponse> Download(db::Transaction& transaction, const db::PhoneAtTime& phone,
                                                      const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const FoundList found, Find(transaction, phone, list_number));
  SNOWFIELD_RETURN_IF_ERROR(CheckMine(found.list));
  if (!found.list.checkout_expire_time.has_value()) {
    return base::NotNow("NOT_CHECKED_OUT", "this phone does not have the list: check it out first");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ChangeBounds bounds, db::FindChangeBounds(transaction));
  v1::DownloadWalkListResponse response;
  response.set_list_number(found.number);
  response.set_turf_number(found.list.turf_number);
  SNOWFIELD_RETURN_IF_ERROR(AddDoors(transaction, found.list.turf, phone.now, response));
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_script(), ReadScript(transaction));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string walk, db::TurfWalk(transaction, found.list.turf));
  SNOWFIELD_ASSIGN_OR_RETURN(*response.mutable_walk(), rpc::LineFromEwkb(walk));
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ListMoves moves, db::FindListMoves(transaction, found.list.walk_list));
  response.set_replaces_list_number(moves.replaces);
  for (const base::DoorId door : moves.came) response.add_came_door_ids(door.value);
  for (const base::DoorId door : moves.left) response.add_left_door_ids(door.value);
  response.set_change_token(
      WriteChangeToken({.campaign = transaction.campaign(), .only_list = found.list.walk_list, .after = bounds.last}));
  *response.mutable_expire_time() = rpc::ToTimestamp(*found.list.checkout_expire_time);
  SNOWFIELD_RETURN_IF_ERROR(db::WriteAudit(transaction, {.member = phone.member,
                                                         .action = "walk_list.download",
                                                         .subject_kind = "walk_list",
                                                         .subject_id = found.list.walk_list.value}));
  return response;
}

absl::Status ReturnMine(db::Transaction& transaction, const db::PhoneAtTime& phone, const std::string& list_number) {
  SNOWFIELD_ASSIGN_OR_RETURN(const FoundList found, Find(transaction, phone, list_number));
  if (!found.list.mine && !found.list.was_out) return NotYours();
  return db::ReturnList(transaction, found.list.walk_list, phone);
}

}  // namespace snowfield::canvass
