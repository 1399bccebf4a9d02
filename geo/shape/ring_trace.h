// Outlines of groups of Voronoi cells: the edges between two groups, joined to rings. Internal to geo/shape.
// Thread safety: TraceGroup may run for different groups at once.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "geo/frame/frame.h"
#include "geo/geos/geometry.h"

namespace snowfield::geo {

// A site of the diagram, in whole centimetres, and the group it belongs to; -1 is empty ground.
struct DiagramSite {
  int32_t x_cm = 0;
  int32_t y_cm = 0;
  int group = -1;
};

class CellDiagram {
 public:
  // Sites must be distinct, and those of groups enclosed by sites of empty ground.
  CellDiagram(const std::vector<DiagramSite>& sites, int group_count);
  ~CellDiagram();
  // The dissolved cells of a group, in metres: shells counter-clockwise, holes clockwise, rings simple. Shares every
  // vertex with its neighbours. Empty where the group has no site or is not enclosed.
  std::vector<PolygonRings> TraceGroup(int group) const;

 private:
  struct Inside;
  std::unique_ptr<Inside> inside_;
};

// The signed area of a closed ring: positive when counter-clockwise.
double SignedArea(const Ring& ring);

}  // namespace snowfield::geo
