// CutTurf: splits doors into turfs that are sound, balanced and walkable, each in walking order with a polygon.
//
// Pure: no database, no clock, no files. Same input and options give the same bytes on any number of threads and for
// any order of the input. Time grows as n log n.
// Soundness by construction: every door of the input is in exactly one turf. Turfs are cut inside cells (a kept
// boundary and a connected part of the walk network), so none spans two.
// Thread safety: CutTurf may be called from several threads at once; CutControl's functions are called from the calling
// thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "geo/frame/frame.h"
#include "geo/streets/street_class.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

inline constexpr int kCutDoorsMax = 5'000'000;
inline constexpr int kCutStreetsMax = 2'000'000;
inline constexpr int kCutBarriersMax = 1'000'000;
inline constexpr int kCutBoundariesMax = 100'000;
inline constexpr int kTargetDoorsDefault = 45;
inline constexpr int kTargetDoorsMax = 1'000;
inline constexpr int kCutThreadsMax = 64;
inline constexpr double kTargetMinutesMin = 10;
inline constexpr double kTargetMinutesMax = 1'000;
inline constexpr double kWalkSpeedMin_m_per_s = 0.1;
inline constexpr double kWalkSpeedMax_m_per_s = 20;
inline constexpr double kSecondsPerDoorMin = 1;
inline constexpr double kSecondsPerDoorMax = 3'600;

struct CutDoor {
  base::DoorId id;                     // positive, unique in the input
  base::AddressPointId address_point;  // doors of one building share it; 0: on its own
  LonLat position;
  std::string house_number;  // as written
  std::string street;        // as written; may be empty
  std::string unit;
  std::optional<int> floor;
};

// A line of the street map: give `line`, or `ewkb` (LineString or MultiLineString, degrees).
struct CutStreet {
  std::string name;
  StreetClass street_class = StreetClass::kResidential;
  // Lines that cross without a shared vertex meet only on the same layer (OSM `layer`; 0 for TIGER).
  int layer = 0;
  std::vector<LonLat> line;
  std::string ewkb;
};

enum class BarrierKind { kOther, kWater, kRail, kMotorway };

struct CutBarrier {
  BarrierKind kind = BarrierKind::kOther;
  std::string ewkb;  // (Multi)LineString or (Multi)Polygon, degrees
};

// An area whose line no turf may cross.
struct CutBoundary {
  base::BoundaryId id;
  std::string ewkb;  // Polygon or MultiPolygon, degrees, valid
};

struct CutInput {
  std::vector<CutDoor> doors;
  std::vector<CutStreet> streets;            // may be empty: doors are then grouped by street name and nearness
  std::vector<CutBarrier> barriers;          // may be empty
  std::vector<CutBoundary> kept_boundaries;  // may be empty; where two overlap, the first holds the door
  // An earlier cut of this ground, to report how many doors moved, and to start from where CutOptions.keep_previous;
  // may be empty. Doors that are no longer in `doors` are passed over.
  std::vector<std::vector<base::DoorId>> previous_turfs;
};

struct CutOptions {
  int target_doors = kTargetDoorsDefault;  // [1, kTargetDoorsMax]
  // 0: target -/+ 10 %, rounded inwards but at least one door either way where the target allows.
  int min_doors = 0;
  int max_doors = 0;
  // Above 0: turfs are cut to minutes of work (walk and knocks), and the bounds in doors are not looked at.
  // [kTargetMinutesMin, kTargetMinutesMax]; min and max 0: target -/+ 10 %.
  double target_minutes = 0;
  double min_minutes = 0;
  double max_minutes = 0;
  // True keeps the turfs of CutInput.previous_turfs where they still fit: doors that are new join the turf whose ground
  // they stand on, and only what is out of bounds or in pieces is cut anew with its neighbours.
  bool keep_previous = false;
  // The previous turfs were cut to other bounds than these, and are all held to the new ones. Else one that has all its
  // doors and no others stays as it is, in bounds or not.
  bool bounds_changed = false;
  WalkFinish finish = WalkFinish::kAnywhere;  // where each walk ends
  uint64_t seed = 1;
  int threads = 1;                  // [1, kCutThreadsMax]
  double walk_speed_m_per_s = 1.2;  // [kWalkSpeedMin_m_per_s, kWalkSpeedMax_m_per_s]; a bicycle counts
  double seconds_per_door = 90;     // a knock with its talk; [kSecondsPerDoorMin, kSecondsPerDoorMax]
};

enum class CutStage { kCheck, kNetwork, kMatch, kAtoms, kCut, kRefine, kOrder, kShape, kDone };
std::string_view CutStageName(CutStage stage);

struct CutControl {
  // Called from time to time; fraction in [0, 1] of the whole cut, never falling.
  std::function<void(CutStage stage, double fraction, int doors_done)> progress;
  // Polled often; true makes CutTurf return CANCELLED.
  std::function<bool()> cancelled;
};

