#include "geo/hand/resolve_edit.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "geo/hand/split_doors.h"
#include "geo/hand/turf_board.h"

namespace snowfield::geo {
namespace {

constexpr double kNearFirst_m = 100;
constexpr double kNearLast_m = 400'000;

absl::Status TooLarge(const char* field) {
  return base::InvalidField(field, "EDIT_TOO_LARGE",
                            "at most " + std::to_string(kEditDoorsMax) + " doors and " + std::to_string(kEditTurfsMax) +
                                " turfs in one edit: edit in parts");
}

class Resolver {
 public:
  explicit Resolver(const TurfBoard& board) : board_(board), ground_(board.ground()) {}

  absl::Status operator()(const MoveDoors& edit) {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> doors, FindDoors(edit.doors));
    int to = edit.to_turf;
    if (to == 0) {
      to = board_.last_number() + 1;
    } else {
      SNOWFIELD_RETURN_IF_ERROR(FindTurf(to, "to_turf").status());
    }
    for (const int door : doors) Send(door, to);
    return absl::OkStatus();
  }

  absl::Status operator()(const MergeTurfs& edit) {
    if (edit.turfs.size() < 2) return base::InvalidField("turfs", "TOO_FEW_TURFS", "name at least two turfs");
    if (edit.turfs.size() > kEditTurfsMax) return TooLarge("turfs");
    std::set<int> seen;
    for (const int number : edit.turfs) {
      if (!seen.insert(number).second) {
        return base::InvalidField("turfs", "TURF_REPEATED", "name each turf once");
      }
      SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> doors, FindTurf(number, "turfs"));
      for (const int door : doors) Send(door, edit.turfs.front());
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const SplitTurf& edit) {
    if (edit.parts < 2 || edit.parts > kEditTurfsMax) {
      return base::InvalidField("parts", "PARTS_OUT_OF_RANGE",
                                "parts must be in [2, " + std::to_string(kEditTurfsMax) + "]");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> doors, FindTurf(edit.turf, "turf"));
    if (edit.parts > static_cast<int>(doors.size())) {
      return base::InvalidField("parts", "SPLIT_TOO_FINE",
                                "a turf is split into at most as many parts as it has doors");
    }
    if (doors.size() > kEditDoorsMax) return TooLarge("turf");
    const std::vector<std::vector<int>> parts = SplitDoors(ground_, doors, edit.parts);
    const int first = ground_.Find(board_.Find(edit.turf)->turf.doors.front());
    const auto keeps = std::max_element(parts.begin(), parts.end(), [&](const auto& a, const auto& b) {
      const auto key = [&](const std::vector<int>& part) {
        return std::pair(part.size(), std::binary_search(part.begin(), part.end(), first));
      };
      return key(a) < key(b);
    });
    int next = board_.last_number();
    for (auto part = parts.begin(); part != parts.end(); ++part) {
      if (part == keeps) continue;
      ++next;
      for (const int door : *part) Send(door, next);
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const SetAsideDoors& edit) {
    if (edit.reason.empty() || edit.reason.size() > kAsideReasonBytesMax) {
      return base::InvalidField("reason", "ASIDE_REASON_OUT_OF_RANGE",
                                "say in 1 to " + std::to_string(kAsideReasonBytesMax) + " bytes why");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> doors, FindDoors(edit.doors));
    for (const int door : doors) {
      if (board_.TurfOf(door) == 0) {
        return base::InvalidField("doors", "DOOR_ASIDE_ALREADY", "a door is set aside already");
      }
      Send(door, 0);
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const PutBackDoors& edit) {
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<int> doors, FindDoors(edit.doors));
    for (const int door : doors) {
      const AsideDoor* aside = board_.FindAside(door);
      if (aside == nullptr) return base::InvalidField("doors", "DOOR_NOT_ASIDE", "a door is in a turf, not set aside");
      const int to = board_.Find(aside->from_turf) != nullptr ? aside->from_turf : NearestTurf(door);
      if (to == 0) return base::InvalidField("doors", "TURF_UNKNOWN", "this cut has no turf left near a door");
      Send(door, to);
    }
    return absl::OkStatus();
  }

  absl::Status operator()(const RestoreTurfs& edit) {
    absl::Status differ = base::InvalidField("edit_id", "DOORS_DIFFER",
                                             "doors of these turfs were moved since: undo the later edits first");
    std::map<int, int> target;  // of each door
    absl::flat_hash_set<int> numbers;
    const auto put = [&](base::DoorId id, int number) {
      const int door = ground_.Find(id);
      return door >= 0 && target.emplace(door, number).second;
    };
    for (const auto& [number, turf] : edit.turfs) {
      numbers.insert(number);
      if (!turf.has_value()) continue;
      for (const base::DoorId id : turf->doors) {
        if (!put(id, number)) return differ;
      }
    }
    for (const AsideDoor& aside : edit.aside) {
      if (!put(aside.door, 0)) return differ;
    }
    for (const auto& [door, to] : target) {
      const int from = board_.TurfOf(door);
      if (from != 0 && !numbers.contains(from)) return differ;
      Send(door, to);
    }
    for (const int number : numbers) {
      const BoardTurf* turf = board_.Find(number);
      if (turf == nullptr) continue;
      for (const base::DoorId id : turf->turf.doors) {
        if (!target.contains(ground_.Find(id))) return differ;
      }
    }
    return absl::OkStatus();
  }

  std::vector<Sending> Take() { return std::move(sendings_); }

 private:
  void Send(int door, int to) {
    const int from = board_.TurfOf(door);
    if (from != to) sendings_.push_back({door, from, to});
  }

  absl::StatusOr<std::vector<int>> FindDoors(const std::vector<base::DoorId>& ids) const {
    if (ids.empty()) return base::InvalidField("doors", "NO_DOORS", "name at least one door");
    if (ids.size() > kEditDoorsMax) return TooLarge("doors");
    std::vector<int> doors;
    doors.reserve(ids.size());
    for (size_t i = 0; i < ids.size(); ++i) {
      doors.push_back(ground_.Find(ids[i]));
      if (doors.back() < 0) {
        return base::InvalidField("doors[" + std::to_string(i) + "]", "DOOR_UNKNOWN", "this cut has no such door");
      }
    }
    std::sort(doors.begin(), doors.end());
    if (std::adjacent_find(doors.begin(), doors.end()) != doors.end()) {
      return base::InvalidField("doors", "DOOR_REPEATED", "name each door once");
    }
    return doors;
  }

  // Its doors, ascending.
  absl::StatusOr<std::vector<int>> FindTurf(int number, const char* field) const {
    const BoardTurf* turf = board_.Find(number);
    if (turf == nullptr) {
      return base::InvalidField(field, "TURF_UNKNOWN", "this cut has no turf of this number: list its turfs");
    }
    std::vector<int> doors;
    doors.reserve(turf->turf.doors.size());
    for (const base::DoorId id : turf->turf.doors) doors.push_back(ground_.Find(id));
    std::sort(doors.begin(), doors.end());
    return doors;
  }

  // The turf of the nearest door that is in one; 0 where there is none far about.
  int NearestTurf(int door) const {
    const Frame& frame = ground_.ground().frame;
    const PointM here = frame.ToMetres(ground_.position(door));
    for (double reach_m = kNearFirst_m; reach_m <= kNearLast_m; reach_m *= 2) {
      int nearest = 0;
      double nearest_m = std::numeric_limits<double>::infinity();
      for (const int other : ground_.index().Around(ground_.position(door), reach_m)) {
        const double distance_m = DistanceM(here, frame.ToMetres(ground_.position(other)));
        if (board_.TurfOf(other) == 0 || distance_m >= nearest_m) continue;
        nearest = board_.TurfOf(other);
        nearest_m = distance_m;
      }
      if (nearest != 0) return nearest;
    }
    return 0;
  }

  const TurfBoard& board_;
  const BoardGround& ground_;
  std::vector<Sending> sendings_;
};

}  // namespace

absl::StatusOr<std::vector<Sending>> ResolveEdit(const TurfBoard& board, const HandEdit& edit) {
  Resolver resolver(board);
  SNOWFIELD_RETURN_IF_ERROR(std::visit(resolver, edit));
  std::vector<Sending> sendings = resolver.Take();
  if (sendings.empty()) return base::NotNow("EDIT_CHANGES_NOTHING", "every door is there already");
  std::sort(sendings.begin(), sendings.end(), [](const Sending& a, const Sending& b) { return a.door < b.door; });
  return sendings;
}

}  // namespace snowfield::geo
