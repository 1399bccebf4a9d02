// HandEdit: what a director does to turfs by hand, and EditPlan: what that would change.
//
// Turfs are named by their numbers within the cut, doors by their ids. A plan is at once the preview that a person
// looks at and the change that is applied: nothing is worked out twice. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "geo/cut/cut_turf.h"

namespace snowfield::geo {

inline constexpr int kEditDoorsMax = 20'000;  // doors of all turfs that one edit changes
inline constexpr int kEditTurfsMax = 1'000;   // turfs that one edit names or makes
inline constexpr size_t kAsideReasonBytesMax = 200;

// Doors go to turf `to_turf`, from whatever turfs they are in or from those set aside; 0: to a new turf.
struct MoveDoors {
  std::vector<base::DoorId> doors;
  int to_turf = 0;
};

// The doors of all go to the first, which keeps its number; the others end.
struct MergeTurfs {
  std::vector<int> turfs;
};

// Into connected parts of about equal size. The largest part (of several: that with the walk's first door) keeps the
// number; the others get new ones.
struct SplitTurf {
  int turf = 0;
  int parts = 2;
};

// Doors are taken out of their turfs: a gated house, a dangerous dog. They stay of the cut.
struct SetAsideDoors {
  std::vector<base::DoorId> doors;
  std::string reason;
};

// Doors set aside go back to the turf that they were taken from, or where that has ended to the turf of the nearest
// door.
struct PutBackDoors {
  std::vector<base::DoorId> doors;
};

// A door that is in no turf.
struct AsideDoor {
  base::DoorId door;
  int from_turf = 0;  // the turf it was taken from
  std::string reason;
};

// Turfs become as they once were, and end where they are nothing: the undoing of an edit. Doors are neither lost nor
// found by it.
struct RestoreTurfs {
  std::vector<std::pair<int, std::optional<Turf>>> turfs;
  std::vector<AsideDoor> aside;  // the doors among them that are set aside then
};

using HandEdit = std::variant<MoveDoors, MergeTurfs, SplitTurf, SetAsideDoors, PutBackDoors, RestoreTurfs>;

enum class EditWarning {
  kNotAdjacent,   // the turf's doors come from turfs that do not touch
  kOverBoundary,  // the turf has doors on two sides of a kept boundary
};
std::string_view EditWarningName(EditWarning warning);  // UPPER_SNAKE, stable

// Of one turf, what it is and what it would be. With the same doors it only gives a door put back its share of ground.
struct TurfEdit {
  int number = 0;
  int version = 0;                  // of the turf as it is; 0: it is new
  std::optional<Turf> before;       // none: new, or brought back by an undo
  std::optional<Turf> after;        // none: it ends
  std::vector<CutReason> problems;  // of `after`, by the rules of a cut's report
  std::vector<EditWarning> warnings;
};

struct DoorMove {
  base::DoorId door;
  int from = 0;  // turf; 0: set aside
  int to = 0;
};

struct EditPlan {
  std::vector<TurfEdit> turfs;      // that change, by number
  std::vector<DoorMove> moves;      // by door
  std::vector<AsideDoor> aside;     // of the moves to 0, by door
  std::vector<AsideDoor> put_back;  // of the moves from 0: what was said of them
};

// The same for the same plan made on the same versions, in every process: what a person agrees to when they apply a
// preview. (FNV-1a, 64 bits.)
uint64_t Fingerprint(const EditPlan& plan);

}  // namespace snowfield::geo
