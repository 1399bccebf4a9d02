#include "geo/cut/turf_identity.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace snowfield::geo {
namespace {

struct PlacedDoor {
  base::DoorId door;
  int turf = 0;
};

// By door, each once.
std::vector<PlacedDoor> PlaceDoors(const std::vector<std::vector<base::DoorId>>& turfs) {
  std::vector<PlacedDoor> placed;
  for (int turf = 0; turf < static_cast<int>(turfs.size()); ++turf) {
    for (const base::DoorId door : turfs[turf]) placed.push_back({door, turf});
  }
  std::sort(placed.begin(), placed.end(), [](const PlacedDoor& a, const PlacedDoor& b) {
    return std::tie(a.door, a.turf) < std::tie(b.door, b.turf);
  });
  placed.erase(std::unique(placed.begin(), placed.end(),
                           [](const PlacedDoor& a, const PlacedDoor& b) { return a.door == b.door; }),
               placed.end());
  return placed;
}

// What an old turf and a new one have in common.
struct Overlap {
  int before = 0;
  int after = 0;
  int doors = 0;
  base::DoorId lowest_door;  // no other overlap has it: it breaks ties whatever the order of the turfs
};

bool Heavier(const Overlap& a, const Overlap& b) {
  return a.doors != b.doors ? a.doors > b.doors : a.lowest_door < b.lowest_door;
}

class Matcher {
 public:
  Matcher(const std::vector<std::vector<base::DoorId>>& before, const std::vector<std::vector<base::DoorId>>& after)
      : common_before_(before.size(), 0),
        common_after_(after.size(), 0),
        gone_(before.size(), 0),
        successor_(before.size(), -1),
        ended_at_(before.size(), -1) {
    match_.turfs.resize(after.size());
    Join(PlaceDoors(before), PlaceDoors(after));
  }

  TurfMatch Run() {
    std::sort(overlaps_.begin(), overlaps_.end(), Heavier);
    for (const Overlap& overlap : overlaps_) Pair(overlap);
    for (int turf = 0; turf < static_cast<int>(successor_.size()); ++turf) {
      if (successor_[turf] >= 0) {
        match_.turfs[successor_[turf]].gone_doors = gone_[turf];
      } else {
        ended_at_[turf] = static_cast<int>(match_.ended.size());
        match_.ended.push_back({.turf = turf, .went = {}, .gone_doors = gone_[turf]});
      }
    }
    // Heaviest first, so that each list of flows is in this order too.
    for (const Overlap& overlap : overlaps_) Flow(overlap);
    return std::move(match_);
  }

 private:
  void Join(const std::vector<PlacedDoor>& before, const std::vector<PlacedDoor>& after) {
    std::vector<Overlap> shared;
    size_t b = 0;
    for (const PlacedDoor& now : after) {
      for (; b < before.size() && before[b].door < now.door; ++b) ++gone_[before[b].turf];
      if (b == before.size() || now.door < before[b].door) {
        ++match_.turfs[now.turf].new_doors;
        continue;
      }
      shared.push_back({.before = before[b].turf, .after = now.turf, .doors = 1, .lowest_door = now.door});
      ++common_before_[before[b].turf];
      ++common_after_[now.turf];
      ++b;
    }
    for (; b < before.size(); ++b) ++gone_[before[b].turf];
    Collect(std::move(shared));
  }

  // One overlap for each pair of turfs, from one for each door.
  void Collect(std::vector<Overlap> shared) {
    std::sort(shared.begin(), shared.end(), [](const Overlap& a, const Overlap& b) {
      return std::tie(a.before, a.after, a.lowest_door) < std::tie(b.before, b.after, b.lowest_door);
    });
    for (const Overlap& one : shared) {
      const bool same =
          !overlaps_.empty() && overlaps_.back().before == one.before && overlaps_.back().after == one.after;
      if (same) {
        ++overlaps_.back().doors;
      } else {
        overlaps_.push_back(one);
      }
    }
  }

  void Pair(const Overlap& overlap) {
    const bool free = successor_[overlap.before] < 0 && match_.turfs[overlap.after].predecessor < 0;
    const int smaller = std::min(common_before_[overlap.before], common_after_[overlap.after]);
    if (!free || 2 * overlap.doors < smaller) return;
    successor_[overlap.before] = overlap.after;
    match_.turfs[overlap.after].predecessor = overlap.before;
    match_.turfs[overlap.after].kept = overlap.doors;
  }

  void Flow(const Overlap& overlap) {
    if (successor_[overlap.before] == overlap.after) return;
    match_.turfs[overlap.after].came.push_back({.turf = overlap.before, .doors = overlap.doors});
    const DoorFlow out{.turf = overlap.after, .doors = overlap.doors};
    if (successor_[overlap.before] >= 0) {
      match_.turfs[successor_[overlap.before]].left.push_back(out);
    } else {
      match_.ended[ended_at_[overlap.before]].went.push_back(out);
    }
  }

  std::vector<int> common_before_, common_after_;  // doors that are in both cuts, per turf
  std::vector<int> gone_;                          // doors of an old turf that are in no new one
  std::vector<int> successor_;                     // per old turf
  std::vector<int> ended_at_;                      // place in match_.ended, per old turf
  std::vector<Overlap> overlaps_;
  TurfMatch match_;
};

}  // namespace

TurfMatch MatchTurfs(const std::vector<std::vector<base::DoorId>>& before,
                     const std::vector<std::vector<base::DoorId>>& after) {
  return Matcher(before, after).Run();
}

std::vector<int> SucceedingNumbers(const TurfMatch& match, const std::vector<int>& before_numbers) {
  int highest = 0;
  for (const int number : before_numbers) highest = std::max(highest, number);
  std::vector<int> numbers;
  numbers.reserve(match.turfs.size());
  for (const TurfChange& turf : match.turfs) {
    numbers.push_back(turf.predecessor >= 0 ? before_numbers[turf.predecessor] : ++highest);
  }
  return numbers;
}

}  // namespace snowfield::geo
