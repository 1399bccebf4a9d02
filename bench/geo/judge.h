// Judge: one measure for every split of the doors into turfs, ours and the baselines'.
//
// Every split is walked by the same solver on the same network, and looked at on the same graph of stops. What is
// counted follows the six qualities of a cut; see Verdict.
// Thread safety: a Judge belongs to one thread; Measure uses `threads` threads of its own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "bench/geo/data_set.h"
#include "geo/cut/atoms.h"
#include "geo/cut/ground.h"

namespace snowfield::bench {

struct JudgeOptions {
  int target_doors = geo::kTargetDoorsDefault;
  int threads = 1;
  bool shapes = true;   // compactness needs a polygon for each turf
  bool centre = false;  // also walk with crossings free
};

// Lower and upper parts of a set of values.
struct Spread {
  double p10 = 0, median = 0, p90 = 0, p99 = 0;
};

struct Verdict {
  // Sound.
  int doors = 0;
  int turfs = 0;
  int doors_lost = 0;  // in no turf
  // Balanced: shares of turfs in target -/+ 10 % and -/+ 25 %, and sizes.
  double in_10 = 0;
  double in_25 = 0;
  int smallest = 0, median = 0, largest = 0;
  // Walkable.
  double connected = 0;        // share of turfs walkable in one piece through no other turf's ground
  int barrier_leg_turfs = 0;   // turfs with a leg over a barrier that the network does not go round
  int two_boundary_turfs = 0;  // turfs with doors in two boundaries
  // Short: metres on the network, first door to last, per door; the same with what crossings are worth; and the same on
  // the streets' middle lines with crossings free (0 where not asked for). The spread is that of the turfs' m/door.
  double m_per_door = 0;
  double cost_m_per_door = 0;
  double centre_m_per_door = 0;
  Spread turf_m_per_door;
  // Compact: doors inside the convex hull of a turf that is not theirs, as a share of the doors, and each time counted;
  // means over turfs of a polygon drawn alike for all.
  double foreign = 0;
  double foreign_times = 0;
  double polsby_popper = 0;
  double area_over_hull = 0;
};

// Of a stop on a street: the stops before and after it on the other side, -1 where there is none.
struct FacedStops {
  int before = -1;
  int after = -1;
};
std::vector<FacedStops> FindFacedStops(const std::vector<geo::GroundStop>& stops);

class Judge {
 public:
  // Places the doors on the streets. `set` must outlive the judge.
  static absl::StatusOr<Judge> Of(const DataSet& set, const JudgeOptions& options);

  // `part[i]`: the turf of input.doors[i], any numbers from 0; below 0: in none.
  absl::StatusOr<Verdict> Measure(const std::vector<int>& part) const;

  // Metres per door of turfs whose stops are walked in the order given, as `list[turf]` of indices of stops, and of the
  // same turfs in the solver's order.
  struct Ordered {
    double given_m_per_door = 0;
    double solver_m_per_door = 0;
  };
  Ordered MeasureOrders(const std::vector<std::vector<int>>& list) const;

  const geo::Ground& ground() const { return *ground_; }
  // A split of the stops as one of the doors.
  std::vector<int> PartOfDoors(const std::vector<int>& part_of_stop) const;

 private:
  struct Members;  // of one turf
  Judge(const DataSet& set, const JudgeOptions& options) : set_(&set), options_(options) {}
  std::vector<Members> Group(const std::vector<int>& part, Verdict* verdict) const;
  void MeasureBalance(const std::vector<Members>& turfs, Verdict* verdict) const;
  void MeasureWalks(const std::vector<Members>& turfs, Verdict* verdict) const;
  void MeasureGround(const std::vector<Members>& turfs, Verdict* verdict) const;
  void MeasureForeign(const std::vector<Members>& turfs, Verdict* verdict) const;
  absl::Status MeasureShapes(const std::vector<int>& part, int turf_count, Verdict* verdict) const;

  const DataSet* set_;
  JudgeOptions options_;
  std::unique_ptr<geo::Ground> ground_;
  // A stop is an atom of its own. Without boundaries, and where there are some, with.
  geo::AtomGraph plain_;
  geo::AtomGraph bounded_;
  std::vector<int> plain_atom_, bounded_atom_;  // of each stop
  std::vector<FacedStops> faced_;               // of each stop
};

}  // namespace snowfield::bench
