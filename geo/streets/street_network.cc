#include "geo/streets/street_network.h"

#include <algorithm>
#include <limits>

#include "geo/streets/network_builder.h"

namespace snowfield::geo {
namespace {

// A name with fewer segments is looked through whole; a commoner one by the grid.
constexpr size_t kKeySegmentsScanned = 512;
// A street that carries addresses is taken before any other out to here.
constexpr double kAddressStreetReach_m = 200;

}  // namespace

StreetNetwork StreetNetwork::Build(const std::vector<StreetLine>& streets,
                                   const std::vector<std::vector<PointM>>& barriers) {
  return NetworkBuilder().Build(streets, barriers);
}

template <typename Accept>
StreetNetwork::Nearest StreetNetwork::NearestWhere(const PointM& point, double reach_m, const Accept& accept) const {
  Nearest best;
  best.projection.distance_m = std::numeric_limits<double>::infinity();
  const std::vector<Segment>& segments = segments_.segments();
  for (double radius = std::min(60.0, reach_m);; radius = std::min(3 * radius, reach_m)) {
    segments_.VisitBox(point.x - radius, point.y - radius, point.x + radius, point.y + radius, [&](int i) {
      if (!accept(i)) return true;
      const Projection projection = ProjectOnSegment(point, segments[i].a, segments[i].b);
      const bool nearer = projection.distance_m < best.projection.distance_m ||
                          (projection.distance_m == best.projection.distance_m && i < best.segment);
      if (projection.distance_m <= reach_m && nearer) best = {i, projection};
      return true;
    });
    if (best.projection.distance_m <= radius || radius >= reach_m) return best;
  }
}

StreetNetwork::Nearest StreetNetwork::NearestOfKey(const PointM& point, int key) const {
  const std::vector<int>& bearing = key_segments_[key];
  if (bearing.size() > kKeySegmentsScanned) {
    return NearestWhere(point, kNamedStreetReach_m,
                        [&](int i) { return std::binary_search(bearing.begin(), bearing.end(), i); });
  }
  Nearest best;
  best.projection.distance_m = kNamedStreetReach_m;
  for (const int i : bearing) {
    const Segment& segment = segments_.segments()[i];
    const Projection projection = ProjectOnSegment(point, segment.a, segment.b);
    if (projection.distance_m < best.projection.distance_m) best = {i, projection};
  }
  return best;
}

NetworkPlace StreetNetwork::PlaceOn(const Nearest& nearest, const PointM& point, MatchKind match) const {
  const Segment& segment = segments_.segments()[nearest.segment];
  const Link& link = links_[segment.owner];
  NetworkPlace place;
  for (int part = 0; part < segment.part; ++part) place.offset_m += DistanceM(link.points[part], link.points[part + 1]);
  place.offset_m += nearest.projection.along * DistanceM(segment.a, segment.b);
  place.offset_m = std::min(place.offset_m, link.length_m);
  place.face = 2 * segment.owner + (Cross(segment.a, segment.b, point) >= 0 ? 0 : 1);
  place.distance_m = nearest.projection.distance_m;
  place.match = match;
  return place;
}

NetworkPlace StreetNetwork::Place(const PointM& point, std::string_view street_key) const {
  const auto key = key_index_.find(std::string(street_key));
  if (key != key_index_.end()) {
    const Nearest named = NearestOfKey(point, key->second);
    if (named.segment >= 0) return PlaceOn(named, point, MatchKind::kByName);
  }
  const auto carries = [this](int i) { return CarriesAddresses(links_[segments_.segments()[i].owner].street_class); };
  Nearest nearest = NearestWhere(point, kAddressStreetReach_m, carries);
  if (nearest.segment < 0) nearest = NearestWhere(point, kAnyStreetReach_m, [](int) { return true; });
  return nearest.segment < 0 ? NetworkPlace() : PlaceOn(nearest, point, MatchKind::kByDistance);
}

PointM StreetNetwork::PointAt(int face, double offset_m) const {
  const std::vector<PointM>& points = LinkOfFace(face).points;
  for (size_t i = 0; i + 1 < points.size(); ++i) {
    const double length = DistanceM(points[i], points[i + 1]);
    if (offset_m <= length && length > 0) {
      const double along = std::max(0.0, offset_m / length);
      return {points[i].x + along * (points[i + 1].x - points[i].x),
              points[i].y + along * (points[i + 1].y - points[i].y)};
    }
    offset_m -= length;
  }
  return points.back();
}

std::vector<PointM> StreetNetwork::PointsBetween(int link, double from_m, double to_m) const {
  const std::vector<PointM>& points = links_[link].points;
  const double low = std::min(from_m, to_m), high = std::max(from_m, to_m);
  std::vector<PointM> result{PointAt(2 * link, low)};
  double offset = 0;
  for (size_t i = 1; i + 1 < points.size(); ++i) {
    offset += DistanceM(points[i - 1], points[i]);
    if (offset > low && offset < high) result.push_back(points[i]);
  }
  result.push_back(PointAt(2 * link, high));
  if (from_m > to_m) std::reverse(result.begin(), result.end());
  return result;
}

}  // namespace snowfield::geo
