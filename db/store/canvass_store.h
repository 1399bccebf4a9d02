// What a walk list holds for the phone that walks it, and what the knocks of a cut said.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct DoorToWalk {
  base::DoorId door;
  int sequence = 0;
  std::string house_number;
  std::string street;
  std::string unit;
  double longitude = 0;  // WGS 84 degrees
  double latitude = 0;
  bool do_not_contact = false;
  int last_result = 0;     // of the last knock in this pass that stands; 0: none
  bool all_voted = false;  // everybody whom we know there has
};
// In walking order.
absl::StatusOr<std::vector<DoorToWalk>> ListDoorsToWalk(Transaction& transaction, base::TurfId turf);

struct PersonToMeet {
  base::DoorId door;
  base::PersonId person;
  std::string first_name;
  std::string last_name;
  std::optional<int> birth_year;
  std::string party;
};
// Years passed since the turn of the year of birth: the day is not in the data. 0 where unknown.
int AgeOf(std::optional<int> birth_year, absl::Time now);
// Without those not to be contacted, themselves or by their door.
absl::StatusOr<std::vector<PersonToMeet>> ListPeopleToMeet(Transaction& transaction, base::TurfId turf);

// The turf's walk as EWKB of a line string.
absl::StatusOr<std::string> TurfWalk(Transaction& transaction, base::TurfId turf);

// What an edit by hand made of the list before.
struct ListMoves {
  std::string replaces;  // its number; empty: this list came in no other's place
  std::vector<base::DoorId> came;
  std::vector<base::DoorId> left;
};
absl::StatusOr<ListMoves> FindListMoves(Transaction& transaction, base::WalkListId list);

struct CanvassCounts {
  std::vector<std::pair<int, int64_t>> knocks_by_result;  // of knocks that no other corrects
  int64_t doors_knocked = 0;
  int64_t conflicts = 0;
  int64_t follow_ups_open = 0;
  int64_t follow_ups_done = 0;
};
// NOT_FOUND naming "cut_id".
absl::Status CheckCutExists(Transaction& transaction, base::CutId cut);
// Of the whole campaign where `cut` is none. NOT_FOUND naming "cut_id".
absl::StatusOr<CanvassCounts> CountCanvass(Transaction& transaction, base::CutId cut);

}  // namespace snowfield::db
