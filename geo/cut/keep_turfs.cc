#include "geo/cut/keep_turfs.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "geo/cut/bisect.h"
#include "geo/cut/first_split.h"

namespace snowfield::geo {
namespace {

// Group of each atom, -1 for none. Groups grow over atoms without one, the nearest first.
void GrowGroups(const AtomGraph& graph, std::vector<int>* group_of) {
  using Entry = std::tuple<float, int, int>;  // distance, group, atom
  std::priority_queue<Entry, std::vector<Entry>, std::greater<>> heap;
  const auto offer = [&](int atom, float distance_m) {
    for (const AtomEdge* edge = graph.Begin(atom); edge != graph.End(atom); ++edge) {
      if ((*group_of)[edge->to] >= 0 || graph.cell[edge->to] != graph.cell[atom]) continue;
      heap.emplace(distance_m + edge->distance_m, (*group_of)[atom], edge->to);
    }
  };
  for (int atom = 0; atom < static_cast<int>(graph.atoms.size()); ++atom) {
    if ((*group_of)[atom] >= 0) offer(atom, 0);
  }
  while (!heap.empty()) {
    const auto [distance_m, group, atom] = heap.top();
    heap.pop();
    if ((*group_of)[atom] >= 0) continue;
    (*group_of)[atom] = group;
    offer(atom, distance_m);
  }
}

std::vector<std::vector<int>> Collect(const std::vector<int>& group_of, int count) {
  std::vector<std::vector<int>> groups(count);
  for (int atom = 0; atom < static_cast<int>(group_of.size()); ++atom) {
    if (group_of[atom] >= 0) groups[group_of[atom]].push_back(atom);
  }
  return groups;
}

class AtomShifter {
 public:
  AtomShifter(const AtomGraph& graph, const LoadRule& rule, std::vector<std::vector<int>>* groups)
      : graph_(graph), rule_(rule), groups_(*groups), group_of_(graph.atoms.size(), -1) {
    for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
      load_.push_back(LoadOf(graph, groups_[g]));
      for (const int atom : groups_[g]) group_of_[atom] = g;
    }
  }

  // False where the group is in bounds, or no atom brings it nearer.
  bool ShiftOne(int group) {
    const int64_t outside = rule_.Outside(load_[group]);
    if (outside == 0 || graph_.atoms[groups_[group].front()].whole_turf) return false;
    if (IsAsBefore(graph_, groups_[group])) return false;
    const bool takes = load_[group] < rule_.min;
    Shift best;
    for (const int atom : groups_[group]) {
      for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
        const int other = group_of_[edge->to];
        if (other < 0 || other == group || graph_.cell[edge->to] != graph_.cell[atom]) continue;
        const Shift shift = takes ? Try(edge->to, other, group) : Try(atom, group, other);
        if (std::tie(shift.outside, shift.load) < std::tie(best.outside, best.load) && KeepsPieces(shift)) best = shift;
      }
    }
    if (best.atom < 0) return false;
    std::erase(groups_[best.from], best.atom);
    groups_[best.to].push_back(best.atom);
    group_of_[best.atom] = best.to;
    load_[best.from] -= best.load;
    load_[best.to] += best.load;
    return true;
  }

 private:
  struct Shift {
    int atom = -1;
    int from = -1;
    int to = -1;
    int64_t outside = std::numeric_limits<int64_t>::max();  // of both turfs, after it
    int64_t load = 0;
  };

  // Its `outside` is the largest number where it is no gain.
  Shift Try(int atom, int from, int to) const {
    Shift shift{atom, from, to, 0, graph_.atoms[atom].load};
    const int64_t before = rule_.Outside(load_[from]) + rule_.Outside(load_[to]);
    shift.outside = rule_.Outside(load_[from] - shift.load) + rule_.Outside(load_[to] + shift.load);
    return shift.outside < before ? shift : Shift{};
  }

  bool KeepsPieces(const Shift& shift) const {
    std::vector<int> rest = groups_[shift.from];
    if (rest.size() < 2) return false;
    const int pieces = CountPieces(graph_, rest);
    std::erase(rest, shift.atom);
    return CountPieces(graph_, rest) <= pieces;
  }

