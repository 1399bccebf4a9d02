#include "services/cli/map/turf_geojson.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace snowfield::cli {
namespace {

using Json = nlohmann::ordered_json;

double Rounded(double degrees) { return std::round(degrees * 1e7) / 1e7; }

Json Positions(const geometry::v1::Line& line, bool backwards) {
  Json positions = Json::array();
  const int points = line.coordinates_size() / 2;
  for (int i = 0; i < points; ++i) {
    const int at = 2 * (backwards ? points - 1 - i : i);
    positions.push_back({Rounded(line.coordinates(at)), Rounded(line.coordinates(at + 1))});
  }
  return positions;
}

// Twice the signed area in square degrees: above 0 for a counterclockwise ring.
double SignedArea(const geometry::v1::Line& ring) {
  double area = 0;
  for (int i = 0; i + 3 < ring.coordinates_size(); i += 2) {
    // About the first point, so that small rings far from the origin lose no digits.
    const double x0 = ring.coordinates(i) - ring.coordinates(0), y0 = ring.coordinates(i + 1) - ring.coordinates(1);
    const double x1 = ring.coordinates(i + 2) - ring.coordinates(0);
    const double y1 = ring.coordinates(i + 3) - ring.coordinates(1);
    area += x0 * y1 - x1 * y0;
  }
  return area;
}

Json Rings(const geometry::v1::Polygon& polygon) {
  Json rings = Json::array();
  for (int i = 0; i < polygon.rings_size(); ++i) {
    const bool counterclockwise = SignedArea(polygon.rings(i)) > 0;
    rings.push_back(Positions(polygon.rings(i), counterclockwise != (i == 0)));
  }
  return rings;
}

Json Area(const geometry::v1::MultiPolygon& area) {
  if (area.polygons_size() == 1) return {{"type", "Polygon"}, {"coordinates", Rings(area.polygons(0))}};
  Json polygons = Json::array();
  for (const geometry::v1::Polygon& polygon : area.polygons()) polygons.push_back(Rings(polygon));
  return {{"type", "MultiPolygon"}, {"coordinates", std::move(polygons)}};
}

Json TurfProperties(const turf::v1::Turf& turf) {
  const turf::v1::TurfMetrics& metrics = turf.metrics();
  Json properties = {{"kind", "turf"},
                     {"turf", turf.number()},
                     {"turf_id", turf.turf_id()},
                     {"region", turf.region_number()},
                     {"doors", metrics.doors()},
                     {"address_points", metrics.address_points()},
                     {"walk_length_m", metrics.walk_length_m()},
                     {"walk_per_door_m", metrics.walk_per_door_m()},
                     {"street_crossings", metrics.street_crossings()},
                     {"minutes", metrics.minutes()},
                     {"polsby_popper", metrics.polsby_popper()},
                     {"area_over_hull", metrics.area_over_hull()},
                     {"connected", metrics.connected()},
                     {"in_bounds", metrics.in_bounds()}};
  if (!metrics.reason().empty()) properties["reason"] = metrics.reason();
  if (!turf.list_number().empty()) {
    properties["list_number"] = turf.list_number();
    properties["leader_id"] = turf.leader_id();
  }
  return properties;
}

Json Feature(Json geometry, Json properties) {
  return {{"type", "Feature"}, {"geometry", std::move(geometry)}, {"properties", std::move(properties)}};
}

}  // namespace

std::string WriteTurfGeoJson(const TurfMap& map) {
  Json features = Json::array();
  for (const auto& exported : map.turfs) {
    features.push_back(Feature(Area(exported.area()), TurfProperties(exported.turf())));
    features.push_back(
        Feature({{"type", "LineString"}, {"coordinates", Positions(exported.walk(), false)}},
                {{"kind", "walk"}, {"turf", exported.turf().number()}, {"turf_id", exported.turf().turf_id()}}));
  }
  const Json collection = {{"type", "FeatureCollection"}, {"features", std::move(features)}};
  // Text from the map may hold bytes that are no UTF-8 only by a fault; they must not end the program.
  return collection.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace snowfield::cli
