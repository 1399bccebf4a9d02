#include "geo/cut/improve.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "geo/cut/bisect.h"
#include "geo/cut/place_parts.h"
#include "geo/cut/ruin_recreate.h"
#include "geo/cut/turf_plan.h"
#include "geo/frame/parallel.h"

namespace snowfield::geo {
namespace {

constexpr int kPhases = 10;
constexpr int kPartTurfsMax = 80;
// Steps for each atom: so many up to the size of a city, and ever fewer beyond, so that a county of a million doors is
// searched about as long as it takes to partition it.
constexpr double kStepsMin = 0.5;
constexpr double kStepsMax = 60;
constexpr double kCityAtoms = 20'000;
constexpr double kStepsFall = 1.5;
// The more steps, the hotter the search begins, as a share of the mean link.
constexpr double kStepsPerHeat = 15;
constexpr double kHeatMax = 4;
// About bad turfs: how many turfs are searched at once, steps for each bad one, and steps in all.
constexpr size_t kAboutTurfs[] = {8, 14, 20, 30};  // round by round
constexpr int kAboutStepsMin = 500;
constexpr int kAboutStepsMax = 20'000;
constexpr int kAboutStepsShared = 50'000;

// Turfs of the plan by parts of the map; each part has an empty turf at hand.
std::vector<std::vector<int>> DivideMap(Random random, TurfPlan* plan) {
  std::vector<PointM> places;
  std::vector<int> turf_of_place;
  std::vector<int> empty;
  for (int t = 0; t < static_cast<int>(plan->turfs().size()); ++t) {
    const PlanTurf& turf = plan->turfs()[t];
    if (turf.visits.empty()) {
      empty.push_back(t);
    } else {
      places.push_back({turf.x / turf.doors, turf.y / turf.doors});
      turf_of_place.push_back(t);
    }
  }
  std::vector<std::vector<int>> parts = PlaceParts(places, kPartTurfsMax, &random);
  for (size_t p = 0; p < parts.size(); ++p) {
    for (int& turf : parts[p]) {
      turf = turf_of_place[turf];
      plan->SetPart(turf, static_cast<int>(p));
    }
    if (empty.empty()) {
      empty.push_back(static_cast<int>(plan->turfs().size()));
      plan->turfs().emplace_back();
    }
    parts[p].push_back(empty.back());
    empty.pop_back();
  }
  return parts;
}

// Whole turfs are not searched.
std::vector<std::vector<int>> TakeWholes(const AtomGraph& graph, std::vector<std::vector<int>>* groups) {
  const auto first_whole = std::stable_partition(groups->begin(), groups->end(), [&](const std::vector<int>& group) {
    return !graph.atoms[group.front()].whole_turf;
  });
  std::vector<std::vector<int>> wholes(std::make_move_iterator(first_whole), std::make_move_iterator(groups->end()));
  groups->erase(first_whole, groups->end());
  return wholes;
}

// The turf and those round about, nearest first by the number of steps from turf to turf.
std::vector<int> TurfsAbout(const TurfPlan& plan, int turf, size_t most) {
  const AtomGraph& graph = plan.graph();
  std::vector<int> list{turf};
  for (size_t i = 0; i < list.size() && list.size() < most; ++i) {
    for (const Visit& visit : plan.turfs()[list[i]].visits) {
      for (const AtomEdge* edge = graph.Begin(visit.atom); edge != graph.End(visit.atom); ++edge) {
        const int other = plan.TurfOf(edge->to);
        if (other >= 0 && std::find(list.begin(), list.end(), other) == list.end()) list.push_back(other);
      }
    }
  }
  return list;
}

// What is wrong with some turfs: pieces too many, turfs out of bounds, and how far.
std::array<int64_t, 3> BadnessOf(const TurfPlan& plan, const std::vector<int>& turfs) {
  std::array<int64_t, 3> bad{};
  for (const int t : turfs) {
    const PlanTurf& turf = plan.turfs()[t];
    if (turf.visits.empty()) continue;
    const int64_t outside = plan.rule().Outside(plan.LoadOf(turf));
    bad[0] += turf.pieces - 1;
    bad[1] += outside > 0 ? 1 : 0;
    bad[2] += outside;
  }
  return bad;
}

class BadSearcher {
 public:
  BadSearcher(const ImproveOptions& options, TurfPlan* plan) : options_(options), plan_(*plan), search_(plan) {
    const double link_m = plan->MeanLink_m();
    cooling_ = {options.first_heat * link_m, options.last_heat * link_m};
    cell_fits_ = FittingCells(plan->graph(), plan->rule());
    if (options.keep) plan->HoldDoors();
  }

