// Edits of turfs by hand: reading the doors and turfs of a cut, storing an edit with the versions it ends, and history.
//
// Turfs are named by their numbers within the cut; 0 is "set aside". An edit is stored by one transaction: LockPass,
// CountEdit, LockEditedTurfs, StoreEdit, then the lists. History is only appended to.
// Geometries are EWKB with SRID 4326. Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/transaction.h"
#include "db/store/territory_store.h"
#include "db/store/turf_store.h"

namespace snowfield::db {

inline constexpr int kSetAside = 0;  // where a turf's number stands

struct CutToEdit {
  base::PassId pass;
  std::string state;
  int edit_count = 0;
};
// NOT_FOUND naming "cut_id".
absl::StatusOr<CutToEdit> FindCutToEdit(Transaction& transaction, base::CutId cut);

struct EditKey {
  base::CutId cut;
  int number = 0;
};
absl::StatusOr<std::optional<EditKey>> FindEditByRequest(Transaction& transaction, const base::Uuid& request);

// A version of a turf.
struct TurfContent {
  double walk_length_m = 0;
  std::string area_ewkb;  // Polygon or MultiPolygon
  std::string walk_ewkb;  // LineString
  std::string metrics_json;
  std::vector<base::DoorId> doors;  // in walking order
};

struct BoardTurfRow {
  base::TurfId id;
  int number = 0;
  int version = 0;
  bool ended = false;
  TurfContent content;  // without doors
};
// The cut's turfs that an edit above `after_edit` made or changed, or all where it is below 0, by number.
absl::StatusOr<std::vector<BoardTurfRow>> ReadBoardTurfs(Transaction& transaction, base::CutId cut, int after_edit);

struct BoardDoorRow {
  DoorRow door;  // without street_key and external_id
  int turf = kSetAside;
};
// All doors of the cut, turf by turf in walking order. As the reads of territory_store.h.
absl::Status ReadBoardDoors(Transaction& transaction, base::CutId cut,
                            absl::FunctionRef<absl::Status(const BoardDoorRow&)> on_door);

struct DoorOfTurfRow {
  int turf = 0;
  base::DoorId door;
};
// The doors of these turfs, turf by turf in walking order.
absl::StatusOr<std::vector<DoorOfTurfRow>> ReadDoorsOfTurfs(Transaction& transaction,
                                                            const std::vector<base::TurfId>& turfs);

struct AsideRow {
  base::DoorId door;
  int from_turf = 0;
  std::string reason;  // 1 to 200 characters
};
// The doors of the cut that are set aside, by id.
absl::StatusOr<std::vector<AsideRow>> ReadAsideDoors(Transaction& transaction, base::CutId cut);

// Stores doors as set aside in a new cut; from_turf is a turf of the new cut, the doors are in none of its turfs.
absl::Status CarryAside(Transaction& transaction, const TurfHome& home, const std::vector<AsideRow>& doors);

// Takes edit number `number` of the cut, and holds others off until the transaction ends. False: another has taken it.
absl::StatusOr<bool> CountEdit(Transaction& transaction, const EditKey& edit);

struct LockedVersion {
  int number = 0;
  base::TurfId id;
  int version = 0;
};
// Those of the numbers that are turfs of the cut.
absl::StatusOr<std::vector<LockedVersion>> LockEditedTurfs(Transaction& transaction, base::CutId cut,
                                                           const std::vector<int32_t>& numbers);

struct TurfChange {
  int number = 0;
  base::TurfId id;                     // none: a new turf
  std::optional<TurfContent> content;  // none: it ends
  int most_doors_from = 0;             // of a new turf: the turf whose region it is in
};
struct MoveRow {
  base::DoorId door;
  int from = kSetAside;
  int to = kSetAside;
  std::optional<AsideRow> aside;  // where one of the two is set aside
};
struct NewEdit {
  EditKey key;
  base::PassId pass;
  bool live = false;
  std::string kind;
  base::MemberId member;
  base::Uuid request;
  int undoes = 0;  // number of the edit that this one undoes; 0: none
  std::vector<TurfChange> turfs;
  std::vector<MoveRow> moves;  // from and to are among `turfs`
};
// Stores the edit, what its turfs were and what they are. ALREADY_EXISTS (turf_edit_request_uk) where the request has
// made an edit before; (turf_edit_undoes_uk) where `undoes` was undone before.
absl::Status StoreEdit(Transaction& transaction, const NewEdit& edit);

struct EndedList {
  base::WalkListId walk_list;
  base::TurfId turf;
  base::MemberId leader;
};
// The current lists of these turfs end; which they were.
absl::StatusOr<std::vector<EndedList>> EndListsOfTurfs(Transaction& transaction,
                                                       const std::vector<base::TurfId>& turfs);
struct ReplacingList {
  base::TurfId turf;
  base::MemberId leader;
  std::string list_number;
  base::WalkListId replaces;
};
// A list whose number is taken is not made: see TurfsWithoutList.
absl::Status InsertReplacingLists(Transaction& transaction, const std::vector<ReplacingList>& lists);
absl::StatusOr<std::vector<base::TurfId>> TurfsWithoutList(Transaction& transaction,
                                                           const std::vector<base::TurfId>& turfs);

struct ReplacedList {
  int turf = 0;
  base::MemberId leader;
  std::string old_number;
  std::string new_number;  // empty: the turf ended
};
// The lists that the edit ended, by turf.
absl::StatusOr<std::vector<ReplacedList>> ListReplacedLists(Transaction& transaction, const EditKey& edit);

struct ListOut {
  int turf = 0;
  base::MemberId leader;
  std::string list_number;
  int64_t phones = 0;  // that have it out
};
// The current lists of these turfs of the cut, by turf.
absl::StatusOr<std::vector<ListOut>> ListListsOut(Transaction& transaction, base::CutId cut,
                                                  const std::vector<int32_t>& numbers);

struct EditRow {
  int number = 0;
  std::string kind;
  base::MemberId member;
  std::string member_name;
  absl::Time create_time;
  int undoes = 0;     // 0: none
  int undone_by = 0;  // 0: it stands
  int64_t moved_doors = 0;
  std::vector<int32_t> turfs;  // that it changed or made, ascending
};
// At most `limit`, the newest first, below the number `before` (0: from the newest).
absl::StatusOr<std::vector<EditRow>> ListEdits(Transaction& transaction, base::CutId cut, int64_t before, int limit);

struct MovePage {
  EditKey edit;
  int64_t after = 0;  // doors above this id
  int limit = 0;
};
// Without what was said of doors set aside.
absl::StatusOr<std::vector<MoveRow>> ListMoves(Transaction& transaction, const MovePage& page);

struct VersionBefore {
  int number = 0;
  bool unchanged = false;  // since the edit
  TurfContent content;     // no doors: it was no turf
};
struct EditToUndo {
  std::string kind;
  int undone_by = 0;  // 0: it stands
  std::vector<VersionBefore> turfs;
  std::vector<AsideRow> aside;  // doors that were set aside then, and are not since
};
// NOT_FOUND naming "edit_number".
absl::StatusOr<EditToUndo> FindEditToUndo(Transaction& transaction, const EditKey& edit);

}  // namespace snowfield::db
