// TurfBoard: the doors and turfs of one cut in memory, for edits by hand.
//
// A director draws a lasso, moves doors, merges and splits turfs, sets doors aside and undoes it. Plan() works out all
// that an edit would change and leaves the board as it is; Apply() puts a plan into effect; UndoOf() is the way back.
// Soundness by construction: every door is in exactly one turf or set aside, before and after; polygons stay
// valid, hold their doors and do not overlap; turfs that an edit does not change keep their polygons to the bit.
// Each turf has a version; a plan made on other versions is refused.
// Thread safety: const functions from any number of threads at once; Apply() and Refresh() alone.
#pragma once

#include <memory>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "geo/hand/board_ground.h"
#include "geo/hand/door_index.h"
#include "geo/hand/hand_edit.h"
#include "geo/hand/walker_pool.h"

namespace snowfield::geo {

struct BoardTurf {
  int number = 0;   // positive, distinct
  int version = 1;  // positive
  Turf turf;        // without doors: it has ended
};

// The doors of a lasso by where they are.
struct Selection {
  struct OfTurf {
    int turf = 0;                     // 0: set aside
    std::vector<base::DoorId> doors;  // ascending
  };
  std::vector<OfTurf> turfs;  // by number
  int door_count = 0;
};

class TurfBoard {
 public:
  // INVALID_ARGUMENT naming turfs[i] or aside[i]: DOOR_UNKNOWN, DOOR_IN_TWO_TURFS, TURF_NUMBER_REPEATED; DOOR_LOST
  // where a door of the ground is nowhere.
  static absl::StatusOr<TurfBoard> Make(std::shared_ptr<const BoardGround> ground, std::vector<BoardTurf> turfs,
                                        const std::vector<AsideDoor>& aside);
  TurfBoard(TurfBoard&&) noexcept;
  ~TurfBoard();

  Selection Select(const Lasso& lasso) const;

  // INVALID_ARGUMENT naming the field of the edit: NO_DOORS, DOOR_UNKNOWN, DOOR_REPEATED, TURF_UNKNOWN, TURF_REPEATED,
  // TOO_FEW_TURFS, PARTS_OUT_OF_RANGE, SPLIT_TOO_FINE, EDIT_TOO_LARGE, ASIDE_REASON_OUT_OF_RANGE, DOOR_NOT_ASIDE,
  // DOOR_ASIDE_ALREADY, DOORS_DIFFER (an undo that would lose or find doors); FAILED_PRECONDITION EDIT_CHANGES_NOTHING.
  absl::StatusOr<EditPlan> Plan(const HandEdit& edit) const;

  // ABORTED TURF_CHANGED where a turf of the plan is no longer of the plan's version.
  absl::Status Apply(const EditPlan& plan);

  // Puts turfs that others changed, and all doors that are set aside, in the place of what the board has of them. The
  // errors of Make(); then the board is of no use any more.
  absl::Status Refresh(std::vector<BoardTurf> changed, const std::vector<AsideDoor>& aside);

  // nullptr where there is none of this number, or it has ended.
  const BoardTurf* Find(int number) const;
  // 0 where there was never one of this number.
  int VersionOf(int number) const;
  // In order of number, ended ones left out.
  std::vector<int> numbers() const;
  int last_number() const { return last_number_; }  // the highest there is, ended turfs too
  std::vector<AsideDoor> aside() const;             // by door
  // nullptr where the door (its place in the ground) is not set aside.
  const AsideDoor* FindAside(int door) const;
  // The turf that a door (its place in the ground) is in; 0: set aside.
  int TurfOf(int door) const { return turf_of_[door]; }
  const BoardGround& ground() const { return *ground_; }
  WalkerPool& walkers() const { return *walkers_; }

 private:
  explicit TurfBoard(std::shared_ptr<const BoardGround> ground);
  absl::Status Put(std::vector<BoardTurf> turfs, const std::vector<AsideDoor>& aside);

  std::shared_ptr<const BoardGround> ground_;
  std::vector<int> turf_of_;                   // number, by door; 0: set aside
  absl::flat_hash_map<int, BoardTurf> turfs_;  // by number
  absl::flat_hash_map<int, AsideDoor> aside_;  // by door
  int last_number_ = 0;
  std::unique_ptr<WalkerPool> walkers_;
};

// The edit that undoes an applied plan. Plan() it: it is refused like any other where it does not fit any more.
HandEdit UndoOf(const EditPlan& applied);

}  // namespace snowfield::geo
