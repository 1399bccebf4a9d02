#include "bench/geo/baselines.h"

#include <metis.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <utility>

#include "bench/geo/place_grid.h"

namespace snowfield::bench {
namespace {

using geo::PointM;

constexpr int kNearest = 8;

// Distance along the Hilbert curve (Wikipedia's xy2d after Skilling's transposition, order 16).
uint64_t HilbertIndex(uint32_t x, uint32_t y) {
  constexpr uint32_t kSide = 1u << 16;
  uint64_t index = 0;
  for (uint32_t s = kSide / 2; s > 0; s /= 2) {
    const uint32_t rx = (x & s) > 0, ry = (y & s) > 0;
    index += static_cast<uint64_t>(s) * s * ((3 * rx) ^ ry);
    if (ry == 0) {
      if (rx == 1) {
        x = kSide - 1 - x;
        y = kSide - 1 - y;
      }
      std::swap(x, y);
    }
  }
  return index;
}

// Who is among the nearest of whom, both ways, as METIS wants a graph.
struct NearestGraph {
  std::vector<idx_t> starts{0};
  std::vector<idx_t> neighbors;
};

NearestGraph BuildNearestGraph(const std::vector<PointM>& places) {
  const PlaceGrid grid(places);
  std::vector<std::pair<int, int>> pairs;
  pairs.reserve(places.size() * kNearest);
  for (int i = 0; i < static_cast<int>(places.size()); ++i) {
    for (const int j : grid.Nearest(i, kNearest)) pairs.emplace_back(std::min(i, j), std::max(i, j));
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  NearestGraph graph;
  graph.starts.assign(places.size() + 1, 0);
  for (const auto& [i, j] : pairs) {
    ++graph.starts[i + 1];
    ++graph.starts[j + 1];
  }
  std::partial_sum(graph.starts.begin(), graph.starts.end(), graph.starts.begin());
  graph.neighbors.resize(2 * pairs.size());
  std::vector<idx_t> next(graph.starts.begin(), graph.starts.end() - 1);
  for (const auto& [i, j] : pairs) {
    graph.neighbors[next[i]++] = j;
    graph.neighbors[next[j]++] = i;
  }
  return graph;
}

}  // namespace

std::vector<int> HilbertParts(const std::vector<PointM>& places, const std::vector<int>& doors, int target) {
  double low_x = 1e18, low_y = 1e18, span = 1;
  for (const PointM& p : places) {
    low_x = std::min(low_x, p.x);
    low_y = std::min(low_y, p.y);
  }
  for (const PointM& p : places) span = std::max({span, p.x - low_x, p.y - low_y});
  std::vector<std::pair<uint64_t, int>> order;
  for (int i = 0; i < static_cast<int>(places.size()); ++i) {
    order.emplace_back(HilbertIndex(static_cast<uint32_t>((places[i].x - low_x) / span * 65'535),
                                    static_cast<uint32_t>((places[i].y - low_y) / span * 65'535)),
                       i);
  }
  std::sort(order.begin(), order.end());
  const int64_t all = std::accumulate(doors.begin(), doors.end(), int64_t{0});
  const int64_t parts = std::max<int64_t>(1, (all + target / 2) / target);
  std::vector<int> part(places.size());
  int64_t before = 0;
  for (const auto& [index, place] : order) {
    part[place] = static_cast<int>(before * parts / all);
    before += doors[place];
  }
  return part;
}

std::vector<int> MetisParts(const std::vector<PointM>& places, const std::vector<int>& doors, int target, int seed) {
  NearestGraph graph = BuildNearestGraph(places);
  auto count = static_cast<idx_t>(places.size());
  idx_t constraints = 1, cut = 0;
  const int64_t all = std::accumulate(doors.begin(), doors.end(), int64_t{0});
  auto parts = static_cast<idx_t>(std::max<int64_t>(1, (all + target / 2) / target));
  std::vector<idx_t> weights(doors.begin(), doors.end());
  std::vector<idx_t> part(places.size(), 0);
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = seed;
  if (parts > 1) {
    METIS_PartGraphKway(&count, &constraints, graph.starts.data(), graph.neighbors.data(), weights.data(), nullptr,
                        nullptr, &parts, nullptr, nullptr, options, &cut, part.data());
  }
  return {part.begin(), part.end()};
}

}  // namespace snowfield::bench
