// LegTable: what it takes to walk from any stop of one walk to any other, over the network's corners.
// Thread safety: belongs to one thread; the network is shared.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "geo/frame/frame.h"
#include "geo/streets/street_network.h"
#include "geo/walk/walk_order.h"

namespace snowfield::geo {

// A leg by the network whose way round a barrier is longer than this many times the straight line, and
// kLongWayRound_m on top, counts as a leg over a barrier.
inline constexpr double kLongWayRoundFactor = 4;
inline constexpr double kLongWayRound_m = 200;

struct Leg {
  float cost_m = 0;    // length plus crossing costs
  float length_m = 0;  // metres walked
  int crossing_count = 0;
  // How: along one link (both -1), from corner to corner, or off the network.
  int from_corner = -1;
  int to_corner = -1;
  bool off_network = false;
};

class LegTable {
 public:
  explicit LegTable(const StreetNetwork& network);
  // Makes the table of these stops; keeps a pointer to them.
  void Build(const std::vector<WalkStop>& stops, double crossing_cost_scale);
  int size() const { return static_cast<int>(stops_->size()); }
  Leg Between(int a, int b) const;
  bool MeetsBarrier(int a, int b, const Leg& leg) const;
  // The line of a leg, from stop to stop.
  void AppendPath(int a, int b, const Leg& leg, std::vector<PointM>* path);

 private:
  struct Reached {
    float cost_m;
    float length_m;
    int crossing_count;
  };
  struct Corner {
    int corner;     // of the network
    int component;  // of the network: no way leads from one to another
  };
  struct Label {
    uint32_t stamp = 0;
    bool settled = false;
    Reached reached{};
    int via_corner = -1;
    int via_face = -1;
  };
  // Dijkstra over corners from `source` until `wanted` marked corners are settled or the limit is passed.
  void Spread(int source, int wanted, float limit_m);
  // The corner at an end of a face, as an index of corners_.
  int LocalCorner(int face, int end);
  void FindExtent();
  void FillBetween(float limit_m);
  std::vector<int> SweepOrder() const;

  const StreetNetwork& network_;
  const std::vector<WalkStop>* stops_ = nullptr;
  float scale_ = 1;
  uint32_t stamp_ = 0;
  std::vector<Label> labels_;
  std::vector<uint32_t> marked_;  // stamp of the corners that Spread waits for
  uint32_t mark_ = 0;
  std::vector<std::pair<float, int>> heap_;
  PointM low_, high_;              // of the box around the stops
  std::vector<Corner> corners_;    // of this table
  std::vector<int> local_corner_;  // per network corner, valid where marked
  std::vector<Reached> between_;   // corners_.size() squared
  std::vector<int> stop_corner_;   // two per stop, local; -1 off the network
};

}  // namespace snowfield::geo
