#include "geo/shape/cell_diagram.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>
#include <span>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "geo/shape/delaunay.h"

namespace snowfield::geo {
namespace {

// Round a piece of empty ground stand several groups.
constexpr int kSeveral = -2;
// Corners of cells nearer to each other than this are one: four places on a circle have one corner between them.
constexpr double kSameVertex_m = 1e-5;

int Root(std::vector<int>* parent, int i) {
  while ((*parent)[i] != i) i = (*parent)[i] = (*parent)[(*parent)[i]];
  return i;
}

void Join(std::vector<int>* parent, int a, int b) {
  a = Root(parent, a);
  b = Root(parent, b);
  (*parent)[std::max(a, b)] = std::min(a, b);
}

// Which group each cell belongs to in the end: by its site, but pieces without an anchor go to their neighbours.
class Grounds {
 public:
  Grounds(const Delaunay& diagram, const std::vector<DiagramSite>& sites) : diagram_(diagram), sites_(sites) {
    group_.reserve(sites.size());
    for (const DiagramSite& site : sites) group_.push_back(site.group);
    FindPieces();
    GiveAwayLoosePieces();
    FillHoles();
    piece_ = {};
  }
  int GroupOf(int e) const { return group_[diagram_.Origin(e)]; }
  int GroupBeyond(int e) const { return group_[diagram_.Origin(Delaunay::Next(e))]; }
  // Between two groups.
  bool IsOutline(int e) const { return GroupOf(e) != GroupBeyond(e); }

 private:
  void FindPieces() {
    piece_.resize(sites_.size());
    std::iota(piece_.begin(), piece_.end(), 0);
    for (int e = 0; e < diagram_.half_edge_count(); ++e) {
      if (!IsOutline(e)) Join(&piece_, diagram_.Origin(e), diagram_.Origin(Delaunay::Next(e)));
    }
  }

