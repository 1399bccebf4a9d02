#include "bench/geo/two_opt.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace snowfield::bench {

std::vector<int> TwoOpt(const geo::CostTable& costs, std::vector<int> tour) {
  const size_t size = tour.size();
  for (bool improved = true; improved;) {
    improved = false;
    for (size_t i = 0; i + 2 < size; ++i) {
      for (size_t j = i + 2; j < size; ++j) {
        const int a = tour[i], b = tour[i + 1], c = tour[j], d = tour[j + 1 < size ? j + 1 : 0];
        if (a == d || int64_t{costs(a, c)} + costs(b, d) >= int64_t{costs(a, b)} + costs(c, d)) continue;
        std::reverse(tour.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                     tour.begin() + static_cast<std::ptrdiff_t>(j) + 1);
        improved = true;
      }
    }
  }
  return tour;
}

}  // namespace snowfield::bench
