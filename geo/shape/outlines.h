// Outlines: the lines between turfs, each once: arcs between the points where three grounds meet, shared by the two
// turfs beside them, so that whatever is done to an arc leaves no gap and no overlap. Internal to geo/shape.
//
// Plane metres. A *group* is a turf, or kNoGroup for empty ground.
// Thread safety: plain data; SimplifyOutlines starts and joins its own threads; RingsOf may run for several groups at
// once.
#pragma once

#include <vector>

#include "geo/geos/geometry.h"

namespace snowfield::geo {

inline constexpr int kNoGroup = -1;

// From one junction to another (or back to its first vertex), with one group on each side all along.
struct Arc {
  int left = kNoGroup;
  int right = kNoGroup;
  std::vector<int> vertices;  // indices of Outlines.vertices; a closed arc repeats its first
  // The arc to go on with round the left (right) group at the end (begin) of this one: 2 * arc forwards, + 1 backwards.
  int next_left = 0;
  int next_right = 0;
};

struct Outlines {
  std::vector<XY> vertices;
  std::vector<char> on_guide;  // by vertex: on the middle line of a street or on a barrier
  std::vector<Arc> arcs;
  // By group: its arcs, 2 * arc where it is on the left, 2 * arc + 1 where on the right.
  std::vector<std::vector<int>> arcs_of_group;
};

// Takes vertices out of the arcs, those first that change least (Visvalingam and Whyatt 1993), while the triangle that
// goes holds none of `fixed` and no vertex of any outline: so what is inside stays inside, and lines never meet. The
// junctions stay. Same answer on any number of threads.
void SimplifyOutlines(const std::vector<XY>& fixed, int threads, Outlines* outlines);

// The group's polygons: shells counter-clockwise, holes clockwise, rings simple.
std::vector<PolygonRings> RingsOf(const Outlines& outlines, int group);

// The signed area of a closed ring: positive when counter-clockwise.
double SignedArea(const Ring& ring);

}  // namespace snowfield::geo
