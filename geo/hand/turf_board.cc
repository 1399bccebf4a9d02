#include "geo/hand/turf_board.h"

#include <algorithm>
#include <string>
#include <utility>

#include "base/status.h"
#include "geo/hand/edit_planner.h"

namespace snowfield::geo {
namespace {

std::string ItemOf(const char* list, size_t index) { return std::string(list) + "[" + std::to_string(index) + "]"; }

constexpr int kNowhere = -1;

}  // namespace

TurfBoard::TurfBoard(std::shared_ptr<const BoardGround> ground)
    : ground_(std::move(ground)), turf_of_(ground_->door_count(), kNowhere), walkers_(new WalkerPool(*ground_)) {}
TurfBoard::TurfBoard(TurfBoard&&) noexcept = default;
TurfBoard::~TurfBoard() = default;

absl::StatusOr<TurfBoard> TurfBoard::Make(std::shared_ptr<const BoardGround> ground, std::vector<BoardTurf> turfs,
                                          const std::vector<AsideDoor>& aside) {
  TurfBoard board(std::move(ground));
  SNOWFIELD_RETURN_IF_ERROR(board.Put(std::move(turfs), aside));
  return board;
}

absl::Status TurfBoard::Put(std::vector<BoardTurf> turfs, const std::vector<AsideDoor>& aside) {
  const auto place = [this](base::DoorId id, int number, const std::string& field) -> absl::Status {
    const int door = ground_->Find(id);
    if (door < 0) return base::InvalidField(field, "DOOR_UNKNOWN", "a door is not of this cut");
    if (turf_of_[door] != kNowhere) return base::InvalidField(field, "DOOR_IN_TWO_TURFS", "a door is in two turfs");
    turf_of_[door] = number;
    return absl::OkStatus();
  };
  for (size_t i = 0; i < turfs.size(); ++i) {
    const int number = turfs[i].number;
    if (number <= 0 || turfs_.contains(number)) {
      return base::InvalidField(ItemOf("turfs", i), "TURF_NUMBER_REPEATED", "turfs have positive numbers of their own");
    }
    for (const base::DoorId door : turfs[i].turf.doors) {
      SNOWFIELD_RETURN_IF_ERROR(place(door, number, ItemOf("turfs", i)));
    }
    last_number_ = std::max(last_number_, number);
    turfs_.emplace(number, std::move(turfs[i]));
  }
  for (size_t i = 0; i < aside.size(); ++i) {
    SNOWFIELD_RETURN_IF_ERROR(place(aside[i].door, 0, ItemOf("aside", i)));
    aside_.emplace(ground_->Find(aside[i].door), aside[i]);
  }
  if (std::find(turf_of_.begin(), turf_of_.end(), kNowhere) != turf_of_.end()) {
    return base::InvalidField("turfs", "DOOR_LOST", "a door is in no turf and not set aside");
  }
  return absl::OkStatus();
}

Selection TurfBoard::Select(const Lasso& lasso) const {
  const std::vector<int> doors = ground_->index().Within(lasso);
  Selection selection;
  selection.door_count = static_cast<int>(doors.size());
  absl::flat_hash_map<int, size_t> place;
  for (const int door : doors) {
    const int number = turf_of_[door];
    const auto [at, added] = place.try_emplace(number, selection.turfs.size());
    if (added) selection.turfs.push_back({number, {}});
    selection.turfs[at->second].doors.push_back(ground_->id(door));
  }
  std::sort(selection.turfs.begin(), selection.turfs.end(),
            [](const Selection::OfTurf& a, const Selection::OfTurf& b) { return a.turf < b.turf; });
  return selection;
}

absl::StatusOr<EditPlan> TurfBoard::Plan(const HandEdit& edit) const { return PlanEdit(*this, edit); }

absl::Status TurfBoard::Apply(const EditPlan& plan) {
  for (const TurfEdit& edit : plan.turfs) {
    if (VersionOf(edit.number) != edit.version) {
      return base::Problem(absl::StatusCode::kAborted, "TURF_CHANGED", "",
                           "a turf was changed by another meanwhile: look at the preview again");
    }
  }
  for (const DoorMove& move : plan.moves) {
    const int door = ground_->Find(move.door);
    turf_of_[door] = move.to;
    if (move.from == 0) aside_.erase(door);
  }
  for (const AsideDoor& door : plan.aside) aside_.insert_or_assign(ground_->Find(door.door), door);
  for (const TurfEdit& edit : plan.turfs) {
    BoardTurf& turf = turfs_[edit.number];
    turf.number = edit.number;
    turf.version = edit.version + 1;
    turf.turf = edit.after.value_or(Turf{});
    last_number_ = std::max(last_number_, edit.number);
  }
  return absl::OkStatus();
}

HandEdit UndoOf(const EditPlan& applied) {
  RestoreTurfs restore;
  for (const TurfEdit& edit : applied.turfs) restore.turfs.emplace_back(edit.number, edit.before);
  restore.aside = applied.put_back;
  return restore;
}

absl::Status TurfBoard::Refresh(std::vector<BoardTurf> changed, const std::vector<AsideDoor>& aside) {
  for (const BoardTurf& turf : changed) {
    const auto at = turfs_.find(turf.number);
    if (at == turfs_.end()) continue;
    for (const base::DoorId door : at->second.turf.doors) turf_of_[ground_->Find(door)] = kNowhere;
    turfs_.erase(at);
  }
  for (const auto& [door, old] : aside_) turf_of_[door] = kNowhere;
  aside_.clear();
  return Put(std::move(changed), aside);
}

const BoardTurf* TurfBoard::Find(int number) const {
  const auto at = turfs_.find(number);
  return at == turfs_.end() || at->second.turf.doors.empty() ? nullptr : &at->second;
}

int TurfBoard::VersionOf(int number) const {
  const auto at = turfs_.find(number);
  return at == turfs_.end() ? 0 : at->second.version;
}

std::vector<int> TurfBoard::numbers() const {
  std::vector<int> numbers;
  for (const auto& [number, turf] : turfs_) {
    if (!turf.turf.doors.empty()) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::vector<AsideDoor> TurfBoard::aside() const {
  std::vector<AsideDoor> doors;
  for (const auto& [door, aside] : aside_) doors.push_back(aside);
  std::sort(doors.begin(), doors.end(), [](const AsideDoor& a, const AsideDoor& b) { return a.door < b.door; });
  return doors;
}

const AsideDoor* TurfBoard::FindAside(int door) const {
  const auto at = aside_.find(door);
  return at == aside_.end() ? nullptr : &at->second;
}

}  // namespace snowfield::geo
