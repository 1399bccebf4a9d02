#include "geo/streets/network_builder.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>

#include "geo/streets/street_name.h"

namespace snowfield::geo {
namespace {

constexpr double kGridCell_m = 80;

int Find(std::vector<int>* parent, int i) {
  while ((*parent)[i] != i) i = (*parent)[i] = (*parent)[(*parent)[i]];
  return i;
}

// Where ab and cd cross; false where they do not or are parallel.
bool CrossingPoint(const Segment& s, const Segment& t, double* along_s, double* along_t, PointM* point) {
  const double dx = s.b.x - s.a.x, dy = s.b.y - s.a.y, ex = t.b.x - t.a.x, ey = t.b.y - t.a.y;
  const double determinant = dx * ey - dy * ex;
  if (std::abs(determinant) < 1e-9) return false;
  *along_s = ((t.a.x - s.a.x) * ey - (t.a.y - s.a.y) * ex) / determinant;
  *along_t = ((t.a.x - s.a.x) * dy - (t.a.y - s.a.y) * dx) / determinant;
  *point = {s.a.x + *along_s * dx, s.a.y + *along_s * dy};
  return *along_s >= 0 && *along_s <= 1 && *along_t >= 0 && *along_t <= 1;
}

}  // namespace

StreetNetwork NetworkBuilder::Build(const std::vector<StreetLine>& streets,
                                    const std::vector<std::vector<PointM>>& barriers) {
  network_.keys_.emplace_back();  // key 0: no name
  AddBarriers(streets, barriers);
  {
    const SegmentGrid grid(WalkableSegments(streets), kGridCell_m);
    FindCrossings(streets, grid);
    FindLooseEnds(streets, grid);
  }
  CutIntoPieces(streets);
  JoinParts();
  MakeLinks();
  MakeCorners();
  IndexSegments();
  return std::move(network_);
}

void NetworkBuilder::AddBarriers(const std::vector<StreetLine>& streets,
                                 const std::vector<std::vector<PointM>>& barriers) {
  std::vector<Segment> segments;
  const auto add = [&segments](const std::vector<PointM>& line, int owner) {
    for (size_t i = 0; i + 1 < line.size(); ++i) {
      segments.push_back({line[i], line[i + 1], owner, static_cast<int>(i)});
    }
  };
  int owner = 0;
  for (const std::vector<PointM>& barrier : barriers) add(barrier, owner++);
  for (const StreetLine& street : streets) {
    if (IsBarrier(street.street_class)) add(street.points, owner++);
  }
  network_.barriers_ = SegmentGrid(std::move(segments), 2 * kGridCell_m);
}

int NetworkBuilder::KeyOf(const std::string& name) {
  std::string key = NormalizeStreetName(name);
  if (key.empty()) return 0;
  const auto [at, added] = network_.key_index_.try_emplace(key, static_cast<int>(network_.keys_.size()));
  if (added) network_.keys_.push_back(std::move(key));
  return at->second;
}

// The vertex within kNodeSnap_m of the point: its own grid cell or a neighbour's.
int NetworkBuilder::VertexAt(const PointM& point) {
  const auto column = static_cast<int64_t>(std::floor(point.x / kNodeSnap_m));
  const auto row = static_cast<int64_t>(std::floor(point.y / kNodeSnap_m));
  for (int64_t c = column - 1; c <= column + 1; ++c) {
    for (int64_t r = row - 1; r <= row + 1; ++r) {
      const auto found = vertex_index_.find({c, r});
      if (found != vertex_index_.end() && DistanceM(vertices_[found->second], point) <= kNodeSnap_m) {
        return found->second;
      }
    }
  }
  const auto vertex = static_cast<int>(vertices_.size());
  vertices_.push_back(point);
  vertex_index_.try_emplace({column, row}, vertex);
  return vertex;
}

std::vector<Segment> NetworkBuilder::WalkableSegments(const std::vector<StreetLine>& streets) {
  std::vector<Segment> segments;
  for (int line = 0; line < static_cast<int>(streets.size()); ++line) {
    if (!IsWalkable(streets[line].street_class)) continue;
    const std::vector<PointM>& points = streets[line].points;
    for (int part = 0; part + 1 < static_cast<int>(points.size()); ++part) {
      segments.push_back({points[part], points[part + 1], line, part});
    }
  }
  return segments;
}

void NetworkBuilder::FindCrossings(const std::vector<StreetLine>& streets, const SegmentGrid& grid) {
  const std::vector<Segment>& segments = grid.segments();
  for (int i = 0; i < static_cast<int>(segments.size()); ++i) {
    const Segment& s = segments[i];
    const auto visit = [&](int j) {
      const Segment& t = segments[j];
      if (j <= i || (s.owner == t.owner && std::abs(s.part - t.part) <= 1)) return true;
      if (streets[s.owner].layer != streets[t.owner].layer) return true;
      double along_s = 0, along_t = 0;
      PointM point;
      if (!CrossingPoint(s, t, &along_s, &along_t, &point)) return true;
      splits_.push_back({s.owner, s.part, along_s, point});
      splits_.push_back({t.owner, t.part, along_t, point});
      return true;
    };
    grid.VisitBox(std::min(s.a.x, s.b.x), std::min(s.a.y, s.b.y), std::max(s.a.x, s.b.x), std::max(s.a.y, s.b.y),
                  visit);
  }
}

// An end of a line that lies on another line, or stops just short of it, becomes a vertex of that line.
void NetworkBuilder::FindLooseEnds(const std::vector<StreetLine>& streets, const SegmentGrid& grid) {
  for (int line = 0; line < static_cast<int>(streets.size()); ++line) {
    if (!IsWalkable(streets[line].street_class) || streets[line].points.size() < 2) continue;
    for (const PointM& end : {streets[line].points.front(), streets[line].points.back()}) {
      int best = -1;
      Projection nearest{kEndSnap_m, 0, {}};
      grid.VisitBox(end.x - kEndSnap_m, end.y - kEndSnap_m, end.x + kEndSnap_m, end.y + kEndSnap_m, [&](int j) {
        const Segment& t = grid.segments()[j];
        if (t.owner == line || streets[t.owner].layer != streets[line].layer) return true;
        const Projection projection = ProjectOnSegment(end, t.a, t.b);
        if (projection.distance_m < nearest.distance_m || (projection.distance_m == nearest.distance_m && j < best)) {
          nearest = projection;
          best = j;
        }
        return true;
      });
      if (best < 0) continue;
      const Segment& t = grid.segments()[best];
      splits_.push_back({t.owner, t.part, nearest.along, end});
    }
  }
}

void NetworkBuilder::CutIntoPieces(const std::vector<StreetLine>& streets) {
  std::sort(splits_.begin(), splits_.end(), [](const Split& a, const Split& b) {
    return std::tie(a.line, a.part, a.along, a.point.x, a.point.y) <
           std::tie(b.line, b.part, b.along, b.point.x, b.point.y);
  });
  size_t split = 0;
  for (int line = 0; line < static_cast<int>(streets.size()); ++line) {
    const StreetLine& street = streets[line];
    if (!IsWalkable(street.street_class) || street.points.empty()) continue;
    const int key = KeyOf(street.name);
    int last = VertexAt(street.points.front());
    const auto go_to = [&](const PointM& point) {
      const int vertex = VertexAt(point);
      if (vertex != last) AddPiece(last, vertex, street.street_class, key);
      last = vertex;
    };
    for (int part = 0; part + 1 < static_cast<int>(street.points.size()); ++part) {
      for (; split < splits_.size() && splits_[split].line == line && splits_[split].part == part; ++split) {
        go_to(splits_[split].point);
      }
      go_to(street.points[part + 1]);
    }
  }
}

// A piece that is there already (TIGER repeats a street for each of its names) only gets the second name.
void NetworkBuilder::AddPiece(int a, int b, StreetClass street_class, int key) {
  const auto [at, added] = piece_index_.try_emplace({std::min(a, b), std::max(a, b)}, static_cast<int>(pieces_.size()));
  if (added) {
    pieces_.push_back({a, b, street_class, {key}});
    return;
  }
  std::vector<int>& keys = pieces_[at->second].keys;
  if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
}

std::vector<int> NetworkBuilder::VertexParts(int* count) const {
  std::vector<int> parent(vertices_.size());
  std::iota(parent.begin(), parent.end(), 0);
  for (const Piece& piece : pieces_) {
    const int a = Find(&parent, piece.a), b = Find(&parent, piece.b);
    parent[std::max(a, b)] = std::min(a, b);
  }
  std::vector<int> part(vertices_.size());
  *count = 0;
  for (int v = 0; v < static_cast<int>(vertices_.size()); ++v) {
    const int root = Find(&parent, v);
    part[v] = root == v ? (*count)++ : part[root];
  }
  return part;
}

// Gaps in the data: each part gets its shortest connector to another part within kPartGapMax_m that no barrier cuts.
void NetworkBuilder::JoinParts() {
  int count = 0;
  const std::vector<int> part = VertexParts(&count);
  if (count < 2) return;
  std::vector<int> size(count, 0);
  for (const int p : part) ++size[p];
  const auto largest = static_cast<int>(std::max_element(size.begin(), size.end()) - size.begin());
  std::vector<Segment> as_points;
  for (int v = 0; v < static_cast<int>(vertices_.size()); ++v) as_points.push_back({vertices_[v], vertices_[v], v, 0});
  const SegmentGrid grid(std::move(as_points), kGridCell_m);
  struct Connector {
    double distance_m = kPartGapMax_m;
    int a = -1, b = -1;
  };
  std::vector<Connector> best(count);
  for (int v = 0; v < static_cast<int>(vertices_.size()); ++v) {
    if (part[v] == largest) continue;
    const PointM& p = vertices_[v];
    grid.VisitBox(p.x - kPartGapMax_m, p.y - kPartGapMax_m, p.x + kPartGapMax_m, p.y + kPartGapMax_m, [&](int w) {
      const double distance = DistanceM(p, vertices_[w]);
      if (part[w] == part[v] || distance >= best[part[v]].distance_m) return true;
      if (!network_.barriers_.Meets(p, vertices_[w])) best[part[v]] = {distance, v, w};
      return true;
    });
  }
  for (const Connector& connector : best) {
    if (connector.a >= 0) AddPiece(connector.a, connector.b, StreetClass::kWalkway, 0);
  }
}

// A vertex where the street merely bends is inside a link; all others are nodes.
bool NetworkBuilder::IsJunction(int vertex) const {
  if (vertex_pieces_[vertex].size() != 2) return true;
  const Piece& first = pieces_[vertex_pieces_[vertex][0]];
  const Piece& second = pieces_[vertex_pieces_[vertex][1]];
  return first.street_class != second.street_class || first.keys.front() != second.keys.front();
}

void NetworkBuilder::FollowChain(int vertex, int piece, std::vector<char>* used) {
  const auto node_of = [this](int v) {
    if (vertex_node_[v] < 0) {
      vertex_node_[v] = static_cast<int>(network_.nodes_.size());
      network_.nodes_.push_back(vertices_[v]);
    }
    return vertex_node_[v];
  };
  Link link;
  link.from = node_of(vertex);
  link.key = pieces_[piece].keys.front();
  link.street_class = pieces_[piece].street_class;
  link.points.push_back(vertices_[vertex]);
  std::vector<int> chain;
  const int start = vertex;
  while (true) {
    (*used)[piece] = 1;
    chain.push_back(piece);
    const int next = pieces_[piece].a == vertex ? pieces_[piece].b : pieces_[piece].a;
    link.length_m += DistanceM(vertices_[vertex], vertices_[next]);
    link.points.push_back(vertices_[next]);
    vertex = next;
    if (vertex == start || IsJunction(vertex)) break;
    const std::vector<int>& around = vertex_pieces_[vertex];
    piece = around[0] == piece ? around[1] : around[0];
  }
  link.to = node_of(vertex);
  network_.links_.push_back(std::move(link));
  link_pieces_.push_back(std::move(chain));
}

void NetworkBuilder::MakeLinks() {
  vertex_pieces_.resize(vertices_.size());
  vertex_node_.assign(vertices_.size(), -1);
  for (int p = 0; p < static_cast<int>(pieces_.size()); ++p) {
    vertex_pieces_[pieces_[p].a].push_back(p);
    vertex_pieces_[pieces_[p].b].push_back(p);
  }
  std::vector<char> used(pieces_.size(), 0);
  for (int v = 0; v < static_cast<int>(vertices_.size()); ++v) {
    if (!IsJunction(v)) continue;
    for (const int piece : vertex_pieces_[v]) {
      if (!used[piece]) FollowChain(v, piece, &used);
    }
  }
  // What is left are rings without a junction.
  for (int p = 0; p < static_cast<int>(pieces_.size()); ++p) {
    if (!used[p]) FollowChain(pieces_[p].a, p, &used);
  }
  int count = 0;
  const std::vector<int> part = VertexParts(&count);
  for (size_t i = 0; i < network_.links_.size(); ++i) {
    network_.links_[i].component = part[pieces_[link_pieces_[i].front()].a];
  }
  network_.component_count_ = count;
}

// Corners are the gaps between neighbouring streets around a node. Seen outwards, a street has the corner of its own
// number on its left and the one before on its right.
void NetworkBuilder::MakeCorners() {
  StreetNetwork& net = network_;
  std::vector<std::vector<int>> node_ends(net.nodes_.size());  // 2 * link + end
  for (int i = 0; i < static_cast<int>(net.links_.size()); ++i) {
    node_ends[net.links_[i].from].push_back(2 * i);
    node_ends[net.links_[i].to].push_back(2 * i + 1);
  }
  const auto angle = [&net](int link_end) {
    const std::vector<PointM>& points = net.links_[link_end / 2].points;
    const bool at_end = link_end % 2 == 1;
    const PointM& node = at_end ? points.back() : points.front();
    const PointM& out = at_end ? points[points.size() - 2] : points[1];
    return std::atan2(out.y - node.y, out.x - node.x);
  };
  net.face_corner_.assign(4 * net.links_.size(), -1);
  for (size_t n = 0; n < node_ends.size(); ++n) {
    std::vector<int>& ends = node_ends[n];
    std::sort(ends.begin(), ends.end(), [&](int a, int b) { return std::pair(angle(a), a) < std::pair(angle(b), b); });
    const auto base = static_cast<int>(net.corner_node_.size());
    const auto degree = static_cast<int>(ends.size());
    for (int i = 0; i < degree; ++i) {
      net.corner_node_.push_back(static_cast<int>(n));
      const int link = ends[i] / 2, end = ends[i] % 2;
      const int left = base + i, right = base + (i + degree - 1) % degree;
      net.face_corner_[2 * (2 * link) + end] = end == 0 ? left : right;
      net.face_corner_[2 * (2 * link + 1) + end] = end == 0 ? right : left;
    }
  }
  MakeEdges(node_ends);
}

void NetworkBuilder::MakeEdges(const std::vector<std::vector<int>>& node_ends) {
  StreetNetwork& net = network_;
  std::vector<std::pair<int, CornerEdge>> edges;  // from, edge
  const auto add = [&edges](int a, int b, double length_m, double cost_m, int face) {
    edges.push_back({a, {b, static_cast<float>(length_m), static_cast<float>(cost_m), face}});
    edges.push_back({b, {a, static_cast<float>(length_m), static_cast<float>(cost_m), face}});
  };
  for (int face = 0; face < net.face_count(); ++face) {
    add(net.CornerOfFace(face, 0), net.CornerOfFace(face, 1), net.LinkOfFace(face).length_m, 0, face);
  }
  for (const std::vector<int>& ends : node_ends) {
    if (ends.size() < 2) continue;
    for (const int link_end : ends) {
      const int link = link_end / 2, end = link_end % 2;
      add(net.CornerOfFace(2 * link, end), net.CornerOfFace(2 * link + 1, end), 0,
          CrossingCostM(net.links_[link].street_class), -1);
    }
  }
  std::stable_sort(edges.begin(), edges.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  net.edge_start_.assign(net.corner_node_.size() + 1, 0);
  for (const auto& [from, edge] : edges) {
    ++net.edge_start_[from + 1];
    net.edges_.push_back(edge);
  }
  std::partial_sum(net.edge_start_.begin(), net.edge_start_.end(), net.edge_start_.begin());
}

void NetworkBuilder::IndexSegments() {
  StreetNetwork& net = network_;
  std::vector<Segment> segments;
  net.key_segments_.resize(net.keys_.size());
  for (int i = 0; i < static_cast<int>(net.links_.size()); ++i) {
    const std::vector<PointM>& points = net.links_[i].points;
    for (int part = 0; part + 1 < static_cast<int>(points.size()); ++part) {
      for (const int key : pieces_[link_pieces_[i][part]].keys) {
        if (key != 0) net.key_segments_[key].push_back(static_cast<int>(segments.size()));
      }
      segments.push_back({points[part], points[part + 1], i, part});
    }
  }
  net.segments_ = SegmentGrid(std::move(segments), kGridCell_m);
}

}  // namespace snowfield::geo
