// CutMender: makes both sides of a bisection connected and brings their loads back into range. Internal to geo/cut.
//
// Pieces apart from the largest of their side go over; then atoms on the line go over one by one, the cheapest to part
// first, never one that holds its own side together (Fiduccia and Mattheyses 1982, with a connectivity guard).
// Thread safety: holds scratch space; belongs to one thread.
#pragma once

#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

struct SideRange;

// What it costs to part two neighbours: most for those that are near.
inline double PartingCost(float distance_m) { return 30.0 / (distance_m + 15.0); }

class CutMender {
 public:
  explicit CutMender(const AtomGraph& graph);
  // `order` holds all atoms, the first `cut` of them one side. Reorders it; returns the new length of the first side.
  int Mend(std::vector<int>* order, int cut, const SideRange& range);

 private:
  void SendPiecesOver(const std::vector<int>& atoms, int side);
  void Balance(const std::vector<int>& atoms, const SideRange& range);
  bool HoldsTogether(int atom);
  double PriceToMove(int atom) const;

  const AtomGraph& graph_;
  std::vector<int> side_;  // 0, 1; -1 for atoms not of this set
  std::vector<int> seen_;  // stamps
  int stamp_ = 0;
};

}  // namespace snowfield::geo
