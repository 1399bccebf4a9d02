#include "geo/shape/outlines.h"

#include <algorithm>
#include <cmath>
#include <queue>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "geo/frame/parallel.h"
#include "geo/shape/point_grid.h"

namespace snowfield::geo {
namespace {

// A vertex goes where the triangle with its neighbours is smaller than this: on a street or barrier, between doors, and
// towards empty ground.
constexpr double kGuideArea_m2 = 20;
constexpr double kGroundArea_m2 = 90;
constexpr double kEmptyArea_m2 = 400;
// How near a new line may come to a door and to another vertex.
constexpr double kDoorMargin_m = 0.004;
constexpr double kVertexMargin_m = 1e-6;
constexpr double kGridCell_m = 20;

double Cross(const XY& a, const XY& b, const XY& c) { return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x); }

// True where p is in the triangle or within margin_m of it (of its sides' lines, near its corners).
bool InTriangle(const XY& p, const XY& a, const XY& b, const XY& c, double margin_m) {
  const auto outside = [&p, margin_m](const XY& from, const XY& to) {
    const double dx = to.x - from.x, dy = to.y - from.y;
    return Cross(from, to, p) < -margin_m * std::sqrt(dx * dx + dy * dy);
  };
  return !outside(a, b) && !outside(b, c) && !outside(c, a);
}

// Works on one arc at a time. Other arcs count with all their vertices, also those that have gone: so arcs do not
// depend on each other.
class ArcSimplifier {
 public:
  ArcSimplifier(const std::vector<XY>& fixed, Outlines* outlines)
      : outlines_(*outlines), arc_of_(outlines->vertices.size(), kJunction), gone_(outlines->vertices.size(), 0) {
    for (size_t i = 0; i < outlines_.arcs.size(); ++i) {
      const std::vector<int>& vertices = outlines_.arcs[i].vertices;
      for (size_t v = 1; v + 1 < vertices.size(); ++v) arc_of_[vertices[v]] = static_cast<int>(i);
      ++arcs_between_[Ends(vertices)];
    }
    std::vector<XY> obstacles = outlines_.vertices;
    obstacles.insert(obstacles.end(), fixed.begin(), fixed.end());
    obstacles_.emplace(obstacles, kGridCell_m);
  }

  void Simplify(int arc);

 private:
  static constexpr int kJunction = -1;
  static std::pair<int, int> Ends(const std::vector<int>& vertices) {
    return std::minmax(vertices.front(), vertices.back());
  }
  // An arc that comes back to where it began keeps a ring's three vertices; one of several between the same two
  // junctions a bend, so that they do not become one.
  int LeastVertices(const std::vector<int>& vertices) const {
    if (vertices.front() == vertices.back()) return 4;
    return arcs_between_.at(Ends(vertices)) > 1 ? 3 : 2;
  }
  const XY& At(int vertex) const { return outlines_.vertices[vertex]; }
  bool MayGo(int arc, int before, int vertex, int after) const;

