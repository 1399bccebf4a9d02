#include "geo/shape/cell_diagram.h"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <numeric>
#include <tuple>

#include "absl/container/flat_hash_map.h"

namespace snowfield::geo {
namespace {

using Diagram = boost::polygon::voronoi_diagram<double>;
using Cell = Diagram::cell_type;
using Edge = Diagram::edge_type;
using Vertex = Diagram::vertex_type;
using IntPoint = boost::polygon::point_data<int32_t>;

// Two groups, seen from a piece of empty ground, stand for "several".
constexpr int kSeveral = -2;

double LengthOf(const Edge& edge) {
  if (!edge.is_finite()) return 0;
  return std::hypot(edge.vertex1()->x() - edge.vertex0()->x(), edge.vertex1()->y() - edge.vertex0()->y());
}

template <typename Visit>
void VisitEdges(const Cell& cell, const Visit& visit) {
  const Edge* const first = cell.incident_edge();
  const Edge* edge = first;
  if (first == nullptr) return;
  do {
    visit(*edge);
    edge = edge->next();
  } while (edge != first);
}

// Which group each cell belongs to in the end: by its site, but pieces without an anchor go to their neighbours.
class Grounds {
 public:
  Grounds(const Diagram& diagram, const std::vector<DiagramSite>& sites) : diagram_(diagram), sites_(sites) {
    group_.reserve(sites.size());
    for (const DiagramSite& site : sites) group_.push_back(site.group);
    FindPieces();
    GiveAwayLoosePieces();
    FillHoles();
  }
  int GroupOf(const Edge& edge) const { return group_[edge.cell()->source_index()]; }
  // Between two groups.
  bool IsOutline(const Edge& edge) const { return GroupOf(edge) != GroupOf(*edge.twin()); }

 private:
  static int SiteOf(const Edge& edge) { return static_cast<int>(edge.cell()->source_index()); }

  int Root(int site) {
    while (piece_[site] != site) site = piece_[site] = piece_[piece_[site]];
    return site;
  }

  void FindPieces() {
    piece_.resize(sites_.size());
    std::iota(piece_.begin(), piece_.end(), 0);
    for (const Edge& edge : diagram_.edges()) {
      if (IsOutline(edge)) continue;
      const int a = Root(SiteOf(edge)), b = Root(SiteOf(*edge.twin()));
      piece_[std::max(a, b)] = std::min(a, b);
    }
  }

  // From the edge of each loose piece inwards, a ring of cells at a time: each cell to the neighbour with the longest
  // common edge.
  void GiveAwayLoosePieces() {
    std::vector<char> held(sites_.size(), 0);
    for (size_t i = 0; i < sites_.size(); ++i) {
      if (sites_[i].anchor) held[Root(static_cast<int>(i))] = 1;
    }
    std::vector<const Cell*> loose;
    for (const Cell& cell : diagram_.cells()) {
      const auto site = static_cast<int>(cell.source_index());
      held[site] = held[Root(site)];
      if (held[site] == 0) loose.push_back(&cell);
    }
    while (!loose.empty()) {
      std::vector<std::pair<int, int>> given;  // site, group
      std::vector<const Cell*> left;
      for (const Cell* cell : loose) {
        absl::flat_hash_map<int, double> shared_m;
        VisitEdges(*cell, [&](const Edge& edge) {
          if (held[SiteOf(*edge.twin())] != 0) shared_m[GroupOf(*edge.twin())] += LengthOf(edge);
        });
        std::pair<double, int> best{-1, 0};
        for (const auto& [group, length] : shared_m) best = std::max(best, {length, -group});
        if (best.first < 0) {
          left.push_back(cell);
        } else {
          given.emplace_back(static_cast<int>(cell->source_index()), -best.second);
        }
      }
      if (given.empty()) return;
      for (const auto& [site, group] : given) {
        group_[site] = group;
        held[site] = 1;
      }
      loose = std::move(left);
    }
  }

  // A piece of empty ground in the midst of one group becomes the group's.
  void FillHoles() {
    FindPieces();
    constexpr int kNothing = kNoGroup;
    std::vector<int> around(sites_.size(), kNothing);
    for (const Edge& edge : diagram_.edges()) {
      if (GroupOf(edge) != kNoGroup) continue;
      int& seen = around[Root(SiteOf(edge))];
      const int other = GroupOf(*edge.twin());
      if (!edge.is_finite()) {
        seen = kSeveral;
      } else if (other != kNoGroup && seen != other) {
        seen = seen == kNothing ? other : kSeveral;
      }
    }
    for (size_t i = 0; i < sites_.size(); ++i) {
      if (group_[i] != kNoGroup) continue;
      const int owner = around[Root(static_cast<int>(i))];
      if (owner >= 0) group_[i] = owner;
    }
  }

