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

}  // namespace

std::vector<std::vector<int>> CellsOf(const AtomGraph& graph) {
  std::vector<std::vector<int>> cells(graph.cell_count);
  for (int atom = 0; atom < static_cast<int>(graph.atoms.size()); ++atom) cells[graph.cell[atom]].push_back(atom);
  return cells;
}

std::vector<std::vector<int>> FirstSplit(const AtomGraph& graph, const LoadRule& rule,
                                         const std::vector<std::vector<int>>& cells, uint64_t seed,
                                         const std::function<bool()>& stopped) {
  std::vector<int> local(graph.atoms.size(), -1);
  Bisector bisector(graph, rule);
  std::vector<std::vector<int>> groups;
  for (const std::vector<int>& cell : cells) {
    if (stopped && stopped()) break;
    const int turfs = graph.atoms[cell.front()].whole_turf ? 1 : CountTurfs(LoadOf(graph, cell), rule).turfs;
    if (turfs == 1 || cell.size() == 1) {
      groups.push_back(cell);
      continue;
    }
    for (size_t i = 0; i < cell.size(); ++i) local[cell[i]] = static_cast<int>(i);
    const std::vector<idx_t> part = PartsByMetis(graph, cell, local, turfs, seed);
    for (const int atom : cell) local[atom] = -1;
    std::vector<std::vector<int>> split(turfs);
    for (size_t i = 0; i < part.size(); ++i) split[part[i]].push_back(cell[i]);
    if (std::any_of(split.begin(), split.end(), [](const std::vector<int>& group) { return group.empty(); })) {
      split = bisector.Split(cell, turfs);
    }
    // Connected parts are not always even ones.
    for (std::vector<int>& group : split) bisector.AppendInTurfs(std::move(group), &groups);
  }
  return groups;
}

}  // namespace snowfield::geo
