#include "geo/hand/edit_planner.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <variant>
#include <vector>

#include "base/status.h"
#include "geo/cut/turf_walk.h"
#include "geo/frame/parallel.h"
#include "geo/hand/ground_shapes.h"
#include "geo/hand/resolve_edit.h"
#include "geo/hand/split_doors.h"
#include "geo/hand/turf_board.h"
#include "geo/hand/turf_walker.h"

namespace snowfield::geo {
namespace {

// Doors so near to one put back have a say in its ground.
constexpr double kStrangersReach_m = 150;
// So many turfs are worth a second thread.
constexpr int kTurfsOfThread = 4;

class EditPlanner {
 public:
  EditPlanner(const TurfBoard& board, const HandEdit& edit, const std::vector<Sending>& sendings)
      : board_(board), ground_(board.ground()), edit_(edit), sendings_(sendings) {}

  absl::StatusOr<EditPlan> Plan() {
    ListMoves();
    SNOWFIELD_RETURN_IF_ERROR(ListTurfs());
    const auto* restore = std::get_if<RestoreTurfs>(&edit_);
    if (restore != nullptr) {
      Restore(*restore);
    } else {
      SNOWFIELD_RETURN_IF_ERROR(WalkTurfs());
      SNOWFIELD_RETURN_IF_ERROR(DrawTurfs());
    }
    for (TurfEdit& turf : plan_.turfs) Judge(&turf);
    return std::move(plan_);
  }

 private:
  void ListMoves() {
    const auto* set_aside = std::get_if<SetAsideDoors>(&edit_);
    const auto* restore = std::get_if<RestoreTurfs>(&edit_);
    for (const Sending& sending : sendings_) {
      const base::DoorId id = ground_.id(sending.door);
      plan_.moves.push_back({id, sending.from, sending.to});
      if (sending.from == 0) plan_.put_back.push_back(*board_.FindAside(sending.door));
      if (sending.to == 0 && set_aside != nullptr) plan_.aside.push_back({id, sending.from, set_aside->reason});
    }
    if (restore == nullptr) return;
    plan_.aside = restore->aside;
    std::sort(plan_.aside.begin(), plan_.aside.end(),
              [](const AsideDoor& a, const AsideDoor& b) { return a.door < b.door; });
  }

  // The turfs that gain or lose a door, with the doors that each will have.
  absl::Status ListTurfs() {
    std::map<int, std::vector<int>> gains;
    std::set<int> numbers;
    for (const Sending& sending : sendings_) {
      if (sending.from != 0) numbers.insert(sending.from);
      if (sending.to != 0) numbers.insert(sending.to);
      if (sending.to != 0) gains[sending.to].push_back(sending.door);
      AddSharers(sending.door, &numbers);
    }
    if (numbers.size() > kEditTurfsMax) return TooLarge();
    size_t total = 0;
    for (const int number : numbers) {
      TurfEdit& edit = plan_.turfs.emplace_back();
      edit.number = number;
      std::vector<int>& doors = doors_.emplace_back(std::move(gains[number]));
      edit.version = board_.VersionOf(number);
      if (const BoardTurf* turf = board_.Find(number); turf != nullptr) {
        edit.before = turf->turf;
        for (const base::DoorId id : turf->turf.doors) {
          const int door = ground_.Find(id);
          if (FindSending(door) == nullptr) doors.push_back(door);
        }
      }
      std::sort(doors.begin(), doors.end());
      total += doors.size();
    }
    return total > kEditDoorsMax ? TooLarge() : absl::OkStatus();
  }

  // Where doors of several turfs share a place (a tower) each has a share of the ground about it: when a door comes or
  // goes all of them are drawn anew.
  void AddSharers(int door, std::set<int>* numbers) const {
    for (const int near : ground_.index().Around(ground_.position(door), kShapeNudge_m)) {
      if (board_.TurfOf(near) != 0) numbers->insert(board_.TurfOf(near));
    }
  }

  static absl::Status TooLarge() {
    return base::InvalidField("edit", "EDIT_TOO_LARGE",
                              "the turfs of this edit hold more than " + std::to_string(kEditDoorsMax) +
                                  " doors, or are more than " + std::to_string(kEditTurfsMax) + ": edit in parts");
  }

  // nullptr where the door stays.
  const Sending* FindSending(int door) const {
    const auto at = std::lower_bound(sendings_.begin(), sendings_.end(), door,
                                     [](const Sending& sending, int value) { return sending.door < value; });
    return at != sendings_.end() && at->door == door ? &*at : nullptr;
  }

  void Restore(const RestoreTurfs& restore) {
    for (const auto& [number, turf] : restore.turfs) {
      const auto at = std::find_if(plan_.turfs.begin(), plan_.turfs.end(),
                                   [n = number](const TurfEdit& edit) { return edit.number == n; });
      if (at != plan_.turfs.end()) at->after = turf;
    }
  }

  absl::Status WalkTurfs() {
    const auto count = static_cast<int>(plan_.turfs.size());
    const int threads = std::min(ground_.options().threads, 1 + count / kTurfsOfThread);
    std::vector<absl::Status> statuses(count);
    ParallelFor(threads, count, 1, nullptr, [&](int, int i) {
      if (doors_[i].empty()) return;
      if (KeepsDoors(plan_.turfs[i].number)) {
        plan_.turfs[i].after = plan_.turfs[i].before;
        return;
      }
      absl::StatusOr<Turf> turf = board_.walkers().Take()->Walk(doors_[i]);
      if (turf.ok()) {
        plan_.turfs[i].after = *std::move(turf);
      } else {
        statuses[i] = turf.status();
      }
    });
    for (const absl::Status& status : statuses) SNOWFIELD_RETURN_IF_ERROR(status);
    return absl::OkStatus();
  }