enum class CutReason {
  kNone,
  // For turfs outside [min, max]:
  kCutOffPiece,    // a piece of the walk network (or of the ground) on its own holds too few or not a fitting number
  kBoundaryPiece,  // the part of a kept boundary holds too few or not a fitting number of doors
  kUneven,         // no split of this cell's street faces into connected turfs in bounds was found
  // For turfs:
  kInPieces,    // not connected on the walk network
  kBarrierLeg,  // two consecutive doors with a barrier between and no way round on the network
  // For doors:
  kOutsideBoundaries,  // in none of the kept boundaries; cut with the others outside
  kStreetNotMatched,   // its street's name is not on the map near it; put on the nearest street
  kNumberOfOtherSide,  // it stands on one side of its street, and its house number is of the other
  kFarFromStreet,      // more than kFarFromStreet_m from the street it is put on
  kNoStreet,           // no walkable street within reach: grouped by nearness
};
std::string_view CutReasonName(CutReason reason);  // UPPER_SNAKE, stable

struct TurfMetrics {
  int door_count = 0;
  int address_point_count = 0;
  double walk_length_m = 0;      // metres on the walk network from the first to the last door, without crossing costs
  double walk_m_per_door = 0;    // walk_length_m / door_count
  double walk_cost_m = 0;        // walk_length_m plus what the street crossings are worth
  int crossing_count = 0;        // streets crossed, at junctions and between
  double estimated_minutes = 0;  // walk_cost_m at the walking speed, and the doors
  double polsby_popper = 0;      // 4 pi area / perimeter^2 of the polygon, (0, 1]
  double area_over_hull = 0;     // (0, 1]
  bool connected = true;         // on the walk network, through no other turf's ground
  int barrier_leg_count = 0;
  int foreign_doors = 0;  // doors of other turfs inside the convex hull of its doors
  bool in_bounds = true;
  CutReason bounds_reason = CutReason::kNone;  // why not
};

struct Turf {
  std::vector<base::DoorId> doors;  // in walking order
  // SRID 4326. Valid; overlaps no other turf's; holds its doors (several turfs at one point share it out within 1 m).
  std::string polygon_ewkb;
  std::string walk_line_ewkb;  // LineString, SRID 4326; at least two points
  LonLat centre;               // mean of its doors
  std::optional<base::BoundaryId> boundary;
  TurfMetrics metrics;
};

// The six qualities of a cut, in their order of weight.
struct CutTotals {
  // Sound.
  int door_count = 0;
  int turf_count = 0;
  int polygons_invalid = 0;
  // Balanced.
  int turfs_in_bounds = 0;
  int turfs_excused = 0;  // outside, because the map holds a piece of ground apart
  int doors_min = 0;
  int doors_max = 0;
  double doors_stddev = 0;
  // Walkable.
  int turfs_connected = 0;
  int turfs_with_barrier_leg = 0;
  // Short.
  double walk_length_m = 0;
  double walk_m_per_door = 0;
  double walk_cost_m_per_door = 0;
  int crossing_count = 0;
  // Compact: means over turfs.
  double polsby_popper = 0;
  double area_over_hull = 0;
  double foreign_door_share = 0;  // doors inside the convex hull of a turf that is not theirs
  // Stable: share of the doors in both cuts that changed turf, 0 without previous_turfs.
  double moved_door_share = 0;
};

struct CutProblem {
  CutReason reason = CutReason::kNone;
  base::DoorId door;    // 0 where it is about a turf
  int turf_index = -1;  // the turf, or the turf of the door
};

struct CutResult {
  std::vector<Turf> turfs;  // adjacent ones near each other in the list
  // Per door, at most one problem; per turf one for each reason. Sorted by turf, doors after the turf's own.
  std::vector<CutProblem> problems;
  CutTotals totals;
  int min_doors = 0;  // the bounds that were used; 0 for a cut by minutes
  int max_doors = 0;
  double min_minutes = 0;  // 0 for a cut by doors
  double max_minutes = 0;
};

// Errors, all naming the field:
//   doors: NO_DOORS, TOO_MANY_DOORS; doors[i].id: DOOR_ID_MISSING, DOOR_ID_REPEATED; doors[i].position:
//   COORDINATE_OUT_OF_RANGE; target_doors: TARGET_OUT_OF_RANGE; min_doors, max_doors: BOUNDS_OUT_OF_RANGE,
//   MIN_ABOVE_MAX; target_minutes, min_minutes, max_minutes: the same; walk_speed_m_per_s, seconds_per_door:
//   PACE_OUT_OF_RANGE; threads: THREADS_OUT_OF_RANGE; streets[i], barriers[i]: GEOMETRY_UNREADABLE,
//   GEOMETRY_WRONG_KIND, COORDINATE_OUT_OF_RANGE; kept_boundaries[i]: also GEOMETRY_INVALID with the reason and the
//   place.
// CANCELLED where control.cancelled said so.
absl::StatusOr<CutResult> CutTurf(const CutInput& input, const CutOptions& options, const CutControl& control = {});

// The bounds that a cut with these options uses; the same errors as CutTurf.
struct DoorBounds {
  int min_doors;
  int max_doors;
};
absl::StatusOr<DoorBounds> ResolveBounds(const CutOptions& options);
struct MinuteBounds {
  double min_minutes;
  double max_minutes;
};
// target_minutes must be above 0.
absl::StatusOr<MinuteBounds> ResolveMinutes(const CutOptions& options);
// True where cuts with these options hold turfs to the same bounds; false where either is refused.
bool SameBounds(const CutOptions& a, const CutOptions& b);

// Share in [0, 1] of the doors in both cuts that are no longer with most of their old turf.
double MovedDoorShare(const std::vector<std::vector<base::DoorId>>& before,
                      const std::vector<std::vector<base::DoorId>>& after);

}  // namespace snowfield::geo
