// Additions: doors and people found in the field, from the phone to the map.
//
// Invariants: an addition is stored once by its id and judged once; only an accepted one makes a door or a person.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "db/store/knock_store.h"

namespace snowfield::db {

struct StoredAddition {
  base::Uuid addition;
  std::string content_hash;
};
// Those of the ids that are taken.
absl::StatusOr<std::vector<StoredAddition>> FindAdditions(Transaction& transaction,
                                                          const std::vector<base::Uuid>& additions);

struct FoundPerson {
  std::string first_name;
  std::string last_name;
  std::string phone;
  std::string email;
};
struct FoundDoor {
  std::string house_number;
  std::string street;
  std::string unit;
  double longitude_deg = 0;
  double latitude_deg = 0;
};
struct NewAddition {
  base::Uuid addition;
  std::string content_hash;  // 32 bytes
  base::WalkListId walk_list;
  base::DoorId door;                    // none: `found` says where
  std::optional<FoundDoor> found = {};  // a new door
  std::vector<FoundPerson> people;
  std::string note;
  absl::Time phone_time;
};
// Stores them and returns the ids of those that were not there before. Waits for a transaction that is storing the same
// id.
absl::StatusOr<std::vector<base::Uuid>> InsertAdditions(Transaction& transaction, const KnockSender& sender,
                                                        const std::vector<NewAddition>& additions, absl::Time now);

struct AdditionRow {
  int64_t number = 0;
  base::Uuid addition;
  base::MemberId member;
  base::PhoneId phone;
  std::string list_number;
  bool is_new_door = false;
  base::DoorId door;  // none: a new one that nobody has accepted
  FoundDoor place;
  std::string note;
  absl::Time phone_time;
  absl::Time receive_time;
  double distance_m = 0;  // of a new door from the nearest of its list's turf
  std::string verdict;    // empty: not judged yet
  std::string reason;
  base::MemberId judge;
  std::optional<absl::Time> judge_time;
  std::vector<FoundPerson> people;
  std::vector<base::PersonId> known;  // of each, someone of that name behind the known door; none: nobody
};
struct AdditionQuery {
  base::MemberId root = {};  // this member and everyone below; none: all
  bool pending_only = true;
  int64_t after = 0;  // number
  int count_max = 0;
};
// In the order in which they came.
absl::StatusOr<std::vector<AdditionRow>> ListAdditions(Transaction& transaction, const AdditionQuery& query);

struct AdditionToJudge {
  base::MemberId member;
  base::WalkListId walk_list;
  base::DoorId door;  // none: it is a new one
  std::string house_number;
  std::string street;
  std::string unit;
  std::string verdict;     // empty: not judged yet
  base::DoorId made_door;  // of an accepted one
  base::TurfId turf;       // that a new door was meant for; none: none was live
};
// Holds the addition until the transaction ends. NOT_FOUND naming "addition_id".
absl::StatusOr<AdditionToJudge> LockAddition(Transaction& transaction, base::Uuid addition);

struct AdditionJudgement {
  base::Uuid addition;
  std::string_view verdict;  // accepted, declined
  std::string_view reason;
  base::MemberId judge;
  absl::Time now;
  base::DoorId door = {};  // of an accepted one
  base::TurfId turf = {};
};
// Of an addition that LockAddition() holds and nobody has judged.
absl::Status InsertAdditionJudgement(Transaction& transaction, const AdditionJudgement& judgement);

// The address and unit of a found door in normal form (geo/streets).
struct AddressKeys {
  std::string street_key;
  std::string number_key;
  std::string unit_key;
};
// Puts the door on the map, at an address point of the same address nearby where there is one. None where the address
// has the unit already.
absl::StatusOr<base::DoorId> InsertFoundDoor(Transaction& transaction, base::Uuid addition, std::string_view unit,
                                             const AddressKeys& keys);
// The people of the addition live behind the door from now on. Lock the door first: they are as its household is about
// being contacted. Their ids, in the order of the addition.
absl::StatusOr<std::vector<base::PersonId>> InsertFoundPeople(Transaction& transaction, base::Uuid addition,
                                                              base::DoorId door);
absl::StatusOr<std::vector<base::PersonId>> ListPeopleOfAddition(Transaction& transaction, base::Uuid addition);

struct TurfForDoor {
  base::TurfId turf;
  base::CutId cut;
  base::PassId pass;
  int number = 0;
};
// The live turf that a found door belongs to: its list's, else that of the nearest door of the pass.
absl::StatusOr<std::optional<TurfForDoor>> FindTurfForAddition(Transaction& transaction, base::Uuid addition);
// The door becomes one of the turf's cut, set aside. The pass must be locked (LockPass()).
absl::Status SetFoundDoorAside(Transaction& transaction, const TurfForDoor& turf, base::DoorId door,
                               base::MemberId member);
struct TurfPlace {
  base::CutId cut;
  int number = 0;
};
absl::StatusOr<TurfPlace> FindTurfPlace(Transaction& transaction, base::TurfId turf);
absl::StatusOr<bool> IsSetAside(Transaction& transaction, base::CutId cut, base::DoorId door);

// The lists that a phone has out, or may take out, and that have the door.
absl::StatusOr<std::vector<base::WalkListId>> ListListsWithDoor(Transaction& transaction, base::DoorId door);

}  // namespace snowfield::db