  Outlines& outlines_;
  std::vector<int> arc_of_;  // by vertex
  std::vector<char> gone_;   // by vertex; each arc writes and reads its own only
  absl::flat_hash_map<std::pair<int, int>, int> arcs_between_;
  std::optional<PointGrid> obstacles_;
};

bool ArcSimplifier::MayGo(int arc, int before, int vertex, int after) const {
  XY a = At(before), b = At(vertex);
  const XY& c = At(after);
  if (Cross(a, b, c) < 0) std::swap(a, b);
  const auto [min_x, max_x] = std::minmax({a.x, b.x, c.x});
  const auto [min_y, max_y] = std::minmax({a.y, b.y, c.y});
  const Box window{min_x - kDoorMargin_m, min_y - kDoorMargin_m, max_x + kDoorMargin_m, max_y + kDoorMargin_m};
  const auto vertex_count = static_cast<int>(outlines_.vertices.size());
  bool free = true;
  obstacles_->VisitBox(window, [&](int i, const XY& p) {
    if (i == before || i == vertex || i == after) return true;
    if (i < vertex_count && arc_of_[i] == arc && gone_[i] != 0) return true;
    free = !InTriangle(p, a, b, c, i < vertex_count ? kVertexMargin_m : kDoorMargin_m);
    return free;
  });
  return free;
}

void ArcSimplifier::Simplify(int arc_index) {
  Arc& arc = outlines_.arcs[arc_index];
  std::vector<int>& vertices = arc.vertices;
  auto left = static_cast<int>(vertices.size());
  const int least = LeastVertices(vertices);
  if (left <= least) return;
  std::vector<int> before(vertices.size()), after(vertices.size());
  for (int i = 0; i < left; ++i) before[i] = i - 1, after[i] = i + 1;
  const bool beside_empty = arc.left == kNoGroup || arc.right == kNoGroup;
  // 1: the most that may go.
  const auto size_of = [&](int i) {
    const double area = std::abs(Cross(At(vertices[before[i]]), At(vertices[i]), At(vertices[after[i]]))) / 2;
    return area / (outlines_.on_guide[vertices[i]] != 0 ? kGuideArea_m2
                   : beside_empty                       ? kEmptyArea_m2
                                                        : kGroundArea_m2);
  };
  using Candidate = std::pair<double, int>;
  std::priority_queue<Candidate, std::vector<Candidate>, std::greater<>> queue;
  std::vector<double> size(vertices.size(), 0);
  const auto propose = [&](int i) {
    if (i == 0 || i + 1 == static_cast<int>(vertices.size())) return;
    size[i] = size_of(i);
    if (size[i] <= 1) queue.emplace(size[i], i);
  };
  for (int i = 1; i + 1 < static_cast<int>(vertices.size()); ++i) propose(i);
  while (!queue.empty() && left > least) {
    const auto [proposed, i] = queue.top();
    queue.pop();
    if (gone_[vertices[i]] != 0 || size[i] != proposed) continue;
    if (!MayGo(arc_index, vertices[before[i]], vertices[i], vertices[after[i]])) continue;
    gone_[vertices[i]] = 1;
    --left;
    after[before[i]] = after[i];
    before[after[i]] = before[i];
    propose(before[i]);
    propose(after[i]);
  }
  vertices.erase(std::remove_if(vertices.begin() + 1, vertices.end() - 1, [this](int v) { return gone_[v] != 0; }),
                 vertices.end() - 1);
}

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
std::vector<Ring> SplitAtRepeats(const std::vector<int>& walk, const std::vector<XY>& vertices) {
  std::vector<Ring> loops;
  std::vector<int> open;
  absl::flat_hash_map<int, size_t> at;
  const auto close = [&](size_t begin) {
    if (open.size() - begin < 3) return;
    Ring& ring = loops.emplace_back();
    for (size_t i = begin; i < open.size(); ++i) ring.push_back(vertices[open[i]]);
    ring.push_back(ring.front());
  };
  for (const int vertex : walk) {
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

void SimplifyOutlines(const std::vector<XY>& fixed, int threads, Outlines* outlines) {
  ArcSimplifier simplifier(fixed, outlines);
  ParallelFor(threads, static_cast<int>(outlines->arcs.size()), 64, nullptr,
              [&](int, int arc) { simplifier.Simplify(arc); });
}

std::vector<PolygonRings> RingsOf(const Outlines& outlines, int group) {
  std::vector<Ring> rings;
  absl::flat_hash_set<int> done;
  for (const int first : outlines.arcs_of_group[group]) {
    if (done.contains(first)) continue;
    std::vector<int> walk;
    int directed = first;
    do {
      done.insert(directed);
      const Arc& arc = outlines.arcs[directed / 2];
      if (directed % 2 == 0) {
        walk.insert(walk.end(), arc.vertices.begin(), arc.vertices.end() - 1);
        directed = arc.next_left;
      } else {
        walk.insert(walk.end(), arc.vertices.rbegin(), arc.vertices.rend() - 1);
        directed = arc.next_right;
      }
    } while (directed != first);
    for (Ring& loop : SplitAtRepeats(walk, outlines.vertices)) rings.push_back(std::move(loop));
  }
  return Nest(std::move(rings));
}

double SignedArea(const Ring& ring) {
  double twice = 0;
  // About the first point, so that large coordinates do not swallow a small area.
  for (size_t i = 1; i + 1 < ring.size(); ++i) {
    twice +=
        (ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) - (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y);
  }
  return twice / 2;
}

}  // namespace snowfield::geo
