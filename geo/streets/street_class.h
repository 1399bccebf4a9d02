// Classes of streets: what one may walk on, and what it costs to cross.
// Thread safety: pure.
#pragma once

#include <string_view>

namespace snowfield::geo {

enum class StreetClass {
  kUnknown,      // taken as residential
  kResidential,  // local street
  kArterial,     // main road with sidewalks: walkable, dear to cross
  kMotorway,     // not walkable; a barrier except where a walkable street passes
  kRamp,         // as kMotorway
  kService,      // driveway, parking aisle
  kAlley,
  kWalkway,  // foot path, steps, pedestrian street, bridle or cycle path open to walkers
  kTrack,    // unpaved, four-wheel drive, private ranch road
  kPrivate,  // private road: walkable, since doors may stand on it
  kClosed,   // no access on foot, or not a street: neither walkable nor a barrier
};

bool IsWalkable(StreetClass street_class);
// A walker cannot cross it except on a walkable street.
bool IsBarrier(StreetClass street_class);
// A street that people have addresses on, before alleys and paths, where a name does not decide.
bool CarriesAddresses(StreetClass street_class);
// Metres of walking that crossing this street at a junction is worth; 0 for walkways.
double CrossingCostM(StreetClass street_class);
// The same between junctions.
double MidBlockCrossingCostM(StreetClass street_class);
// Stable lower-case name, e.g. "arterial"; and back (kUnknown where there is none).
std::string_view StreetClassName(StreetClass street_class);
StreetClass StreetClassNamed(std::string_view name);

// US Census MAF/TIGER feature class code, e.g. "S1400".
StreetClass FromMtfcc(std::string_view mtfcc);
// OSM tags `highway`, `foot`, `access`; empty where the tag is absent. kClosed for what is not a street.
StreetClass FromOsmHighway(std::string_view highway, std::string_view foot = {}, std::string_view access = {});

}  // namespace snowfield::geo
