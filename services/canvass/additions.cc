#include "services/canvass/additions.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "base/list_number.h"
#include "base/status.h"
#include "base/uuid.h"
#include "db/store/addition_store.h"
#include "geo/streets/address.h"
#include "geo/streets/street_name.h"
#include "services/canvass/content_hash.h"
#include "services/canvass/knock_check.h"
#include "services/rpc/geometry.h"
#include "services/rpc/timestamp.h"

namespace snowfield::canvass {
namespace {
using base::InvalidField;

std::string Trimmed(const std::string& text) { return std::string(absl::StripAsciiWhitespace(text)); }

absl::Status CheckFoundDoor(const v1::FoundDoor& door) {
  SNOWFIELD_RETURN_IF_ERROR(CheckText(door.house_number(), kHouseNumberCharactersMax, "found_door.house_number"));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(door.street(), kStreetCharactersMax, "found_door.street"));
  SNOWFIELD_RETURN_IF_ERROR(CheckText(door.unit(), kUnitCharactersMax, "found_door.unit"));
  if (geo::ParseHouseNumber(door.house_number()).Key().empty()) {
    return InvalidField("found_door.house_number", "HOUSE_NUMBER_MISSING",
                        "a door needs a house number: where there is none, give that of the house next to it");
  }
  if (geo::NormalizeStreetName(door.street()).empty()) {
    return InvalidField("found_door.street", "STREET_MISSING", "a door needs a street: give its name");
  }
  if (!door.has_position() || !rpc::CheckPoint(door.position(), "").ok()) {
    return InvalidField("found_door.position", "POSITION_INVALID",
                        "say where the door is: stand before it, or set it on the map");
  }
  return absl::OkStatus();
}

absl::Status CheckPeople(const v1::Addition& addition) {
  if (addition.people_size() > kFoundPeopleMax) {
    return InvalidField("people", "TOO_MANY", absl::StrCat("at most ", kFoundPeopleMax, " people at once"));
  }
  for (int i = 0; i < addition.people_size(); ++i) {
    const v1::FoundPerson& person = addition.people(i);
    const std::string path = absl::StrCat("people[", i, "].");
    SNOWFIELD_RETURN_IF_ERROR(CheckText(person.first_name(), kNameCharactersMax, path + "first_name"));
    SNOWFIELD_RETURN_IF_ERROR(CheckText(person.last_name(), kNameCharactersMax, path + "last_name"));
    SNOWFIELD_RETURN_IF_ERROR(CheckText(person.phone(), kPhoneCharactersMax, path + "phone"));
    SNOWFIELD_RETURN_IF_ERROR(CheckText(person.email(), kEmailCharactersMax, path + "email"));
    if (Trimmed(person.first_name()).empty() && Trimmed(person.last_name()).empty()) {
      return InvalidField(path + "first_name", "NAME_MISSING", "say the person's name: the first or the last one");
    }
  }
  return absl::OkStatus();
}

// One addition on its way. It is open until it has an outcome.
struct Item {
  const v1::Addition* said = nullptr;
  v1::AdditionAnswer* answer = nullptr;
  base::Uuid id;
  std::string hash;
  std::string list_number;
  base::WalkListId list;

  bool IsOpen() const { return answer->outcome() == v1::KNOCK_OUTCOME_UNSPECIFIED; }
  base::DoorId door() const { return base::DoorId(said->door_id()); }
  void Settle(v1::KnockOutcome outcome) { answer->set_outcome(outcome); }
  void Reject(const absl::Status& why) { canvass::Reject(*answer, why); }
};

class Storing {
 public:
  Storing(db::Transaction& transaction, const db::KnockSender& sender, absl::Time now)
      : transaction_(transaction), sender_(sender), now_(now) {}

  absl::StatusOr<v1::SendAdditionsResponse> Run(const v1::SendAdditionsRequest& request) {
    v1::SendAdditionsResponse response;
    for (const v1::Addition& said : request.additions()) {
      Item& item = items_.emplace_back();
      item.said = &said;
      item.answer = response.add_answers();
      item.answer->set_addition_id(said.addition_id());
      ReadId(item);
    }
    SNOWFIELD_RETURN_IF_ERROR(SettleStored());
    for (Item& item : items_) CheckAlone(item);
    SNOWFIELD_RETURN_IF_ERROR(FindLists());
    SNOWFIELD_RETURN_IF_ERROR(FindDoors());
    SNOWFIELD_RETURN_IF_ERROR(Insert());
    SNOWFIELD_RETURN_IF_ERROR(SettleStored());
    return response;
  }

 private:
  static void ReadId(Item& item) {
    const absl::StatusOr<base::Uuid> id = base::Uuid::Parse(item.said->addition_id(), "addition_id");
    if (!id.ok()) {
      return item.Reject(
          InvalidField("addition_id", "ADDITION_ID_INVALID", "an addition is named by a UUID of the phone's"));
    }
    item.id = *id;
    item.hash = ContentHash(*item.said);
  }

  // What is stored under the id of an open one: the same, or another.
  absl::Status SettleStored() {
    std::vector<base::Uuid> ids;
    for (const Item& item : items_) {
      if (item.IsOpen()) ids.push_back(item.id);
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<db::StoredAddition> found, db::FindAdditions(transaction_, ids));
    absl::flat_hash_map<base::Uuid, const db::StoredAddition*> stored;
    for (const db::StoredAddition& addition : found) stored[addition.addition] = &addition;
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      const auto at = stored.find(item.id);
      if (at == stored.end()) continue;
      item.Settle(at->second->content_hash == item.hash ? v1::KNOCK_OUTCOME_DUPLICATE : v1::KNOCK_OUTCOME_CONFLICT);
    }
    return absl::OkStatus();
  }

