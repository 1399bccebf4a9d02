// Turf identity: which turf of a new cut stands on the ground of which turf of an old one, and which doors moved.
//
// Leaders and volunteers know a turf by its number; a re-cut that gave every turf another number would cost them what
// they know of their ground. So identity follows the doors.
// Thread safety: pure. The answer does not depend on the order of turfs, or of the doors in them, except that it names
// turfs by their places in the lists. n log n in the doors.
#pragma once

#include <vector>

#include "base/ids.h"

namespace snowfield::geo {

// Doors that a turf shares with one of the other cut.
struct DoorFlow {
  int turf = -1;  // place in the other cut's list
  int doors = 0;
};

// One turf of the new cut. kept + came + new_doors are its doors; kept + left + gone_doors are its predecessor's.
struct TurfChange {
  int predecessor = -1;        // place in `before`; -1: it stands on no turf's ground
  int kept = 0;                // doors it has from its predecessor
  std::vector<DoorFlow> came;  // doors from other old turfs, most doors first
  int new_doors = 0;           // doors that were in no turf before
  std::vector<DoorFlow> left;  // the predecessor's doors in other new turfs, most doors first
  int gone_doors = 0;          // the predecessor's doors that are in no turf now

  // It has its predecessor's doors, all of them, and no others.
  bool SameDoors() const {
    return predecessor >= 0 && came.empty() && new_doors == 0 && left.empty() && gone_doors == 0;
  }
};

// A turf of the old cut whose ground no new turf stands on. went + gone_doors are its doors.
struct EndedTurf {
  int turf = -1;               // place in `before`
  std::vector<DoorFlow> went;  // to which new turfs, most doors first
  int gone_doors = 0;
};

struct TurfMatch {
  std::vector<TurfChange> turfs;  // one for each of `after`
  std::vector<EndedTurf> ended;   // in order of `before`
};

// One to one, the pair with most doors in common first (ties: the lower door id in common), so that no two turfs would
// both rather be matched with one another than as they are: a stable matching, and at least half of the doors in common
// that the best assignment has (Preis, STACS 1999). A pair counts only where it shares at least half of the doors,
// among those in both cuts, of one of the two: a turf does not take its number from three doors at its edge. A door is
// in at most one turf of each cut; one that is named again is passed over.
TurfMatch MatchTurfs(const std::vector<std::vector<base::DoorId>>& before,
                     const std::vector<std::vector<base::DoorId>>& after);

// The number of each new turf: its predecessor's, or one above all of `before_numbers`, in order of `after`.
// before_numbers: one for each old turf, distinct, positive.
std::vector<int> SucceedingNumbers(const TurfMatch& match, const std::vector<int>& before_numbers);

}  // namespace snowfield::geo
