// CutDiff: what changes from one cut of a pass to another, turf by turf.
// Thread safety: pure. n log n in the doors.
#pragma once

#include <vector>

#include "db/store/cut_store.h"
#include "geo/cut/turf_identity.h"

namespace snowfield::turf {

// A turf of the new cut, or a turf of the old one that ends.
struct TurfDiff {
  int turf = -1;         // place in CutDiff::after; -1: the old turf ends
  int predecessor = -1;  // place in CutDiff::before; -1: it stands on no turf's ground
  // Of a turf that ends: only `left` and `gone_doors`. Its flows name turfs by their places.
  geo::TurfChange change;
  bool same_walk = false;  // the same doors in the same order
};

struct CutDiff {
  std::vector<db::TurfDoors> before;
  std::vector<db::TurfDoors> after;
  std::vector<TurfDiff> turfs;  // those of `after` by number, then those that end by number
};

CutDiff MakeDiff(std::vector<db::TurfDoors> before, std::vector<db::TurfDoors> after);

// The doors alone, as geo takes them.
std::vector<std::vector<base::DoorId>> DoorsOf(const std::vector<db::TurfDoors>& turfs);

}  // namespace snowfield::turf
