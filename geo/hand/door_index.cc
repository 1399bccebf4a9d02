#include "geo/hand/door_index.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>
#include <string>
#include <tuple>
#include <utility>

#include "base/status.h"

namespace snowfield::geo {
namespace {

constexpr double kDegree_m = 111'195;
constexpr double kCell_m = 60;

struct Edge {
  XY low;
  XY high;  // low.y <= high.y
  // For an edge that is not level.
  double XAt(double y) const { return low.x + (y - low.y) / (high.y - low.y) * (high.x - low.x); }
};

// Turns of 360 degrees that bring the polygon nearest to a longitude.
double ShiftTowards(const PolygonRings& polygon, double lon) {
  const auto [west, east] = std::minmax_element(polygon.shell.begin(), polygon.shell.end(),
                                                [](const XY& a, const XY& b) { return a.x < b.x; });
  return 360 * std::round((lon - (west->x + east->x) / 2) / 360);
}

void AppendEdges(const Ring& ring, double shift, std::vector<Edge>* edges) {
  for (size_t i = 1; i < ring.size(); ++i) {
    XY a{ring[i - 1].x + shift, ring[i - 1].y}, b{ring[i].x + shift, ring[i].y};
    if (a.y > b.y) std::swap(a, b);
    edges->push_back({a, b});
  }
}

bool IsInside(const std::vector<const Edge*>& edges, const XY& point) {
  bool inside = false;
  for (const Edge* edge : edges) {
    if (edge->low.y <= point.y && point.y < edge->high.y && point.x < edge->XAt(point.y)) inside = !inside;
  }
  return inside;
}

}  // namespace

absl::StatusOr<Lasso> Lasso::FromEwkb(std::string_view ewkb, std::string_view field) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry area, Geometry::FromEwkb(ewkb, field));
  if (area.kind() != GeometryKind::kPolygon && area.kind() != GeometryKind::kMultiPolygon) {
    return base::InvalidField(field, "GEOMETRY_WRONG_KIND", "the geometry must be a Polygon or MultiPolygon");
  }
  size_t points = 0;
  for (const std::vector<XY>& ring : area.Lines()) {
    points += ring.size();
    for (const XY& point : ring) SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat({point.x, point.y}, field));
  }
  if (points == 0) return base::InvalidField(field, "GEOMETRY_MISSING", "draw an area about the doors");
  if (points > kLassoPointsMax) {
    return base::InvalidField(field, "GEOMETRY_TOO_LARGE",
                              "at most " + std::to_string(kLassoPointsMax) + " points: simplify the line");
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Invalidity> invalid, area.FindInvalidity());
  if (!invalid.empty()) {
    return base::InvalidField(field, "GEOMETRY_INVALID",
                              invalid.front().reason + ": draw the area so that its line does not cross itself");
  }
  return Of(area.Polygons());
}

Lasso Lasso::Of(std::vector<PolygonRings> polygons) {
  Lasso lasso;
  lasso.polygons_ = std::move(polygons);
  return lasso;
}

DoorIndex::DoorIndex(const std::vector<LonLat>& places, const Frame& about)
    : frame_(about),
      cell_x_(kCell_m / (kDegree_m * std::max(0.01, std::cos(about.centre().lat * std::numbers::pi / 180)))),
      cell_y_(kCell_m / kDegree_m) {
  std::vector<XY> points;
  points.reserve(places.size());
  std::vector<std::pair<int64_t, int64_t>> cells;  // row, column
  cells.reserve(places.size());
  for (const LonLat& place : places) {
    const XY& point = points.emplace_back(XY{frame_.UnwrappedLon(place), place.lat});
    cells.emplace_back(RowOf(point.y), ColumnOf(point.x));
  }
  doors_.resize(places.size());
  std::iota(doors_.begin(), doors_.end(), 0);
  std::sort(doors_.begin(), doors_.end(), [&](int a, int b) { return std::tie(cells[a], a) < std::tie(cells[b], b); });
  points_.reserve(places.size());
  if (!doors_.empty()) first_row_ = cells[doors_.front()].first;
  for (size_t i = 0; i < doors_.size(); ++i) {
    const auto& cell = cells[doors_[i]];
    if (i == 0 || cell != cells[doors_[i - 1]]) {
      while (first_row_ + static_cast<int64_t>(row_start_.size()) <= cell.first) row_start_.push_back(columns_.size());
      columns_.push_back(cell.second);
      cell_start_.push_back(i);
    }
    points_.push_back(points[doors_[i]]);
  }
  row_start_.push_back(columns_.size());
  cell_start_.push_back(doors_.size());
}

int64_t DoorIndex::RowOf(double y) const { return static_cast<int64_t>(std::floor(y / cell_y_)); }
int64_t DoorIndex::ColumnOf(double x) const { return static_cast<int64_t>(std::floor(x / cell_x_)); }

std::pair<size_t, size_t> DoorIndex::CellsOf(int64_t row, int64_t first, int64_t last) const {
  const int64_t at = row - first_row_;
  if (at < 0 || at + 1 >= static_cast<int64_t>(row_start_.size())) return {0, 0};
  const auto begin = columns_.begin() + static_cast<std::ptrdiff_t>(row_start_[at]);
  const auto end = columns_.begin() + static_cast<std::ptrdiff_t>(row_start_[at + 1]);
  const auto low = std::lower_bound(begin, end, first);
  return {low - columns_.begin(), std::upper_bound(low, end, last) - columns_.begin()};
}

