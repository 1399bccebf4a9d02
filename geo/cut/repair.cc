#include "geo/cut/repair.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "geo/cut/bisect.h"

namespace snowfield::geo {
namespace {

// Sizes of the neighbourhoods that are cut anew, in turfs.
constexpr int kSizes[] = {2, 3, 4, 5, 6, 8, 10, 13, 17};
constexpr int kRounds = 3;

class Repairer {
 public:
  Repairer(const AtomGraph& graph, const LoadRule& rule, std::vector<std::vector<int>>* groups)
      : graph_(graph), rule_(rule), bisector_(graph, rule), groups_(*groups) {
    group_of_.assign(graph.atoms.size(), -1);
    for (int g = 0; g < static_cast<int>(groups_.size()); ++g) Own(g);
  }

  void Run(const std::function<bool()>& stopped) {
    bool mended = true;
    for (int round = 0; round < kRounds && mended; ++round) {
      mended = false;
      for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
        if (stopped && stopped()) return;
        if (IsBad(g) && Mend(g)) mended = true;
      }
    }
    for (int g = 0; g < static_cast<int>(groups_.size()); ++g) JoinPieces(g);
  }

 private:
  // Far out of bounds, pieces too many, turfs out of bounds, units out of bounds.
  using Bad = std::array<int64_t, 4>;

  // What a walk takes is only guessed at here: by minutes the search knows better which turfs are out of bounds.
  bool IsBad(int group) const {
    return rule_.ByMinutes() ? CountPieces(graph_, groups_[group]) > 1 : Badness(groups_[group]) > Bad{};
  }
  void Own(int group) {
    for (const int atom : groups_[group]) group_of_[atom] = group;
  }

  Bad Badness(const std::vector<int>& atoms) const {
    const int64_t load = LoadOf(graph_, atoms);
    const int64_t outside = rule_.Outside(load);
    return {rule_.IsFarOut(load) ? 1 : 0, CountPieces(graph_, atoms) - 1, outside > 0 ? 1 : 0, outside};
  }
  static void Add(const Bad& more, Bad* sum) {
    for (size_t i = 0; i < sum->size(); ++i) (*sum)[i] += more[i];
  }

  // The group and those round about, nearest first by the number of steps from group to group.
  std::vector<int> Neighborhood(int group, size_t most) const {
    std::vector<int> list{group};
    for (size_t i = 0; i < list.size() && list.size() < most; ++i) {
      for (const int g : GroupsBeside(groups_[list[i]])) {
        if (std::find(list.begin(), list.end(), g) == list.end()) list.push_back(g);
      }
    }
    return list;
  }

  // Without whole turfs; ascending.
  std::vector<int> GroupsBeside(const std::vector<int>& atoms) const {
    std::vector<int> beside;
    for (const int atom : atoms) {
      for (const AtomEdge* edge = graph_.Begin(atom); edge != graph_.End(atom); ++edge) {
        if (!graph_.atoms[edge->to].whole_turf) beside.push_back(group_of_[edge->to]);
      }
    }
    std::sort(beside.begin(), beside.end());
    beside.erase(std::unique(beside.begin(), beside.end()), beside.end());
    return beside;
  }

  bool Mend(int group) {
    if (graph_.atoms[groups_[group].front()].whole_turf || IsAsBefore(graph_, groups_[group])) return false;
    const std::vector<int> around = Neighborhood(group, kSizes[std::size(kSizes) - 1]);
    for (const int size : kSizes) {
      if (size > static_cast<int>(around.size())) break;
      // A small set is tried with each of the neighbours, a large one as it is.
      const int shifts = size <= 4 ? static_cast<int>(around.size()) - size + 1 : 1;
      for (int shift = 0; shift < shifts; ++shift) {
        std::vector<int> set{group};
        set.insert(set.end(), around.begin() + 1 + shift, around.begin() + shift + size);
        if (CutAnew(set)) return true;
      }
    }
    return false;
  }

  bool CutAnew(const std::vector<int>& set) {
    std::vector<int> atoms;
    Bad before{};
    for (const int g : set) {
      atoms.insert(atoms.end(), groups_[g].begin(), groups_[g].end());
      Add(Badness(groups_[g]), &before);
    }
    std::sort(atoms.begin(), atoms.end());
    std::vector<std::vector<int>> cut = bisector_.Split(atoms, static_cast<int>(set.size()));
    if (cut.size() != set.size()) return false;
    Bad after{};
    for (const std::vector<int>& atoms_of : cut) Add(Badness(atoms_of), &after);
    if (after >= before) return false;
    for (size_t i = 0; i < set.size(); ++i) {
      groups_[set[i]] = std::move(cut[i]);
      Own(set[i]);
    }
    return true;
  }

  // The heaviest piece stays; each other one goes to the group beside it that is the least out of bounds with it, or is
  // a group of its own where that is better still.
  void JoinPieces(int group) {
    std::vector<std::vector<int>> pieces = PiecesOf(graph_, groups_[group]);
    if (pieces.size() < 2 || IsAsBefore(graph_, groups_[group])) return;
    std::stable_sort(pieces.begin(), pieces.end(), [this](const std::vector<int>& a, const std::vector<int>& b) {
      return LoadOf(graph_, a) > LoadOf(graph_, b);
    });
    groups_[group] = pieces.front();
    for (size_t p = 1; p < pieces.size(); ++p) {
      auto best = static_cast<int>(groups_.size());
      Bad least = Badness(pieces[p]);
      for (const int other : GroupsBeside(pieces[p])) {
        if (other == group) continue;
        std::vector<int> joined = groups_[other];
        joined.insert(joined.end(), pieces[p].begin(), pieces[p].end());
        Bad more = Badness(joined);
        const Bad before = Badness(groups_[other]);
        for (size_t i = 0; i < more.size(); ++i) more[i] -= before[i];
        if (std::tie(more, other) >= std::tie(least, best)) continue;
        least = more;
        best = other;
      }
      if (best == static_cast<int>(groups_.size())) groups_.emplace_back();
      groups_[best].insert(groups_[best].end(), pieces[p].begin(), pieces[p].end());
      Own(best);
    }
  }

  const AtomGraph& graph_;
  const LoadRule rule_;
  Bisector bisector_;
  std::vector<std::vector<int>>& groups_;
  std::vector<int> group_of_;
};

}  // namespace

void Repair(const AtomGraph& graph, const LoadRule& rule, const std::function<bool()>& stopped,
            std::vector<std::vector<int>>* groups) {
  Repairer(graph, rule, groups).Run(stopped);
}

}  // namespace snowfield::geo
