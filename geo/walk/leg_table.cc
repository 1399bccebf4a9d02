#include "geo/walk/leg_table.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

namespace snowfield::geo {
namespace {

constexpr float kUnreached = std::numeric_limits<float>::infinity();

}  // namespace

LegTable::LegTable(const StreetNetwork& network)
    : network_(network),
      labels_(network.corner_count()),
      marked_(network.corner_count(), 0),
      local_corner_(network.corner_count(), -1) {}

int LegTable::LocalCorner(int face, int end) {
  const int corner = network_.CornerOfFace(face, end);
  if (marked_[corner] != mark_) {
    marked_[corner] = mark_;
    local_corner_[corner] = static_cast<int>(corners_.size());
    corners_.push_back({corner, network_.LinkOfFace(face).component});
  }
  return local_corner_[corner];
}

void LegTable::FindExtent() {
  low_ = high_ = stops_->empty() ? PointM{} : stops_->front().position;
  for (const WalkStop& stop : *stops_) {
    low_ = {std::min(low_.x, stop.position.x), std::min(low_.y, stop.position.y)};
    high_ = {std::max(high_.x, stop.position.x), std::max(high_.y, stop.position.y)};
  }
}

void LegTable::Spread(int source, int wanted, float limit_m) {
  ++stamp_;
  heap_.clear();
  const auto reach = [this](int corner, const Reached& reached, int via_corner, int via_face) {
    Label& label = labels_[corner];
    if (label.stamp == stamp_ && (label.settled || label.reached.cost_m <= reached.cost_m)) return;
    label = {stamp_, false, reached, via_corner, via_face};
    heap_.emplace_back(reached.cost_m, corner);
    std::push_heap(heap_.begin(), heap_.end(), std::greater<>());
  };
  reach(source, {0, 0, 0}, -1, -1);
  while (!heap_.empty() && wanted > 0) {
    const auto [cost, corner] = heap_.front();
    std::pop_heap(heap_.begin(), heap_.end(), std::greater<>());
    heap_.pop_back();
    Label& label = labels_[corner];
    if (label.settled) continue;
    if (cost > limit_m) return;
    label.settled = true;
    if (marked_[corner] == mark_) --wanted;
    const Reached here = label.reached;
    for (const CornerEdge* edge = network_.EdgesBegin(corner); edge != network_.EdgesEnd(corner); ++edge) {
      reach(edge->to,
            {here.cost_m + edge->length_m + scale_ * edge->crossing_cost_m, here.length_m + edge->length_m,
             here.crossing_count + (edge->face < 0 && edge->crossing_cost_m > 0 ? 1 : 0)},
            corner, edge->face);
    }
  }
}

void LegTable::Build(const std::vector<WalkStop>& stops, double crossing_cost_scale) {
  stops_ = &stops;
  scale_ = static_cast<float>(crossing_cost_scale);
  ++mark_;
  corners_.clear();
  stop_corner_.assign(2 * stops.size(), -1);
  for (size_t i = 0; i < stops.size(); ++i) {
    if (stops[i].place.face < 0) continue;
    for (int end = 0; end < 2; ++end) stop_corner_[2 * i + end] = LocalCorner(stops[i].place.face, end);
  }
  FindExtent();
  // No way worth walking is longer than a few times the walk's extent.
  FillBetween(static_cast<float>(3000 + 4 * DistanceM(low_, high_)));
}

// Ways are the same in both directions, so a corner that has looked for its ways is done with, and the others look for
// fewer. They take their turns from one side of the walk to the other, so that those still looked for are ever nearer.
void LegTable::FillBetween(float limit_m) {
  const auto count = static_cast<int>(corners_.size());
  between_.assign(static_cast<size_t>(count) * count, {kUnreached, kUnreached, 0});
  for (const int c : SweepOrder()) {
    const auto wanted = std::count_if(corners_.begin(), corners_.end(), [&](const Corner& corner) {
      return marked_[corner.corner] == mark_ && corner.component == corners_[c].component;
    });
    Spread(corners_[c].corner, static_cast<int>(wanted), limit_m);
    for (int d = 0; d < count; ++d) {
      const Label& label = labels_[corners_[d].corner];
      if (label.stamp != stamp_ || !label.settled || marked_[corners_[d].corner] != mark_) continue;
      between_[static_cast<size_t>(c) * count + d] = label.reached;
      between_[static_cast<size_t>(d) * count + c] = label.reached;
    }
    marked_[corners_[c].corner] = 0;
  }
}

// The corners of this table along the longer side of the box around the walk.
std::vector<int> LegTable::SweepOrder() const {
  const auto place = [this](int c) { return network_.node(network_.NodeOfCorner(corners_[c].corner)); };
  std::vector<int> order(corners_.size());
  std::iota(order.begin(), order.end(), 0);
  const bool along_x = high_.x - low_.x > high_.y - low_.y;
  std::sort(order.begin(), order.end(), [&](int a, int b) {
    const PointM p = place(a), q = place(b);
    return along_x ? std::pair(p.x, a) < std::pair(q.x, b) : std::pair(p.y, a) < std::pair(q.y, b);
  });
  return order;
}

Leg LegTable::Between(int a, int b) const {
  const WalkStop& from = (*stops_)[a];
  const WalkStop& to = (*stops_)[b];
  Leg best;
  best.cost_m = kUnreached;
  if (from.place.face >= 0 && to.place.face >= 0) {
    const Link& link_a = network_.LinkOfFace(from.place.face);
    const Link& link_b = network_.LinkOfFace(to.place.face);
    if (from.place.face / 2 == to.place.face / 2) {
      best.length_m = static_cast<float>(std::abs(from.place.offset_m - to.place.offset_m));
      const bool crosses = from.place.face != to.place.face;
      const double crossing_m = crosses ? MidBlockCrossingCostM(link_a.street_class) : 0;
      best.crossing_count = crossing_m > 0 ? 1 : 0;
      best.cost_m = best.length_m + scale_ * static_cast<float>(crossing_m);
    }
    for (int i = 0; i < 2; ++i) {
      const double out_m = i == 0 ? from.place.offset_m : link_a.length_m - from.place.offset_m;
      for (int j = 0; j < 2; ++j) {
        const double in_m = j == 0 ? to.place.offset_m : link_b.length_m - to.place.offset_m;
        const int c = stop_corner_[2 * a + i], d = stop_corner_[2 * b + j];
        const Reached& way = between_[static_cast<size_t>(c) * corners_.size() + d];
        const auto ends_m = static_cast<float>(out_m + in_m);
        if (way.cost_m + ends_m < best.cost_m) {
          best = {way.cost_m + ends_m, way.length_m + ends_m, way.crossing_count,
                  corners_[c].corner,  corners_[d].corner,    false};
        }
      }
    }
  }
  if (best.cost_m < kUnreached) return best;
  best = {};
  best.off_network = true;
  best.length_m = static_cast<float>(kOffNetworkDetour * DistanceM(from.position, to.position));
  best.cost_m = best.length_m;
  if (network_.BarrierBetween(from.position, to.position)) best.cost_m += kBarrierLegCost_m;
  return best;
}

bool LegTable::MeetsBarrier(int a, int b, const Leg& leg) const {
  const PointM& from = (*stops_)[a].position;
  const PointM& to = (*stops_)[b].position;
  const bool far = leg.length_m > kLongWayRoundFactor * DistanceM(from, to) + kLongWayRound_m;
  return (leg.off_network || far) && network_.BarrierBetween(from, to);
}

void LegTable::AppendPath(int a, int b, const Leg& leg, std::vector<PointM>* path) {
  const auto append = [path](const std::vector<PointM>& points) {
    for (const PointM& point : points) {
      if (path->empty() || !(path->back() == point)) path->push_back(point);
    }
  };
  const WalkStop& from = (*stops_)[a];
  const WalkStop& to = (*stops_)[b];
  if (leg.off_network) return append({from.position, to.position});
  const int link_a = from.place.face / 2, link_b = to.place.face / 2;
  if (leg.from_corner < 0) return append(network_.PointsBetween(link_a, from.place.offset_m, to.place.offset_m));

  const auto offset_of = [this](int face, int corner) {
    return network_.CornerOfFace(face, 0) == corner ? 0 : network_.LinkOfFace(face).length_m;
  };
  append(network_.PointsBetween(link_a, from.place.offset_m, offset_of(from.place.face, leg.from_corner)));
  // The way itself was not kept: it is found again, for the few legs that are walked.
  ++mark_;
  marked_[leg.to_corner] = mark_;
  Spread(leg.from_corner, 1, kUnreached);
  std::vector<int> corners;
  for (int c = leg.to_corner; c != leg.from_corner; c = labels_[c].via_corner) corners.push_back(c);
  std::reverse(corners.begin(), corners.end());
  int before = leg.from_corner;
  for (const int corner : corners) {
    if (const int face = labels_[corner].via_face; face >= 0) {
      const double length_m = network_.LinkOfFace(face).length_m;
      const bool forward = network_.CornerOfFace(face, 0) == before && network_.CornerOfFace(face, 1) == corner;
      append(network_.PointsBetween(face / 2, forward ? 0 : length_m, forward ? length_m : 0));
    }
    before = corner;
  }
  append(network_.PointsBetween(link_b, offset_of(to.place.face, leg.to_corner), to.place.offset_m));
}

}  // namespace snowfield::geo