  const Diagram& diagram_;
  const std::vector<DiagramSite>& sites_;
  std::vector<int> group_;  // by site
  std::vector<int> piece_;  // by site: union-find of cells of one group side by side
};

// Follows the edges between two groups. The colour of a vertex is its number, that of an edge its directed arc, each
// plus one.
class ArcTracer {
 public:
  ArcTracer(const Diagram& diagram, const Grounds& grounds, const std::vector<DiagramSite>& sites, double units_per_m)
      : diagram_(diagram), grounds_(grounds), sites_(sites), units_per_m_(units_per_m) {}

  Outlines Trace(int group_count) {
    std::vector<std::pair<const Edge*, const Edge*>> ends;  // first and last edge of each arc
    for (const bool at_junctions : {true, false}) {
      for (const Edge& edge : diagram_.edges()) {
        if (edge.color() != 0 || !grounds_.IsOutline(edge) || !edge.is_finite()) continue;
        if (at_junctions && DegreeOf(*edge.vertex0()) == 2) continue;
        ends.emplace_back(&edge, Follow(&edge));
      }
    }
    outlines_.arcs_of_group.resize(group_count);
    for (size_t i = 0; i < ends.size(); ++i) {
      Arc& arc = outlines_.arcs[i];
      arc.next_left = DirectedArc(*Next(ends[i].second));
      arc.next_right = DirectedArc(*Next(ends[i].first->twin()));
      if (arc.left != kNoGroup) outlines_.arcs_of_group[arc.left].push_back(static_cast<int>(2 * i));
      if (arc.right != kNoGroup) outlines_.arcs_of_group[arc.right].push_back(static_cast<int>(2 * i + 1));
    }
    return std::move(outlines_);
  }

 private:
  static int DirectedArc(const Edge& edge) { return static_cast<int>(edge.color()) - 1; }

  int DegreeOf(const Vertex& vertex) const {
    int degree = 0;
    const Edge* edge = vertex.incident_edge();
    do {
      degree += grounds_.IsOutline(*edge) ? 1 : 0;
      edge = edge->rot_next();
    } while (edge != vertex.incident_edge());
    return degree;
  }

  // The next edge round the group on the left: through the cells of the group about the edge's end.
  const Edge* Next(const Edge* edge) const {
    const int group = grounds_.GroupOf(*edge);
    const Edge* next = edge->next();
    while (grounds_.GroupOf(*next->twin()) == group) next = next->twin()->next();
    return next;
  }

  int NumberOf(const Vertex& vertex) {
    if (vertex.color() == 0) {
      outlines_.vertices.push_back({vertex.x() / units_per_m_, vertex.y() / units_per_m_});
      outlines_.on_guide.push_back(0);
      vertex.color(outlines_.vertices.size());
    }
    return static_cast<int>(vertex.color()) - 1;
  }

  bool OnGuide(const Edge& edge) const {
    const int guide = sites_[edge.cell()->source_index()].guide;
    return guide >= 0 && guide == sites_[edge.twin()->cell()->source_index()].guide;
  }

  // The arc from `first` on; gives its last edge.
  const Edge* Follow(const Edge* first) {
    const size_t arc_number = outlines_.arcs.size();
    Arc& arc = outlines_.arcs.emplace_back();
    arc.left = grounds_.GroupOf(*first);
    arc.right = grounds_.GroupOf(*first->twin());
    const Edge* edge = first;
    arc.vertices.push_back(NumberOf(*edge->vertex0()));
    while (true) {
      edge->color(2 * arc_number + 1);
      edge->twin()->color(2 * arc_number + 2);
      const int end = NumberOf(*edge->vertex1());
      if (OnGuide(*edge)) outlines_.on_guide[arc.vertices.back()] = outlines_.on_guide[end] = 1;
      arc.vertices.push_back(end);
      if (end == arc.vertices.front() || DegreeOf(*edge->vertex1()) != 2) return edge;
      edge = Next(edge);
    }
  }

  const Diagram& diagram_;
  const Grounds& grounds_;
  const std::vector<DiagramSite>& sites_;
  const double units_per_m_;
  Outlines outlines_;
};

}  // namespace

Outlines OutlineCells(const std::vector<DiagramSite>& sites, int group_count, double units_per_m) {
  Diagram diagram;
  {
    std::vector<IntPoint> points;
    points.reserve(sites.size());
    for (const DiagramSite& site : sites) points.emplace_back(site.x, site.y);
    boost::polygon::construct_voronoi(points.begin(), points.end(), &diagram);
  }
  const Grounds grounds(diagram, sites);
  return ArcTracer(diagram, grounds, sites, units_per_m).Trace(group_count);
}

}  // namespace snowfield::geo