  bool KeepsDoors(int number) const {
    return std::none_of(sendings_.begin(), sendings_.end(),
                        [number](const Sending& sending) { return sending.from == number || sending.to == number; });
  }

  absl::Status DrawTurfs() {
    GroundInput input;
    std::vector<TurfEdit*> drawn;
    for (size_t i = 0; i < plan_.turfs.size(); ++i) {
      TurfEdit& edit = plan_.turfs[i];
      if (edit.before.has_value()) input.old_polygons.push_back(edit.before->polygon_ewkb);
      if (!edit.after.has_value()) continue;
      input.turfs.push_back(doors_[i]);
      for (const int door : doors_[i]) {
        if (StandsWithOthers(door)) input.shared.push_back(door);
      }
      drawn.push_back(&edit);
    }
    for (const Sending& sending : sendings_) {
      if (sending.to == 0 && !SharesPlace(sending.door)) input.aside.push_back(sending.door);
      if (sending.from == 0) input.put_back.push_back(sending.door);
    }
    std::sort(input.shared.begin(), input.shared.end());
    AddNeighbors(&input);
    if (drawn.empty()) return absl::OkStatus();
    SNOWFIELD_ASSIGN_OR_RETURN(std::vector<GroundShape> shapes, ShareGround(ground_, input));
    for (size_t i = 0; i < drawn.size(); ++i) {
      Turf& turf = *drawn[i]->after;
      turf.polygon_ewkb = std::move(shapes[i].ewkb);
      turf.metrics.polsby_popper = shapes[i].polsby_popper;
      turf.metrics.area_over_hull = shapes[i].area_over_hull;
    }
    return absl::OkStatus();
  }

  // Another door stands there that is, or was, in another turf.
  bool StandsWithOthers(int door) const {
    const std::vector<int> here = ground_.index().Around(ground_.position(door), kShapeNudge_m);
    return std::any_of(here.begin(), here.end(), [&](int other) {
      return board_.TurfOf(other) != board_.TurfOf(door) || FindSending(other) != nullptr;
    });
  }

  // Doors of other turfs, and doors set aside, near those put back.
  void AddNeighbors(GroundInput* input) const {
    std::set<int> strangers, others;
    for (const int door : input->put_back) {
      for (const int near : ground_.index().Around(ground_.position(door), kStrangersReach_m)) {
        const int number = board_.TurfOf(near);
        if (FindSending(near) != nullptr || IsEdited(number)) continue;
        if (number != 0) others.insert(number);
        if (number == 0 ? SharesPlace(near) : StandsWithEdited(near)) continue;
        strangers.insert(near);
      }
    }
    input->strangers.assign(strangers.begin(), strangers.end());
    for (const int number : others) input->other_polygons.push_back(board_.Find(number)->turf.polygon_ewkb);
  }

  // A door of a turf will stand where this door does: a door set aside there leaves its ground to it.
  bool SharesPlace(int door) const {
    const std::vector<int> here = ground_.index().Around(ground_.position(door), kShapeNudge_m);
    return std::any_of(here.begin(), here.end(), [this](int other) {
      const Sending* sending = FindSending(other);
      return (sending == nullptr ? board_.TurfOf(other) : sending->to) != 0;
    });
  }

  // Their place has been shared out already.
  bool StandsWithEdited(int door) const {
    const std::vector<int> here = ground_.index().Around(ground_.position(door), kShapeNudge_m);
    return std::any_of(here.begin(), here.end(), [this](int other) { return IsEdited(board_.TurfOf(other)); });
  }

  bool IsEdited(int number) const {
    return std::any_of(plan_.turfs.begin(), plan_.turfs.end(),
                       [number](const TurfEdit& edit) { return edit.number == number; });
  }

  void Judge(TurfEdit* edit) const {
    if (!edit->after.has_value()) return;
    edit->problems = ProblemsOf(*edit->after);
    if (!ComesTogether(*edit)) edit->warnings.push_back(EditWarning::kNotAdjacent);
    if (IsOverBoundary(*edit)) edit->warnings.push_back(EditWarning::kOverBoundary);
  }

  // What the turf had and what it gets from each other turf, each as one piece, touch.
  bool ComesTogether(const TurfEdit& edit) const {
    std::map<int, std::vector<int>> sets;
    if (edit.before.has_value()) {
      for (const base::DoorId id : edit.before->doors) sets[edit.number].push_back(ground_.Find(id));
    }
    for (const Sending& sending : sendings_) {
      if (sending.to == edit.number) sets[sending.from].push_back(sending.door);
    }
    if (sets.size() < 2) return true;
    std::vector<std::vector<int>> list;
    for (auto& [from, doors] : sets) list.push_back(std::move(doors));
    return AreAdjacent(ground_, list);
  }

  bool IsOverBoundary(const TurfEdit& edit) const {
    const auto boundary = [this](base::DoorId id) {
      return ground_.ground().stops[ground_.stop(ground_.Find(id))].boundary;
    };
    const std::vector<base::DoorId>& doors = edit.after->doors;
    return std::any_of(doors.begin(), doors.end(),
                       [&](base::DoorId id) { return boundary(id) != boundary(doors.front()); });
  }

  const TurfBoard& board_;
  const BoardGround& ground_;
  const HandEdit& edit_;
  const std::vector<Sending>& sendings_;
  EditPlan plan_;
  std::vector<std::vector<int>> doors_;  // that each of plan_.turfs will have, ascending
};

}  // namespace

absl::StatusOr<EditPlan> PlanEdit(const TurfBoard& board, const HandEdit& edit) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Sending> sendings, ResolveEdit(board, edit));
  return EditPlanner(board, edit, sendings).Plan();
}

}  // namespace snowfield::geo