template <typename Inside>
void DoorIndex::Collect(size_t cell, const Inside& inside, std::vector<int>* doors) const {
  for (size_t i = cell_start_[cell]; i < cell_start_[cell + 1]; ++i) {
    if (inside(points_[i])) doors->push_back(doors_[i]);
  }
}

// One lasso over the grid, row by row.
struct DoorIndex::Scan {
  const DoorIndex& index;
  std::vector<Edge> edges;  // by their lower end
  std::vector<const Edge*> active{};
  size_t next = 0;
  std::vector<std::pair<int64_t, int64_t>> touched{};  // columns that an edge meets, first and last
  std::vector<double> crossings{};                     // of the row's middle line

  void Row(int64_t row, std::vector<int>* doors) {
    const double low = static_cast<double>(row) * index.cell_y_, high = low + index.cell_y_;
    std::erase_if(active, [low](const Edge* edge) { return edge->high.y < low; });
    for (; next < edges.size() && edges[next].low.y <= high; ++next) {
      if (edges[next].high.y >= low) active.push_back(&edges[next]);
    }
    if (active.empty()) return;
    Touch(low, high);
    int64_t from = touched.front().first;
    for (const auto& [first, last] : touched) {
      if (first > from) Between(from, first - 1, doors);
      if (last < from) continue;
      const auto [begin, end] = index.CellsOf(row, std::max(first, from), last);
      for (size_t cell = begin; cell < end; ++cell) {
        index.Collect(
            cell, [this](const XY& point) { return IsInside(active, point); }, doors);
      }
      from = last + 1;
    }
  }

  void Touch(double low, double high) {
    touched.clear();
    crossings.clear();
    const double middle = (low + high) / 2;
    row = index.RowOf(middle);
    for (const Edge* edge : active) {
      const double at_low = edge->low.y >= low ? edge->low.x : edge->XAt(low);
      const double at_high = edge->high.y <= high ? edge->high.x : edge->XAt(high);
      // A hair wider, for what rounding may do to a crossing.
      const double hair = 1e-9;
      touched.emplace_back(index.ColumnOf(std::min(at_low, at_high) - hair),
                           index.ColumnOf(std::max(at_low, at_high) + hair));
      if (edge->low.y <= middle && middle < edge->high.y) crossings.push_back(edge->XAt(middle));
    }
    std::sort(touched.begin(), touched.end());
    std::sort(crossings.begin(), crossings.end());
  }

  // Columns that no edge meets lie wholly inside or outside.
  void Between(int64_t first, int64_t last, std::vector<int>* doors) const {
    const double x = (static_cast<double>(first) + 0.5) * index.cell_x_;
    const auto before = std::upper_bound(crossings.begin(), crossings.end(), x) - crossings.begin();
    if (before % 2 == 0) return;
    const auto [begin, end] = index.CellsOf(row, first, last);
    if (begin == end) return;
    doors->insert(doors->end(), index.doors_.begin() + static_cast<std::ptrdiff_t>(index.cell_start_[begin]),
                  index.doors_.begin() + static_cast<std::ptrdiff_t>(index.cell_start_[end]));
  }

  int64_t row = 0;
};

std::vector<int> DoorIndex::Within(const Lasso& lasso) const {
  Scan scan{.index = *this, .edges = {}};
  for (const PolygonRings& polygon : lasso.polygons()) {
    const double shift = ShiftTowards(polygon, frame_.centre().lon);
    AppendEdges(polygon.shell, shift, &scan.edges);
    for (const Ring& hole : polygon.holes) AppendEdges(hole, shift, &scan.edges);
  }
  std::vector<int> doors;
  if (scan.edges.empty() || doors_.empty()) return doors;
  std::sort(scan.edges.begin(), scan.edges.end(), [](const Edge& a, const Edge& b) { return a.low.y < b.low.y; });
  double top = -std::numeric_limits<double>::infinity();
  for (const Edge& edge : scan.edges) top = std::max(top, edge.high.y);
  const int64_t last_row = first_row_ + static_cast<int64_t>(row_start_.size()) - 2;
  const int64_t last = std::min(RowOf(top), last_row);
  for (int64_t row = std::max(RowOf(scan.edges.front().low.y), first_row_); row <= last; ++row) scan.Row(row, &doors);
  std::sort(doors.begin(), doors.end());
  return doors;
}

std::vector<int> DoorIndex::Around(const LonLat& place, double reach_m) const {
  const XY middle{frame_.UnwrappedLon(place), place.lat};
  const double reach_x = reach_m / kCell_m * cell_x_, reach_y = reach_m / kCell_m * cell_y_;
  const auto inside = [&](const XY& point) {
    return std::abs(point.x - middle.x) <= reach_x && std::abs(point.y - middle.y) <= reach_y;
  };
  std::vector<int> doors;
  const int64_t first = ColumnOf(middle.x - reach_x), last = ColumnOf(middle.x + reach_x);
  for (int64_t row = RowOf(middle.y - reach_y); row <= RowOf(middle.y + reach_y); ++row) {
    const auto [begin, end] = CellsOf(row, first, last);
    for (size_t cell = begin; cell < end; ++cell) Collect(cell, inside, &doors);
  }
  std::sort(doors.begin(), doors.end());
  return doors;
}

}  // namespace snowfield::geo