  void Run(int round) {
    std::vector<int> bad;
    for (int t = 0; t < static_cast<int>(plan_.turfs().size()); ++t) {
      if (IsBad(t)) bad.push_back(t);
    }
    if (bad.empty()) return;
    const int steps = std::clamp(kAboutStepsShared / static_cast<int>(bad.size()), kAboutStepsMin, kAboutStepsMax);
    for (const int turf : bad) {
      if (options_.stopped && options_.stopped()) return;
      if (IsBad(turf)) SearchAbout(turf, round, steps);
    }
  }

 private:
  // In pieces, or out of bounds where its cell could be cut into turfs in bounds.
  bool IsBad(int t) const {
    const PlanTurf& turf = plan_.turfs()[t];
    if (turf.visits.empty()) return false;
    const bool fits = cell_fits_[plan_.graph().cell[turf.visits.front().atom]] != 0;
    if (turf.pieces == 1 && (!fits || plan_.rule().Outside(plan_.LoadOf(turf)) == 0)) return false;
    return !IsAsBefore(plan_.graph(), plan_.AtomsOf(turf));
  }

  void SearchAbout(int turf, int round, int steps) {
    const std::vector<int> about = TurfsAbout(plan_, turf, kAboutTurfs[round]);
    if (about.size() < 2) return;
    std::vector<PlanTurf> saved;
    for (const int t : about) {
      saved.push_back(plan_.turfs()[t]);
      plan_.SetPart(t, 1);
    }
    const auto before = BadnessOf(plan_, about);
    search_.Run(about, steps, cooling_, Random(options_.seed, kPhases + round, turf));
    for (const int t : about) plan_.SetPart(t, 0);
    if (BadnessOf(plan_, about) < before) return;
    for (size_t i = 0; i < about.size(); ++i) plan_.Restore(about[i], saved[i]);
  }

  const ImproveOptions& options_;
  TurfPlan& plan_;
  RuinRecreate search_;
  Cooling cooling_;
  std::vector<char> cell_fits_;
};

}  // namespace

double StepsPerAtom(size_t atoms) {
  const double cities = std::max(1.0, static_cast<double>(atoms) / kCityAtoms);
  return kStepsMin + (kStepsMax - kStepsMin) / std::pow(cities, kStepsFall);
}

void Improve(const AtomGraph& graph, const NearTable& near, const LoadRule& rule, const ImproveOptions& options,
             std::vector<std::vector<int>>* groups) {
  std::vector<std::vector<int>> wholes = TakeWholes(graph, groups);
  TurfPlan plan(graph, near, rule, *groups);
  std::vector<RuinRecreate> searches;
  for (int t = 0; t < options.threads; ++t) searches.emplace_back(&plan);
  const double link_m = plan.MeanLink_m();
  const double first_m = std::clamp(options.steps_per_atom / kStepsPerHeat, options.first_heat, kHeatMax) * link_m;
  const double last_m = options.last_heat * link_m;
  for (int phase = 0; phase < kPhases; ++phase) {
    const auto heat = [&](int p) { return first_m * std::pow(last_m / first_m, static_cast<double>(p) / kPhases); };
    const Cooling cooling{heat(phase), heat(phase + 1)};
    const std::vector<std::vector<int>> parts = DivideMap(Random(options.seed, phase, 0), &plan);
    const bool finished =
        ParallelFor(options.threads, static_cast<int>(parts.size()), 1, options.stopped, [&](int thread, int part) {
          size_t atoms = 0;
          for (const int turf : parts[part]) atoms += plan.turfs()[turf].visits.size();
          const auto steps =
              static_cast<int>(std::lround(options.steps_per_atom * static_cast<double>(atoms) / kPhases));
          searches[thread].Run(parts[part], steps, cooling, Random(options.seed, phase, part + 1));
        });
    if (!finished) break;
    if (options.progress) options.progress(static_cast<double>(phase + 1) / kPhases);
  }
  *groups = plan.Groups();
  groups->insert(groups->end(), std::make_move_iterator(wholes.begin()), std::make_move_iterator(wholes.end()));
}

void SearchAboutBad(const AtomGraph& graph, const NearTable& near, const LoadRule& rule, const ImproveOptions& options,
                    std::vector<std::vector<int>>* groups) {
  std::vector<std::vector<int>> wholes = TakeWholes(graph, groups);
  TurfPlan plan(graph, near, rule, *groups);
  BadSearcher searcher(options, &plan);
  for (int round = 0; round < static_cast<int>(std::size(kAboutTurfs)); ++round) searcher.Run(round);
  *groups = plan.Groups();
  groups->insert(groups->end(), std::make_move_iterator(wholes.begin()), std::make_move_iterator(wholes.end()));
}

}  // namespace snowfield::geo
