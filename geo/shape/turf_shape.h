// ShapeTurfs: one polygon a turf, for the map: valid, without overlaps, holding exactly the turf's doors.
//
// Method: one Voronoi diagram (delaunay.h: exact on a grid of 1 mm) of all places of all turfs, of empty
// sites around them at `reach_m`, and of pairs of sites mirrored on the middle lines of streets and on barriers
// wherever the grounds on the two sides differ: there the cells part on the line itself. The cells of a turf are
// dissolved by dropping the edges inside it; the edges between two turfs are joined to arcs, which are then simplified
// once for both (outlines.h). Every place lies in its own cell, and no simplification moves a line over a place: so
// turfs cannot overlap, share every vertex with their neighbours, and hold their doors. No clipping, hence no slivers.
// Doors of several turfs at one place share it: each gets a site within kShapeNudge_m of it.
// Works in degrees scaled to about metres (a linear map), so straight edges stay straight in degrees. Over the
// antimeridian a polygon is split at it.
// Thread safety: pure; safe from several threads.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/frame/frame.h"

namespace snowfield::geo {

inline constexpr double kShapeReachDefault_m = 60;
inline constexpr double kShapeReachMax_m = 1'000;
inline constexpr double kShapeNudge_m = 1;

struct ShapeSite {
  LonLat position;
  int turf = 0;  // [0, turf_count)
};

struct TurfShape {
  std::string ewkb;  // Polygon or MultiPolygon, SRID 4326; empty MultiPolygon for a turf without sites
  bool valid = true;
  double area_m2 = 0;
  double polsby_popper = 0;   // (0, 1]; 0 for none
  double area_over_hull = 0;  // (0, 1]; 0 for none
};

enum class GuideKind {
  kStreet,           // a middle line: parts doors on its two sides
  kBarrier,          // and ends the ground of a turf that has no door beyond
  kBarrierAreaLeft,  // the rim of a barrier's area, which is on the left: empty ground, but for doors in it
};

// A line that outlines should follow.
struct GuideLine {
  GuideKind kind = GuideKind::kStreet;
  std::vector<LonLat> line;  // valid places
};

struct ShapeOptions {
  double reach_m = kShapeReachDefault_m;  // about how far from a door its polygon goes where nothing else is
  std::span<const GuideLine> guides;      // must live as long as the call
  int threads = 1;
};

// INVALID_ARGUMENT naming reach_m, sites[i].position or sites[i].turf; INTERNAL where GEOS fails; CANCELLED.
absl::StatusOr<std::vector<TurfShape>> ShapeTurfs(const std::vector<ShapeSite>& sites, int turf_count,
                                                  const ShapeOptions& options = {},
                                                  const std::function<bool()>& cancelled = nullptr);

}  // namespace snowfield::geo
