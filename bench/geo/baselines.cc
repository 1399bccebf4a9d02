#include "bench/geo/baselines.h"

#include <metis.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <numeric>
#include <utility>

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

// The nearest of each place, by a grid of cells of about four places.
std::vector<std::vector<int>> NearestPlaces(const std::vector<PointM>& places) {
  std::map<std::pair<int, int>, std::vector<int>> cells;
  constexpr double kCell_m = 40;
  const auto cell_of = [](const PointM& p) {
    return std::pair(static_cast<int>(std::floor(p.x / kCell_m)), static_cast<int>(std::floor(p.y / kCell_m)));
  };
  for (int i = 0; i < static_cast<int>(places.size()); ++i) cells[cell_of(places[i])].push_back(i);
  std::vector<std::vector<int>> nearest(places.size());
  for (int i = 0; i < static_cast<int>(places.size()); ++i) {
    const auto [column, row] = cell_of(places[i]);
    std::vector<std::pair<double, int>> found;
    for (int ring = 1; ring <= 64 && static_cast<int>(found.size()) < kNearest; ring *= 2) {
      found.clear();
      for (int c = column - ring; c <= column + ring; ++c) {
        for (auto at = cells.lower_bound({c, row - ring}); at != cells.end() && at->first <= std::pair(c, row + ring);
             ++at) {
          for (const int j : at->second) {
            if (j != i) found.emplace_back(geo::DistanceM(places[i], places[j]), j);
          }
        }
      }
    }
    std::sort(found.begin(), found.end());
    for (int k = 0; k < std::min<int>(kNearest, static_cast<int>(found.size())); ++k) {
      nearest[i].push_back(found[k].second);
      nearest[found[k].second].push_back(i);
    }
  }
  for (std::vector<int>& list : nearest) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
  }
  return nearest;
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
  const std::vector<std::vector<int>> nearest = NearestPlaces(places);
  std::vector<idx_t> starts{0}, neighbors;
  for (const std::vector<int>& list : nearest) {
    neighbors.insert(neighbors.end(), list.begin(), list.end());
    starts.push_back(static_cast<idx_t>(neighbors.size()));
  }
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
    METIS_PartGraphKway(&count, &constraints, starts.data(), neighbors.data(), weights.data(), nullptr, nullptr, &parts,
                        nullptr, nullptr, options, &cut, part.data());
  }
  return {part.begin(), part.end()};
}

}  // namespace snowfield::bench
