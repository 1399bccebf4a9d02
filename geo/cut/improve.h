// Improve: shortens the walks of a whole cut and mends its balance, on all cores. Internal to geo/cut.
//
// The map is divided into parts of some dozens of turfs; each is searched on its own (RuinAndRecreate) and then the map
// is divided along other lines, while the search cools down. Parts have their own random numbers, so that the answer
// does not depend on the number of threads. Thread safety: pure.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "geo/cut/atoms.h"
#include "geo/cut/near_table.h"

namespace snowfield::geo {

struct ImproveOptions {
  double steps_per_atom = 0;
  // Temperatures as shares of the mean link between atoms; Improve begins hotter where it has many steps.
  double first_heat = 0.5;
  double last_heat = 0.02;
  int threads = 1;
  uint64_t seed = 1;
  // About bad turfs: doors stay where they are as far as the bounds allow, and a turf that IsAsBefore is not bad.
  bool keep = false;
  std::function<bool()> stopped;
  std::function<void(double fraction)> progress;
};

// Steps that the time for a cut of so many atoms allows: a large cut gets fewer for each.
double StepsPerAtom(size_t atoms);

// Changes `groups` in place: one a turf, whole turfs stay as they are. Their number may change where the bounds ask for
// it. Each group that was connected stays so, or comes out with a lower price for it (see TurfPlan).
void Improve(const AtomGraph& graph, const NearTable& near, const LoadRule& rule, const ImproveOptions& options,
             std::vector<std::vector<int>>* groups);

// Searches longer about each turf that is out of bounds or in pieces, among the turfs round about, and keeps what is
// better for it. For what Improve leaves; the same options, but on one thread.
void SearchAboutBad(const AtomGraph& graph, const NearTable& near, const LoadRule& rule, const ImproveOptions& options,
                    std::vector<std::vector<int>>* groups);

}  // namespace snowfield::geo
