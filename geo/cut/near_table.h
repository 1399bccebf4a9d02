// NearTable: for each atom the atoms that are nearest to walk to, with what the way costs from either end to either
// end. Internal to geo/cut.
//
// Walks over atoms are searched with this table alone: a look at it takes nanoseconds where a way over the network
// takes microseconds. Ways are least-cost ones over the network's corners (Dijkstra 1959), crossings counted; they lead
// past doors of others, but never out of the atom's cell. Thread safety: immutable once built.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "geo/cut/atoms.h"

namespace snowfield::geo {

class NearTable {
 public:
  static constexpr int kNear = 16;  // of each atom at most
  // Ways that cost more are put at this.
  static constexpr double kWayMax_m = 6'000;

  // Stopped: what was built so far is no use.
  static NearTable Build(const Ground& ground, const AtomGraph& graph, int threads,
                         const std::function<bool()>& stopped);

  // Nearest first.
  const int* Begin(int atom) const { return to_.data() + size_t{kNear} * atom; }
  const int* End(int atom) const { return Begin(atom) + count_[atom]; }
  // Metres and crossing costs from an end of one (0: its first stop, 1: its last) to an end of another, the same both
  // ways. Of atoms that are not near each other it is a guess by the straight line.
  float Cost_m(int from, int from_end, int to, int to_end) const;
  // All four of them: [2 * from_end + to_end].
  using Ways = std::array<float, 4>;
  Ways WaysBetween(int from, int to) const;
  // The same for the atom's near one at Begin(atom)[i], without a search.
  Ways WaysToNear(int atom, int i) const;
  // Where its first stop (0) stands, and its last (1).
  const PointM& EndOf(int atom, int end) const { return ends_[atom].at[end]; }
  // From the first stop to the last.
  float Span_m(int atom) const { return span_m_[atom]; }

 private:
  friend class NearSearch;
  struct Ends {
    PointM at[2];
  };

  // The place of `to` among the near ones of `from`, or -1.
  int Find(int from, int to) const;

  std::vector<int> to_;
  std::vector<std::array<uint16_t, 4>> ways_;  // decimetres, [2 * from_end + to_end]
  std::vector<uint8_t> count_;
  std::vector<float> span_m_;
  std::vector<Ends> ends_;
};

}  // namespace snowfield::geo
