#include "geo/cut/first_split.h"

#include <metis.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "geo/cut/bisect.h"
#include "geo/cut/cut_mender.h"

// METIS draws from the C library's rand(), whose one state all libraries of a process share: gRPC's threads draw from
// it too, and the same seed would give other turfs. These take its place in the whole program, with a state for each
// thread and the same numbers.
namespace {
struct RandomState {
  RandomState() { initstate_r(1, bytes, sizeof bytes, &data); }
  random_data data{};
  char bytes[128]{};  // as many as rand() has
};
thread_local RandomState random_state;
}  // namespace
extern "C" void srand(unsigned int seed) noexcept { srandom_r(seed, &random_state.data); }
extern "C" int rand() noexcept {
  int32_t number = 0;
  random_r(&random_state.data, &number);
  return number;
}

namespace snowfield::geo {
namespace {

// Parting costs in whole numbers.
constexpr double kPartingUnits = 1'000;
// Parts may be this many thousandths above the mean load.
constexpr idx_t kUnevenness = 30;
constexpr int kTurfsAtOnce = 256;

std::mutex& MetisMutex() {
  static std::mutex mutex;
  return mutex;
}

// The part of each of the cell's atoms; empty where METIS has no answer. `local`: -1 but for these.
std::vector<idx_t> PartsByMetis(const AtomGraph& graph, const std::vector<int>& atoms, const std::vector<int>& local,
                                int turfs, uint64_t seed) {
  std::vector<idx_t> starts{0}, neighbours, partings, loads;
  for (const int atom : atoms) {
    for (const AtomEdge* edge = graph.Begin(atom); edge != graph.End(atom); ++edge) {
      if (local[edge->to] < 0) continue;
      neighbours.push_back(local[edge->to]);
      partings.push_back(1 + static_cast<idx_t>(std::lround(kPartingUnits * PartingCost(edge->distance_m))));
    }
    starts.push_back(static_cast<idx_t>(neighbours.size()));
    loads.push_back(std::max(1, graph.atoms[atom].load));
  }
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = static_cast<idx_t>(seed % 1'000'000);
  options[METIS_OPTION_CONTIG] = 1;
  options[METIS_OPTION_UFACTOR] = kUnevenness;
  auto count = static_cast<idx_t>(atoms.size());
  idx_t constraints = 1, cut = 0;
  idx_t parts = turfs;
  std::vector<idx_t> part(atoms.size(), 0);
  const std::lock_guard lock(MetisMutex());
  const int status = METIS_PartGraphKway(&count, &constraints, starts.data(), neighbours.data(), loads.data(), nullptr,
                                         partings.data(), &parts, nullptr, nullptr, options, &cut, part.data());
  if (status != METIS_OK) part.clear();
  return part;
}

class CellSplitter {
 public:
  CellSplitter(const AtomGraph& graph, const LoadRule& rule, uint64_t seed)
      : graph_(graph), rule_(rule), seed_(seed), local_(graph.atoms.size(), -1), bisector_(graph, rule) {}

  // Of many turfs first some large parts are made, then turfs of each: far quicker than all turfs at once.
  void Split(const std::vector<int>& atoms) {
    const int turfs = CountTurfs(LoadOf(graph_, atoms), rule_).turfs;
    if (turfs == 1 || atoms.size() == 1) {
      groups.push_back(atoms);
      return;
    }
    const bool large = turfs > kTurfsAtOnce;
    std::vector<std::vector<int>> parts = Part(atoms, large ? (turfs + kTurfsAtOnce - 1) / kTurfsAtOnce : turfs);
    if (parts.empty()) parts = bisector_.Split(atoms, large ? 2 : turfs);
    for (std::vector<int>& part : parts) {
      if (large) {
        Split(part);
      } else {
        bisector_.AppendInTurfs(std::move(part), &groups);  // connected parts are not always even ones
      }
    }
  }

  std::vector<std::vector<int>> groups;

 private:
  // None where METIS leaves a part empty.
  std::vector<std::vector<int>> Part(const std::vector<int>& atoms, int count) {
    for (size_t i = 0; i < atoms.size(); ++i) local_[atoms[i]] = static_cast<int>(i);
    const std::vector<idx_t> part = PartsByMetis(graph_, atoms, local_, count, seed_);
    for (const int atom : atoms) local_[atom] = -1;
    std::vector<std::vector<int>> parts(count);
    for (size_t i = 0; i < part.size(); ++i) parts[part[i]].push_back(atoms[i]);
    if (std::any_of(parts.begin(), parts.end(), [](const std::vector<int>& p) { return p.empty(); })) parts.clear();
    return parts;
  }

  const AtomGraph& graph_;
  const LoadRule rule_;
  const uint64_t seed_;
  std::vector<int> local_;
  Bisector bisector_;
};

}  // namespace

std::vector<std::vector<int>> CellsOf(const AtomGraph& graph) {
  std::vector<std::vector<int>> cells(graph.cell_count);
  for (int atom = 0; atom < static_cast<int>(graph.atoms.size()); ++atom) cells[graph.cell[atom]].push_back(atom);
  return cells;
}

std::vector<std::vector<int>> FirstSplit(const AtomGraph& graph, const LoadRule& rule,
                                         const std::vector<std::vector<int>>& cells, uint64_t seed,
                                         const std::function<bool()>& stopped) {
  CellSplitter splitter(graph, rule, seed);
  for (const std::vector<int>& cell : cells) {
    if (stopped && stopped()) break;
    if (graph.atoms[cell.front()].whole_turf) {
      splitter.groups.push_back(cell);
    } else {
      splitter.Split(cell);
    }
  }
  return std::move(splitter.groups);
}

}  // namespace snowfield::geo