  static void CheckAlone(Item& item) {
    if (!item.IsOpen()) return;
    if (const absl::Status form = CheckAddition(*item.said); !form.ok()) return item.Reject(form);
    absl::StatusOr<std::string> number = base::ParseListNumber(item.said->list_number(), "list_number");
    if (!number.ok()) return item.Reject(number.status());
    item.list_number = *std::move(number);
  }

  absl::Status FindLists() {
    std::vector<db::ListSent> sent;
    std::vector<Item*> senders;
    for (Item& item : items_) {
      if (!item.IsOpen()) continue;
      sent.push_back({.list_number = item.list_number, .sender = sender_});
      senders.push_back(&item);
    }
    if (sent.empty()) return absl::OkStatus();
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lists, db::FindListsInHand(transaction_, sent, now_));
    for (size_t i = 0; i < senders.size(); ++i) {
      if (lists[i].has_value()) {
        senders[i]->list = lists[i]->walk_list;
      } else {
        senders[i]->Reject(InvalidField("list_number", "LIST_UNKNOWN",
                                        "this list was never yours: check its number, or ask your leader"));
      }
    }
    return absl::OkStatus();
  }

  absl::Status FindDoors() {
    absl::flat_hash_set<db::DoorOfList> asked;
    for (const Item& item : items_) {
      if (item.IsOpen() && item.said->has_door_id()) asked.emplace(item.list, item.door());
    }
    SNOWFIELD_ASSIGN_OR_RETURN(
        const std::vector<db::DoorOfList> found,
        db::FindDoorsOfLists(transaction_, std::vector<db::DoorOfList>(asked.begin(), asked.end())));
    const absl::flat_hash_set<db::DoorOfList> known(found.begin(), found.end());
    for (Item& item : items_) {
      if (!item.IsOpen() || !item.said->has_door_id() || known.contains({item.list, item.door()})) continue;
      item.Reject(InvalidField("door_id", "DOOR_NOT_ON_LIST",
                               "this door is not on the list: check which list it is of, or send it as a new door"));
    }
    return absl::OkStatus();
  }

  // Of several with one id the first is stored; the others, and those that another request stores at this moment, are
  // settled afterwards.
  absl::Status Insert() {
    std::vector<db::NewAddition> additions;
    absl::flat_hash_map<base::Uuid, Item*> first_by_id;
    for (Item& item : items_) {
      if (!item.IsOpen() || !first_by_id.emplace(item.id, &item).second) continue;
      additions.push_back(MakeAddition(item));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<base::Uuid> stored,
                               db::InsertAdditions(transaction_, sender_, additions, now_));
    for (const base::Uuid& id : stored) first_by_id[id]->Settle(v1::KNOCK_OUTCOME_ACCEPTED);
    return absl::OkStatus();
  }

  db::NewAddition MakeAddition(const Item& item) const {
    const v1::Addition& said = *item.said;
    db::NewAddition addition{.addition = item.id,
                             .content_hash = item.hash,
                             .walk_list = item.list,
                             .door = item.door(),
                             .people = {},
                             .note = said.note(),
                             .phone_time = rpc::FromTimestamp(said.phone_time(), "phone_time").value_or(now_)};
    if (said.has_found_door()) {
      const v1::FoundDoor& door = said.found_door();
      addition.found = {.house_number = Trimmed(door.house_number()),
                        .street = Trimmed(door.street()),
                        .unit = Trimmed(door.unit()),
                        .longitude_deg = door.position().longitude(),
                        .latitude_deg = door.position().latitude()};
    }
    for (const v1::FoundPerson& person : said.people()) {
      addition.people.push_back({.first_name = Trimmed(person.first_name()),
                                 .last_name = Trimmed(person.last_name()),
                                 .phone = Trimmed(person.phone()),
                                 .email = Trimmed(person.email())});
    }
    return addition;
  }

  db::Transaction& transaction_;
  const db::KnockSender& sender_;
  const absl::Time now_;
  std::vector<Item> items_;
};

}  // namespace

absl::Status CheckAddition(const v1::Addition& addition) {
  if (!addition.has_phone_time()) return InvalidField("phone_time", "PHONE_TIME_MISSING", "send the phone's time");
  if (!rpc::FromTimestamp(addition.phone_time(), "phone_time").ok()) {
    return InvalidField("phone_time", "PHONE_TIME_INVALID", "this is no time: set the phone's clock");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckText(addition.note(), kNoteCharactersMax, "note"));
  if (addition.has_found_door()) {
    SNOWFIELD_RETURN_IF_ERROR(CheckFoundDoor(addition.found_door()));
  } else if (addition.door_id() <= 0) {
    return InvalidField("door_id", "DOOR_MISSING", "say which door it is about, or where the new one is");
  } else if (addition.people().empty()) {
    return InvalidField("people", "PERSON_MISSING", "say whom you found behind this door");
  }
  return CheckPeople(addition);
}

absl::Status CheckAdditions(const v1::SendAdditionsRequest& request) {
  if (request.additions().empty()) return InvalidField("additions", "BATCH_EMPTY", "send at least one addition");
  if (request.additions_size() > kAdditionsMax) {
    return InvalidField("additions", "BATCH_TOO_LARGE",
                        absl::StrCat("at most ", kAdditionsMax, " additions at once: send them in parts"));
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::SendAdditionsResponse> StoreAdditions(db::Transaction& transaction, const db::KnockSender& sender,
                                                         const v1::SendAdditionsRequest& request, absl::Time now) {
  return Storing(transaction, sender, now).Run(request);
}

}  // namespace snowfield::canvass
