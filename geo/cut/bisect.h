// Bisect: splits a set of atoms into turfs by recursive bisection; for small sets that are cut anew: what is repaired,
// what is split by hand, and what METIS leaves. Internal to geo/cut.
//
// Each step sweeps the atoms in several orders (directions of the plane, and graph distance between far ends) and cuts
// each order where the loads of the two sides can make whole numbers of turfs in bounds; the cut with connected sides
// and the least cut weight wins (sweep cuts: Simon 1991 compares such orders). n log n for a fixed number of orders.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// How many turfs a load makes; `fits` where all of them can be in bounds.
struct TurfCount {
  int turfs = 1;
  bool fits = true;
};
TurfCount CountTurfs(int64_t load, const LoadRule& rule);

// Of each cell: 1 where its atoms can make whole turfs in bounds. Where not, the map excuses a turf that is out.
std::vector<char> FittingCells(const AtomGraph& graph, const LoadRule& rule);

// What the first of two sides may hold when the whole of `load` makes `turfs` turfs.
struct SideRange {
  int64_t low = 0;
  int64_t high = 0;
};
SideRange RangeOfFirstSide(int64_t load, int turfs, int first_turfs, const LoadRule& rule);

// Splits sets of atoms; holds scratch space for one thread.
class Bisector {
 public:
  Bisector(const AtomGraph& graph, const LoadRule& rule);
  ~Bisector();
  // `atoms` (none a whole turf) into groups for `turfs` turfs; fewer where there are fewer atoms.
  std::vector<std::vector<int>> Split(const std::vector<int>& atoms, int turfs);
  // Appends the atoms as one group; as several where they are as much as a turf and a half.
  void AppendInTurfs(std::vector<int> atoms, std::vector<std::vector<int>>* groups);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

}  // namespace snowfield::geo
