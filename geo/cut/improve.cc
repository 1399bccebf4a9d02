#include "geo/cut/improve.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "geo/cut/place_parts.h"
#include "geo/cut/ruin_recreate.h"
#include "geo/cut/turf_plan.h"
#include "geo/frame/parallel.h"

namespace snowfield::geo {
namespace {

constexpr int kPhases = 10;
constexpr int kPartTurfsMax = 80;
// Steps that a cut of any size gets for each atom, and how many there are in all to be shared out on top.
constexpr double kStepsMin = 4;
constexpr double kStepsMax = 60;
constexpr double kStepsShared = 400'000;

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

}  // namespace

double StepsPerAtom(size_t atoms) {
  return std::min(kStepsMax, kStepsMin + kStepsShared / static_cast<double>(std::max<size_t>(1, atoms)));
}

void Improve(const AtomGraph& graph, const NearTable& near, const LoadRule& rule, const ImproveOptions& options,
             std::vector<std::vector<int>>* groups) {
  std::vector<std::vector<int>> wholes, open;
  for (std::vector<int>& group : *groups) {
    (graph.atoms[group.front()].whole_turf ? wholes : open).push_back(std::move(group));
  }
  TurfPlan plan(graph, near, rule, open);
  std::vector<RuinRecreate> searches;
  for (int t = 0; t < options.threads; ++t) searches.emplace_back(&plan);
  const double link_m = plan.MeanLink_m();
  const double first_m = options.first_heat * link_m, last_m = options.last_heat * link_m;
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

}  // namespace snowfield::geo