  const AtomGraph& graph_;
  const LoadRule rule_;
  std::vector<std::vector<int>>& groups_;
  std::vector<int> group_of_;
  std::vector<int64_t> load_;
};

}  // namespace

void LabelDoors(const CutInput& input, const CutOptions& options, Ground* ground) {
  absl::flat_hash_map<base::DoorId, int> turf_of;
  for (int turf = 0; turf < static_cast<int>(input.previous_turfs.size()); ++turf) {
    for (const base::DoorId door : input.previous_turfs[turf]) turf_of.try_emplace(door, turf);
    ground->previous_doors.push_back(options.bounds_changed ? 0 : static_cast<int>(input.previous_turfs[turf].size()));
  }
  for (const CutDoor& door : input.doors) {
    const auto at = turf_of.find(door.id);
    ground->previous_turf.push_back(at == turf_of.end() ? -1 : at->second);
  }
}

std::vector<std::vector<int>> KeepTurfs(const AtomGraph& graph, const LoadRule& rule, uint64_t seed,
                                        const std::function<bool()>& stopped) {
  const auto count = static_cast<int>(graph.atoms.size());
  std::vector<int> group_of(count, -1);
  std::map<std::pair<int, int>, int> group_of_turf;  // previous turf and cell
  std::vector<std::vector<int>> groups;
  for (int atom = 0; atom < count; ++atom) {
    const int turf = graph.atoms[atom].previous_turf;
    if (graph.atoms[atom].whole_turf) {
      group_of[atom] = static_cast<int>(groups.size());
      groups.push_back({atom});
    } else if (turf >= 0) {
      const auto [at, added] = group_of_turf.try_emplace({turf, graph.cell[atom]}, static_cast<int>(groups.size()));
      if (added) groups.emplace_back();
      group_of[atom] = at->second;
      groups[at->second].push_back(atom);
    }
  }
  // A whole turf takes no one in, and a turf far too small gives its atoms away where it has neighbours to take them.
  for (const std::vector<int>& group : groups) {
    if (graph.atoms[group.front()].whole_turf || 2 * LoadOf(graph, group) >= rule.min) continue;
    if (IsAsBefore(graph, group)) continue;
    const int cell = graph.cell[group.front()];
    const bool alone = std::all_of(group.begin(), group.end(), [&](int atom) {
      return std::all_of(graph.Begin(atom), graph.End(atom), [&](const AtomEdge& edge) {
        return graph.cell[edge.to] != cell || group_of[edge.to] < 0 || group_of[edge.to] == group_of[atom];
      });
    });
    if (alone) continue;
    for (const int atom : group) group_of[atom] = -1;
  }
  GrowGroups(graph, &group_of);
  std::vector<std::vector<int>> kept;
  Bisector bisector(graph, rule);
  for (std::vector<int>& group : Collect(group_of, static_cast<int>(groups.size()))) {
    if (group.empty()) continue;
    if (graph.atoms[group.front()].whole_turf || IsAsBefore(graph, group)) {
      kept.push_back(std::move(group));
    } else {
      bisector.AppendInTurfs(std::move(group), &kept);
    }
  }
  std::vector<std::vector<int>> fresh = CellsOf(graph);
  std::erase_if(fresh, [&](const std::vector<int>& cell) { return group_of[cell.front()] >= 0; });
  fresh = FirstSplit(graph, rule, fresh, seed, stopped);
  kept.insert(kept.end(), std::make_move_iterator(fresh.begin()), std::make_move_iterator(fresh.end()));
  return kept;
}

void ShiftAtoms(const AtomGraph& graph, const LoadRule& rule, std::vector<std::vector<int>>* groups) {
  AtomShifter shifter(graph, rule, groups);
  for (int group = 0; group < static_cast<int>(groups->size()); ++group) {
    while (shifter.ShiftOne(group)) {
    }
  }
}

}  // namespace snowfield::geo
