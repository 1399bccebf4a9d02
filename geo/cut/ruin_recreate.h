// RuinRecreate: lowers the price of a few turfs that lie together, by taking atoms out and putting them back better.
// Internal to geo/cut.
//
// SISR (Christiaens and Vanden Berghe, "Slack Induction by String Removals", Transportation Science 2020): each step
// takes strings of visits out of turfs about one atom, puts each atom back where it costs least (now and then passing
// over a place), and keeps the outcome by simulated annealing. Here visits have two ends, places are looked for among
// the near atoms only, and a turf's price holds more than its walk (TurfPlan).
// Thread safety: a RuinRecreate holds scratch space and belongs to one thread; it changes the turfs of one part of the
// plan at a time, while others may work on other parts.
#pragma once

#include <memory>
#include <vector>

#include "geo/cut/turf_plan.h"
#include "geo/frame/random.h"

namespace snowfield::geo {

// Temperatures in metres; the first falls to the last geometrically over the steps.
struct Cooling {
  double first_m = 0;
  double last_m = 0;
};

class RuinRecreate {
 public:
  explicit RuinRecreate(TurfPlan* plan);
  ~RuinRecreate();
  RuinRecreate(RuinRecreate&&) noexcept;
  // `turfs` are all of one part, and one or more of them may be empty: an atom may then found a turf of its own.
  void Run(const std::vector<int>& turfs, int steps, const Cooling& cooling, Random random);

 private:
  class Search;
  std::unique_ptr<Search> search_;
};

}  // namespace snowfield::geo
