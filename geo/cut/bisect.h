// Bisect: the first split of a cell's atoms into turfs, by recursive bisection. Internal to geo/cut.
//
// Each step sweeps the atoms in several orders (directions of the plane, and graph distance between far ends) and cuts
// each order where the doors of the two sides can make whole numbers of turfs in bounds; the cut with connected sides
// and the least cut weight wins (sweep cuts: Simon 1991 compares such orders). n log n for a fixed number of orders.
// Thread safety: pure.
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

// How many turfs a set of doors makes; `fits` where all of them can be in bounds.
struct TurfCount {
  int turfs = 1;
  bool fits = true;
};
TurfCount CountTurfs(int doors, const DoorBounds& bounds, int target);

// The doors that the first of two sides may hold when the whole of `doors` makes `turfs` turfs.
struct SideRange {
  int low = 0;
  int high = 0;
};
SideRange RangeOfFirstSide(int doors, int turfs, int first_turfs, const DoorBounds& bounds);

// Splits sets of atoms; holds scratch space for one thread.
class Bisector {
 public:
  Bisector(const AtomGraph& graph, const DoorBounds& bounds, int target);
  ~Bisector();
  // `atoms` (none a whole turf) into groups for `turfs` turfs.
  std::vector<std::vector<int>> Split(const std::vector<int>& atoms, int turfs);

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// Groups of atoms, one a turf, neighbouring groups near each other; cell by cell.
std::vector<std::vector<int>> SplitCells(const AtomGraph& graph, const DoorBounds& bounds, int target,
                                         const std::function<bool()>& stopped);

// Orders of atoms worth cutting: ten, fewer for small sets. `local[atom]` is scratch of atoms.size(), all -1 before and
// after.
std::vector<std::vector<int>> SweepOrders(const AtomGraph& graph, const std::vector<int>& atoms,
                                          std::vector<int>* local);

}  // namespace snowfield::geo
