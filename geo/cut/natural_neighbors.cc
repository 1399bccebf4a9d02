#include "geo/cut/natural_neighbors.h"

#include <algorithm>
#include <boost/polygon/voronoi.hpp>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <tuple>

namespace snowfield::geo {

std::vector<std::pair<int, int>> NaturalNeighbors(const std::vector<PointM>& points) {
  using IntPoint = boost::polygon::point_data<int32_t>;
  std::vector<std::pair<int, int>> pairs;
  const auto place = [&points](int i) {
    return std::pair(static_cast<int32_t>(std::lround(points[i].x * 100)),
                     static_cast<int32_t>(std::lround(points[i].y * 100)));
  };
  std::vector<int> order(points.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](int a, int b) { return std::tuple(place(a), a) < std::tuple(place(b), b); });
  std::vector<IntPoint> sites;
  std::vector<int> point_of_site;
  for (size_t i = 0; i < order.size(); ++i) {
    if (i > 0 && place(order[i]) == place(order[i - 1])) {
      pairs.emplace_back(std::minmax(order[i - 1], order[i]));
      continue;
    }
    sites.emplace_back(place(order[i]).first, place(order[i]).second);
    point_of_site.push_back(order[i]);
  }
  boost::polygon::voronoi_diagram<double> diagram;
  boost::polygon::construct_voronoi(sites.begin(), sites.end(), &diagram);
  for (const auto& edge : diagram.edges()) {
    const int a = point_of_site[edge.cell()->source_index()];
    const int b = point_of_site[edge.twin()->cell()->source_index()];
    if (a < b) pairs.emplace_back(a, b);
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

}  // namespace snowfield::geo
