#include "geo/shape/ring_trace.h"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace snowfield::geo {
namespace {

using Diagram = boost::polygon::voronoi_diagram<double>;
using Edge = Diagram::edge_type;
using Vertex = Diagram::vertex_type;
using IntPoint = boost::polygon::point_data<int32_t>;

constexpr size_t kVisited = 1;

bool Holds(const Ring& ring, const XY& point) {
  bool inside = false;
  for (size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
    if ((ring[i].y > point.y) != (ring[j].y > point.y) &&
        point.x < (ring[j].x - ring[i].x) * (point.y - ring[i].y) / (ring[j].y - ring[i].y) + ring[i].x) {
      inside = !inside;
    }
  }
  return inside;
}

// A ring that comes through one vertex twice is cut into loops there: each loop is simple.
std::vector<Ring> SplitAtRepeats(const std::vector<const Vertex*>& walk) {
  std::vector<Ring> loops;
  std::vector<const Vertex*> open;
  absl::flat_hash_map<const Vertex*, size_t> at;
  const auto close = [&loops, &open](size_t begin) {
    Ring ring;
    for (size_t i = begin; i < open.size(); ++i) {
      const XY point{open[i]->x() / 100, open[i]->y() / 100};
      if (ring.empty() || !(ring.back() == point)) ring.push_back(point);
    }
    if (ring.size() > 1 && ring.front() == ring.back()) ring.pop_back();
    if (ring.size() < 3) return;
    ring.push_back(ring.front());
    loops.push_back(std::move(ring));
  };
  for (const Vertex* vertex : walk) {
    if (const auto seen = at.find(vertex); seen != at.end()) {
      const size_t begin = seen->second;
      close(begin);
      for (size_t i = begin + 1; i < open.size(); ++i) at.erase(open[i]);
      open.resize(begin + 1);
      continue;
    }
    at[vertex] = open.size();
    open.push_back(vertex);
  }
  close(0);
  return loops;
}

// Holes go to the smallest shell around them.
std::vector<PolygonRings> Nest(std::vector<Ring> rings) {
  std::vector<PolygonRings> polygons;
  std::vector<Ring> holes;
  for (Ring& ring : rings) {
    const double area = SignedArea(ring);
    if (area > 0) polygons.push_back({std::move(ring), {}});
    if (area < 0) holes.push_back(std::move(ring));
  }
  std::sort(polygons.begin(), polygons.end(),
            [](const PolygonRings& a, const PolygonRings& b) { return SignedArea(a.shell) < SignedArea(b.shell); });
  for (Ring& hole : holes) {
    // Shells may touch a hole at vertices, never along an edge.
    const XY middle{(hole[0].x + hole[1].x) / 2, (hole[0].y + hole[1].y) / 2};
    for (PolygonRings& polygon : polygons) {
      if (!Holds(polygon.shell, middle)) continue;
      polygon.holes.push_back(std::move(hole));
      break;
    }
  }
  std::reverse(polygons.begin(), polygons.end());
  return polygons;
}

}  // namespace

double SignedArea(const Ring& ring) {
  double twice = 0;
  // About the first point, so that large coordinates do not swallow a small area.
  for (size_t i = 1; i + 1 < ring.size(); ++i) {
    twice +=
        (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) - (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
  }
  return twice / 2;
}

struct CellDiagram::Inside {
  Diagram diagram;
  std::vector<int> group_of_site;
  std::vector<std::vector<const Diagram::cell_type*>> cells_of_group;

  int GroupOf(const Edge* edge) const { return group_of_site[edge->cell()->source_index()]; }

  // The outline from `start` on, its group on the left; false where it runs to infinity.
  bool Follow(const Edge* start, int group, std::vector<const Vertex*>* walk) const {
    const Edge* edge = start;
    do {
      if (edge->vertex0() == nullptr || edge->vertex1() == nullptr) return false;
      edge->color(kVisited);
      walk->push_back(edge->vertex0());
      edge = edge->next();
      // Round the vertex through cells of the group, to the next edge of the outline.
      while (GroupOf(edge->twin()) == group) edge = edge->twin()->next();
    } while (edge != start);
    return true;
  }
};

CellDiagram::CellDiagram(const std::vector<DiagramSite>& sites, int group_count) : inside_(std::make_unique<Inside>()) {
  std::vector<IntPoint> points;
  points.reserve(sites.size());
  for (const DiagramSite& site : sites) {
    points.emplace_back(site.x_cm, site.y_cm);
    inside_->group_of_site.push_back(site.group);
  }
  boost::polygon::construct_voronoi(points.begin(), points.end(), &inside_->diagram);
  inside_->cells_of_group.resize(group_count);
  for (const Diagram::cell_type& cell : inside_->diagram.cells()) {
    const int group = sites[cell.source_index()].group;
    if (group >= 0) inside_->cells_of_group[group].push_back(&cell);
  }
  // The order of the diagram's cells follows the sites' places: the same for any order of input.
}

CellDiagram::~CellDiagram() = default;

std::vector<PolygonRings> CellDiagram::TraceGroup(int group) const {
  std::vector<Ring> rings;
  for (const Diagram::cell_type* cell : inside_->cells_of_group[group]) {
    const Edge* edge = cell->incident_edge();
    if (edge == nullptr) return {};
    do {
      if (edge->color() != kVisited && inside_->GroupOf(edge->twin()) != group) {
        std::vector<const Vertex*> walk;
        if (!inside_->Follow(edge, group, &walk)) return {};
        for (Ring& loop : SplitAtRepeats(walk)) rings.push_back(std::move(loop));
      }
      edge = edge->next();
    } while (edge != cell->incident_edge());
  }
  return Nest(std::move(rings));
}

}  // namespace snowfield::geo
