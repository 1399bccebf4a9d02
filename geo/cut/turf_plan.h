// TurfPlan: turfs as walks over atoms, and what they are worth. Internal to geo/cut.
//
// A turf's price, in metres: its walk (links between atoms and the atoms' own spans), what it is out of bounds, what
// its pieces do harm, how large its hull is, and how far its doors lie from their middle. The walk weighs least and the
// sizes most where they are out of bounds, so that a search for a lower price mends soundness first; see PlanPrices.
// Turfs with small hulls stand in each other's way the least: they are what keeps doors of one out of another, and cost
// a strip of street nothing, as the distance from the middle does.
// Thread safety: turfs of different parts (SetPart) may be changed from different threads; nothing is read of atoms of
// another part that can change.
#pragma once

#include <cstdint>
#include <vector>

#include "geo/cut/atoms.h"
#include "geo/cut/near_table.h"

namespace snowfield::geo {

// An atom as it is walked: from its first stop to its last, or back.
struct Visit {
  int atom = 0;
  bool reversed = false;
  float link_m = 0;  // the way from the visit before; 0 for the first
  int EnterEnd() const { return reversed ? 1 : 0; }
  int LeaveEnd() const { return reversed ? 0 : 1; }
};

struct PlanTurf {
  std::vector<Visit> visits;
  double walk_m = 0;
  int64_t load = 0;  // without what is walked where the rule counts it
  int pieces = 0;
  // Of its doors' places, each atom's at its centre: count, sums, and sum of squares.
  double doors = 0, x = 0, y = 0, squares = 0;
  double hull_m = 0;          // the side of a square as large as the convex hull of its atoms' ends
  double held_elsewhere = 0;  // doors that another turf is to hold (TurfPlan::HoldDoors)
};

// In metres of walking.
struct PlanPrices {
  double out = 0;         // a turf out of bounds
  double outside = 0;     // and as much outside as one target
  double off_target = 0;  // as much off the target as one target, squared
  double piece = 0;       // a piece too many
  double hull = 0;        // a metre of the side of a square as large as the hull
  double spread = 0;      // a metre of the doors' mean distance (root mean square) from their middle
  double moved = 0;       // a door that another turf is to hold
  // Prices for turfs that walk `walk_m` in the mean. The factors were chosen on Washington DC and on a generated
  // county.
  static PlanPrices For(double walk_m, double spread_m);
};

class TurfPlan {
 public:
  // Each group is put in some order of walking. All are kept by reference and must outlive the plan.
  TurfPlan(const AtomGraph& graph, const NearTable& near, const LoadRule& rule,
           const std::vector<std::vector<int>>& groups);

  const AtomGraph& graph() const { return graph_; }
  const NearTable& near() const { return near_; }
  const LoadRule& rule() const { return rule_; }
  const PlanPrices& prices() const { return prices_; }
  std::vector<PlanTurf>& turfs() { return turfs_; }
  const std::vector<PlanTurf>& turfs() const { return turfs_; }
  // -1 where an atom is out of the plan for the moment.
  int TurfOf(int atom) const { return turf_of_[atom]; }
  int PlaceOf(int atom) const { return place_of_[atom]; }
  bool SamePart(int atom, int other) const { return part_of_[atom] == part_of_[other]; }
  // From here on it has its price that a door, unless it is new in this cut, goes to another turf than it is in now.
  void HoldDoors();
  // The turf's atoms become the part's.
  void SetPart(int turf, int part);

  double Price(const PlanTurf& turf) const;
  // With what is walked where the rule counts it.
  int64_t LoadOf(const PlanTurf& turf) const { return turf.load + static_cast<int64_t>(rule_.per_metre * turf.walk_m); }
  // What it adds to the price that a turf becomes larger by an atom and `walk_m`; pieces, the hull and held doors not
  // looked at.
  double PriceOfMore(const PlanTurf& turf, int atom, double walk_m) const;
  // What it adds that the atom is in the turf, where doors are held.
  double PriceOfMove(int atom, int turf) const {
    return IsHeldElsewhere(atom, turf) ? prices_.moved * graph_.atoms[atom].door_count : 0;
  }
  float LinkBetween_m(const Visit& from, const Visit& to) const {
    return near_.Cost_m(from.atom, from.LeaveEnd(), to.atom, to.EnterEnd());
  }
  // What it adds to the walk to put a visit before the turf's visit at `place` (its size: at the end).
  double InsertionCost_m(const PlanTurf& turf, int place, const Visit& visit) const;

  void Insert(int turf, int place, const Visit& visit);
  // Takes out `count` visits from `place` on.
  void Remove(int turf, int place, int count);
  // Puts a turf back as it was. Turfs that exchanged atoms since must all be put back.
  void Restore(int turf, const PlanTurf& before);
  // After Insert and Remove: brings its pieces and its hull up to date.
  void Survey(int turf);
  bool HasNeighbourIn(int atom, int turf) const;

  double MeanWalk_m() const;
  double MeanSpread_m() const;
  double MeanLink_m() const;
  static std::vector<int> AtomsOf(const PlanTurf& turf);
  // The turfs' atoms, without empty turfs.
  std::vector<std::vector<int>> Groups() const;

 private:
  double FeesOf(const PlanTurf& turf, double walk_m, int64_t load) const;
  double SpreadOf(double doors, double x, double y, double squares) const;
  bool IsHeldElsewhere(int atom, int turf) const {
    return !held_in_.empty() && held_in_[atom] >= 0 && held_in_[atom] != turf;
  }
  void AddToSums(int atom, int sign, int turf);
  // Brings the link to the visit at `place`, where there is one, up to date.
  void SetLink(int place, PlanTurf* turf) const;
  void CountPieces(int turf);
  void Reindex(int turf, int from);

  const AtomGraph& graph_;
  const NearTable& near_;
  const LoadRule rule_;  // by minutes: a little narrower than asked for
  PlanPrices prices_;
  std::vector<PlanTurf> turfs_;
  std::vector<int> turf_of_, place_of_, part_of_;
  std::vector<int> held_in_;  // the turf that is to hold an atom, -1 any; empty: none is held
};

}  // namespace snowfield::geo
