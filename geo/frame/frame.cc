#include "geo/frame/frame.h"

#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/TransverseMercator.hpp>
#include <algorithm>
#include <cmath>
#include <string>

#include "base/status.h"

namespace snowfield::geo {
namespace {

// Scale 1 on the central meridian, unlike UTM: lengths near the centre are true.
const GeographicLib::TransverseMercator& Projection() {
  static const GeographicLib::TransverseMercator* const projection = new GeographicLib::TransverseMercator(
      GeographicLib::Constants::WGS84_a(), GeographicLib::Constants::WGS84_f(), 1.0);
  return *projection;
}

// Middle of the shortest arc of longitude that holds all places.
double MiddleLon(const std::vector<LonLat>& places) {
  std::vector<double> lons;
  lons.reserve(places.size());
  for (const LonLat& place : places) lons.push_back(place.lon);
  std::sort(lons.begin(), lons.end());
  // The widest gap between neighbours, round the globe, is what the arc leaves out.
  double widest = lons.front() + 360 - lons.back();
  size_t after_gap = 0;
  for (size_t i = 1; i < lons.size(); ++i) {
    if (lons[i] - lons[i - 1] > widest) {
      widest = lons[i] - lons[i - 1];
      after_gap = i;
    }
  }
  return WrapLon(lons[after_gap] + (360 - widest) / 2);
}

}  // namespace

double WrapLon(double lon) {
  if (lon >= -180 && lon <= 180) return lon;
  const double wrapped = std::remainder(lon, 360.0);
  return wrapped;
}

double DistanceM(const PointM& a, const PointM& b) { return std::hypot(a.x - b.x, a.y - b.y); }

double GeodesicM(const LonLat& a, const LonLat& b) {
  double distance = 0;
  GeographicLib::Geodesic::WGS84().Inverse(a.lat, a.lon, b.lat, b.lon, distance);
  return distance;
}

absl::Status ValidateLonLat(const LonLat& place, std::string_view field) {
  const bool finite = std::isfinite(place.lon) && std::isfinite(place.lat);
  if (finite && std::abs(place.lon) <= 180 && std::abs(place.lat) <= 90) return absl::OkStatus();
  return base::InvalidField(field, "COORDINATE_OUT_OF_RANGE",
                            finite ? "longitude must be in [-180, 180] and latitude in [-90, 90] degrees (WGS84); are "
                                     "they swapped, or in metres?"
                                   : "longitude and latitude must be finite numbers");
}

Frame::Frame(const LonLat& centre) : centre_(centre) {
  double x = 0;
  Projection().Forward(centre_.lon, centre_.lat, centre_.lon, x, northing0_);
}

absl::StatusOr<Frame> Frame::About(const LonLat& centre) {
  SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(centre, "centre"));
  return Frame(centre);
}

absl::StatusOr<Frame> Frame::AboutAll(const std::vector<LonLat>& places, std::string_view field) {
  if (places.empty()) return base::InvalidField(field, "NO_PLACES", "give at least one place");
  double south = 90, north = -90;
  for (const LonLat& place : places) {
    SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(place, field));
    south = std::min(south, place.lat);
    north = std::max(north, place.lat);
  }
  Frame frame({MiddleLon(places), (south + north) / 2});
  for (const LonLat& place : places) {
    const PointM point = frame.ToMetres(place);
    if (!(std::hypot(point.x, point.y) <= kFrameRadiusMax_m)) {
      return base::InvalidField(field, "PLACES_TOO_FAR_APART",
                                "places lie more than 1,500 km from their middle: check for mistaken coordinates, or "
                                "work on one state at a time");
    }
  }
  return frame;
}

PointM Frame::ToMetres(const LonLat& place) const {
  PointM point;
  Projection().Forward(centre_.lon, place.lat, place.lon, point.x, point.y);
  point.y -= northing0_;
  return point;
}

LonLat Frame::ToLonLat(const PointM& point) const {
  LonLat place;
  Projection().Reverse(centre_.lon, point.x, point.y + northing0_, place.lat, place.lon);
  place.lon = WrapLon(place.lon);
  return place;
}

double Frame::UnwrappedLon(const LonLat& place) const {
  const double delta = std::remainder(place.lon - centre_.lon, 360.0);
  // Exact where nothing needs unwrapping, so that coordinates come out as they went in.
  const double turns = std::round((centre_.lon + delta - place.lon) / 360.0);
  return place.lon + 360.0 * turns;
}

}  // namespace snowfield::geo
