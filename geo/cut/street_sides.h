// StreetSides: the side of the street that a stop was put on, checked against its house number. Internal to geo/cut.
//
// Most streets have odd numbers on one side and even ones on the other. A place tells the side well where it is that of
// the building, and hardly where it was guessed along the middle line: there the number is the better witness.
// Thread safety: pure.
#pragma once

#include <vector>

#include "geo/cut/ground.h"

namespace snowfield::geo {

// A side's parity is known where so many stops with numbers stand on it, and at least this share of them agree.
inline constexpr int kSideStopsMin = 3;
inline constexpr double kSideAgreement = 0.8;
// A stop nearer to the middle line than this goes over to the side of its number.
inline constexpr double kSideDoubt_m = 8;

// Only stops that were matched by name count, and only links whose two sides are of different parity. A stop whose
// number is of the other side is put there, at the same offset, or marked (GroundStop.number_of_other_side).
void CheckSides(std::vector<GroundStop>* stops);

}  // namespace snowfield::geo