  // From the rim of each loose piece inwards, a ring of cells at a time: each cell to the group with which it has the
  // longest edges.
  void GiveAwayLoosePieces() {
    std::vector<char> held(sites_.size(), 0);
    for (int site = 0; site < static_cast<int>(sites_.size()); ++site) {
      if (sites_[site].anchor) held[Root(&piece_, site)] = 1;
    }
    for (int site = 0; site < static_cast<int>(sites_.size()); ++site) held[site] = held[Root(&piece_, site)];
    std::vector<std::pair<int, int>> loose;  // site, a half-edge out of it
    for (int e = 0; e < diagram_.half_edge_count(); ++e) {
      if (held[diagram_.Origin(e)] == 0) loose.emplace_back(diagram_.Origin(e), e);
    }
    std::sort(loose.begin(), loose.end());
    while (!loose.empty()) {
      std::vector<std::pair<int, int>> given;  // site, group
      std::vector<std::pair<int, int>> left;
      for (size_t begin = 0, end = 0; begin < loose.size(); begin = end) {
        while (end < loose.size() && loose[end].first == loose[begin].first) ++end;
        if (const std::optional<int> group = LongestNeighbour({&loose[begin], end - begin}, held)) {
          given.emplace_back(loose[begin].first, *group);
        } else {
          left.insert(left.end(), loose.begin() + static_cast<ptrdiff_t>(begin),
                      loose.begin() + static_cast<ptrdiff_t>(end));
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

  std::optional<int> LongestNeighbour(std::span<const std::pair<int, int>> edges, const std::vector<char>& held) const {
    absl::flat_hash_map<int, double> shared;
    for (const auto& [site, e] : edges) {
      if (diagram_.Twin(e) < 0 || held[diagram_.Origin(Delaunay::Next(e))] == 0) continue;
      const XY from = diagram_.Centre(diagram_.Twin(e) / 3), to = diagram_.Centre(e / 3);
      shared[GroupBeyond(e)] += std::hypot(to.x - from.x, to.y - from.y);
    }
    std::optional<std::pair<double, int>> best;  // length, and the lower group where two are as long
    for (const auto& [group, length] : shared) {
      if (!best || std::pair(length, -group) > *best) best = {length, -group};
    }
    if (!best) return std::nullopt;
    return -best->second;
  }

  // A piece of empty ground in the midst of one group becomes the group's.
  void FillHoles() {
    FindPieces();
    std::vector<int> around(sites_.size(), kNoGroup);
    for (int e = 0; e < diagram_.half_edge_count(); ++e) {
      if (GroupOf(e) != kNoGroup) continue;
      int& seen = around[Root(&piece_, diagram_.Origin(e))];
      const int other = GroupBeyond(e);
      if (diagram_.Twin(e) < 0) {
        seen = kSeveral;  // the open ground round all
      } else if (other != kNoGroup && seen != other) {
        seen = seen == kNoGroup ? other : kSeveral;
      }
    }
    for (int site = 0; site < static_cast<int>(sites_.size()); ++site) {
      if (group_[site] != kNoGroup) continue;
      const int owner = around[Root(&piece_, site)];
      if (owner >= 0) group_[site] = owner;
    }
  }

  const Delaunay& diagram_;
  const std::vector<DiagramSite>& sites_;
  std::vector<int> group_;  // by site
  std::vector<int> piece_;  // by site: union-find of cells of one group side by side
};

// Joins the edges between two groups to arcs.
class ArcTracer {
 public:
  ArcTracer(const Delaunay& diagram, const Grounds& grounds, const std::vector<DiagramSite>& sites, double units_per_m)
      : diagram_(diagram), grounds_(grounds), sites_(sites), units_per_m_(units_per_m) {
    NumberVertices();
    arc_of_.assign(diagram.half_edge_count(), -1);
  }

  Outlines Trace(int group_count) {
    std::vector<std::pair<int, int>> ends;  // first and last edge of each arc
    for (const bool at_junctions : {true, false}) {
      for (int e = 0; e < diagram_.half_edge_count(); ++e) {
        // With a group on the left, whose cells are closed.
        if (arc_of_[e] >= 0 || !HasLength(e) || grounds_.GroupOf(e) == kNoGroup) continue;
        if (at_junctions && degree_[VertexBefore(e)] == 2) continue;
        ends.emplace_back(e, Follow(e));
      }
    }
    outlines_.arcs_of_group.resize(group_count);
    for (size_t i = 0; i < ends.size(); ++i) {
      Arc& arc = outlines_.arcs[i];
      arc.next_left = arc_of_[NextOutline(ends[i].second)];
      outlines_.arcs_of_group[arc.left].push_back(static_cast<int>(2 * i));
      if (arc.right == kNoGroup) continue;
      arc.next_right = arc_of_[NextOutline(diagram_.Twin(ends[i].first))];
      outlines_.arcs_of_group[arc.right].push_back(static_cast<int>(2 * i + 1));
    }
    return std::move(outlines_);
  }

 private:
  int VertexBefore(int e) const { return vertex_of_[diagram_.Twin(e) / 3]; }
  int VertexAfter(int e) const { return vertex_of_[e / 3]; }
  // An edge between two groups that does not shrink to a point.
  bool HasLength(int e) const {
    return grounds_.IsOutline(e) && diagram_.Twin(e) >= 0 && VertexBefore(e) != VertexAfter(e);
  }

  // The centres of the triangles on an outline, those at one place as one.
  void NumberVertices() {
    vertex_of_.assign(diagram_.triangle_count(), -1);
    std::vector<XY> centres;
    std::vector<int> triangles;
    for (int e = 0; e < diagram_.half_edge_count(); ++e) {
      if (vertex_of_[e / 3] >= 0 || !grounds_.IsOutline(e)) continue;
      vertex_of_[e / 3] = static_cast<int>(centres.size());
      const XY centre = diagram_.Centre(e / 3);
      centres.push_back({centre.x / units_per_m_, centre.y / units_per_m_});
      triangles.push_back(e / 3);
    }
    std::vector<int> same(centres.size());
    std::iota(same.begin(), same.end(), 0);
    for (int v = 0; v < static_cast<int>(triangles.size()); ++v) {
      for (int e = 3 * triangles[v]; e < 3 * triangles[v] + 3; ++e) {
        const int other = diagram_.Twin(e) < 0 ? -1 : vertex_of_[diagram_.Twin(e) / 3];
        if (other < 0 || other >= v) continue;
        const double apart = std::hypot(centres[v].x - centres[other].x, centres[v].y - centres[other].y);
        if (apart < kSameVertex_m) Join(&same, v, other);
      }
    }
    std::vector<int> number(centres.size());
    for (int v = 0; v < static_cast<int>(centres.size()); ++v) {
      const int root = Root(&same, v);
      if (root == v) outlines_.vertices.push_back(centres[v]);
      number[v] = root == v ? static_cast<int>(outlines_.vertices.size()) - 1 : number[root];
      vertex_of_[triangles[v]] = number[v];
    }
    outlines_.on_guide.assign(outlines_.vertices.size(), 0);
    degree_.assign(outlines_.vertices.size(), 0);
    for (int e = 0; e < diagram_.half_edge_count(); ++e) {
      if (HasLength(e)) ++degree_[VertexAfter(e)];
    }
  }

  // The next edge round the group on the left: through the cells of the group about the edge's end.
  int NextOutline(int e) const {
    int next = diagram_.CellNext(e);
    while (!HasLength(next)) next = diagram_.CellNext(grounds_.IsOutline(next) ? next : diagram_.Twin(next));
    return next;
  }

  bool OnGuide(int e) const {
    const int guide = sites_[diagram_.Origin(e)].guide;
    return guide >= 0 && guide == sites_[diagram_.Origin(Delaunay::Next(e))].guide;
  }

  // The arc from `first` on; gives its last edge.
  int Follow(int first) {
    const auto arc_number = static_cast<int>(outlines_.arcs.size());
    Arc& arc = outlines_.arcs.emplace_back();
    arc.left = grounds_.GroupOf(first);
    arc.right = grounds_.GroupBeyond(first);
    arc.vertices.push_back(VertexBefore(first));
    for (int e = first;; e = NextOutline(e)) {
      arc_of_[e] = 2 * arc_number;
      arc_of_[diagram_.Twin(e)] = 2 * arc_number + 1;
      const int end = VertexAfter(e);
      if (OnGuide(e)) outlines_.on_guide[arc.vertices.back()] = outlines_.on_guide[end] = 1;
      arc.vertices.push_back(end);
      if (end == arc.vertices.front() || degree_[end] != 2) return e;
    }
  }

  const Delaunay& diagram_;
  const Grounds& grounds_;
  const std::vector<DiagramSite>& sites_;
  const double units_per_m_;
  std::vector<int> vertex_of_;  // by triangle; -1 off the outlines
  std::vector<int> degree_;     // by vertex: how many edges between two groups meet there
  std::vector<int> arc_of_;     // by half-edge: directed arc
  Outlines outlines_;
};

}  // namespace

Outlines OutlineCells(std::vector<DiagramSite> sites, int group_count, double units_per_m) {
  // The corners first, then along a curve, so that neighbours lie near each other in memory.
  std::rotate(sites.begin(), sites.end() - 4, sites.end());
  std::vector<GridPlace> places;
  places.reserve(sites.size());
  for (size_t i = 4; i < sites.size(); ++i) places.push_back({sites[i].x, sites[i].y});
  {
    std::vector<DiagramSite> sorted(sites.begin(), sites.begin() + 4);
    sorted.reserve(sites.size());
    for (const int i : HilbertOrder(places)) sorted.push_back(sites[4 + static_cast<size_t>(i)]);
    sites = std::move(sorted);
  }
  places.clear();
  for (const DiagramSite& site : sites) places.push_back({site.x, site.y});
  const Delaunay diagram(std::move(places));
  const Grounds grounds(diagram, sites);
  return ArcTracer(diagram, grounds, sites, units_per_m).Trace(group_count);
}

}  // namespace snowfield::geo
