#include "services/cli/map/coloring.h"

#include <algorithm>
#include <set>
#include <utility>

namespace snowfield::cli {
namespace {

// Each time the node with the fewest neighbours left is taken out.
std::vector<int> SmallestLast(const Neighbors& neighbors) {
  std::vector<int> degree(neighbors.size()), order;
  std::vector<bool> taken(neighbors.size(), false);
  std::set<std::pair<int, int>> queue;
  for (size_t node = 0; node < neighbors.size(); ++node) {
    degree[node] = static_cast<int>(neighbors[node].size());
    queue.emplace(degree[node], static_cast<int>(node));
  }
  while (!queue.empty()) {
    const int node = queue.begin()->second;
    queue.erase(queue.begin());
    taken[node] = true;
    order.push_back(node);
    for (const int beside : neighbors[node]) {
      if (taken[beside]) continue;
      queue.erase({degree[beside], beside});
      queue.emplace(--degree[beside], beside);
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

}  // namespace

void Join(Neighbors& neighbors, int a, int b) {
  neighbors[a].push_back(b);
  neighbors[b].push_back(a);
}

std::vector<int> ColorOf(const Neighbors& neighbors, int colors) {
  Neighbors distinct = neighbors;
  for (std::vector<int>& beside : distinct) {
    std::sort(beside.begin(), beside.end());
    beside.erase(std::unique(beside.begin(), beside.end()), beside.end());
  }
  std::vector<int> color(distinct.size(), -1), used(colors, 0);
  for (const int node : SmallestLast(distinct)) {
    std::vector<int> clashes(colors, 0);
    for (const int beside : distinct[node]) {
      if (color[beside] >= 0) ++clashes[color[beside]];
    }
    int best = 0;
    for (int c = 1; c < colors; ++c) {
      if (std::pair(clashes[c], used[c]) < std::pair(clashes[best], used[best])) best = c;
    }
    color[node] = best;
    ++used[best];
  }
  return color;
}

}  // namespace snowfield::cli
