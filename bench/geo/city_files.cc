#include "bench/geo/city_files.h"

#include <ogr_api.h>
#include <ogr_srs_api.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <utility>

#include "geo/geos/geometry.h"

namespace snowfield::bench {
namespace {

using geo::LonLat;

// Calls `visit` for each feature; geometries come in degrees, longitude first.
void VisitFeatures(const std::string& path, const std::function<void(OGRFeatureH)>& visit) {
  OGRRegisterAll();
  OGRDataSourceH source = OGROpen(path.c_str(), 0, nullptr);
  if (source == nullptr) return;
  OGRLayerH layer = OGR_DS_GetLayer(source, 0);
  OGRSpatialReferenceH wgs84 = OSRNewSpatialReference(nullptr);
  OSRImportFromEPSG(wgs84, 4326);
  OSRSetAxisMappingStrategy(wgs84, OAMS_TRADITIONAL_GIS_ORDER);
  OGRSpatialReferenceH own = OGR_L_GetSpatialRef(layer);
  OGRCoordinateTransformationH transformation = own != nullptr ? OCTNewCoordinateTransformation(own, wgs84) : nullptr;
  OGRFeatureH feature = nullptr;
  while ((feature = OGR_L_GetNextFeature(layer)) != nullptr) {
    OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
    if (geometry != nullptr && transformation != nullptr) OGR_G_Transform(geometry, transformation);
    visit(feature);
    OGR_F_Destroy(feature);
  }
  if (transformation != nullptr) OCTDestroyCoordinateTransformation(transformation);
  OSRDestroySpatialReference(wgs84);
  OGR_DS_Destroy(source);
}

std::string FieldOf(OGRFeatureH feature, const char* name) {
  const int index = OGR_F_GetFieldIndex(feature, name);
  return index < 0 ? std::string() : OGR_F_GetFieldAsString(feature, index);
}

std::string WkbOf(OGRFeatureH feature) {
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  if (geometry == nullptr) return {};
  OGR_G_FlattenTo2D(geometry);
  std::string bytes(OGR_G_WkbSize(geometry), '\0');
  OGR_G_ExportToWkb(geometry, wkbNDR, reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

}  // namespace

std::optional<std::string> DataFolder() {
  const char* named = std::getenv("SNOWFIELD_DATA");
  const std::string folder = named != nullptr ? named : SNOWFIELD_SOURCE_DIR "/../shared/data";
  if (!std::filesystem::exists(folder + "/dc/Washington.csv.gz")) return std::nullopt;
  return folder;
}

geo::CutInput ReadWashington(const std::string& folder, bool keep_precincts) {
  geo::CutInput input;
  VisitFeatures("CSV:/vsigzip/" + folder + "/dc/Washington.csv.gz", [&](OGRFeatureH feature) {
    geo::CutDoor& door = input.doors.emplace_back();
    door.id = base::DoorId(static_cast<int64_t>(input.doors.size()));
    door.position = {std::atof(FieldOf(feature, "Longitude").c_str()), std::atof(FieldOf(feature, "Latitude").c_str())};
    door.house_number = FieldOf(feature, "House number");
    door.street = FieldOf(feature, "Street name");
  });
  VisitFeatures("/vsizip/" + folder + "/dc/tl_2018_11001_roads.zip", [&](OGRFeatureH feature) {
    geo::CutStreet& street = input.streets.emplace_back();
    street.name = FieldOf(feature, "FULLNAME");
    street.street_class = geo::FromMtfcc(FieldOf(feature, "MTFCC"));
    street.ewkb = WkbOf(feature);
  });
  const auto add_barriers = [&](const std::string& path, geo::BarrierKind kind) {
    VisitFeatures(path, [&](OGRFeatureH feature) { input.barriers.push_back({kind, WkbOf(feature)}); });
  };
  add_barriers("/vsizip/" + folder + "/dc/Waterbodies.zip", geo::BarrierKind::kWater);
  add_barriers("/vsigzip/" + folder + "/dc/railroads.geojson.gz", geo::BarrierKind::kRail);
  if (keep_precincts) {
    VisitFeatures("/vsigzip/" + folder + "/dc/voting-precinct-2012.geojson.gz", [&](OGRFeatureH feature) {
      const auto id = static_cast<int64_t>(input.kept_boundaries.size()) + 1;
      input.kept_boundaries.push_back({base::BoundaryId(id), WkbOf(feature)});
    });
  }
  return input;
}

geo::CutInput GridTown(int side) {
  constexpr double kBlock_m = 100, kDegree_m = 111'195;
  const LonLat origin{9.0, 50.0};
  const double east = kDegree_m * std::cos(origin.lat * 3.14159265358979 / 180);
  const auto place = [&](double x, double y) { return LonLat{origin.lon + x / east, origin.lat + y / kDegree_m}; };
  geo::CutInput input;
  const double length = side * kBlock_m, river = length / 2 + 50;
  const auto add_street = [&](const std::string& name, int number, LonLat from, LonLat to) {
    const bool main = number % 5 == 0;
    input.streets.push_back(
        {name, main ? geo::StreetClass::kArterial : geo::StreetClass::kResidential, 0, {from, to}, {}});
  };
  const auto add_door = [&](const std::string& street, int number, int units, double x, double y) {
    const auto point = static_cast<int64_t>(input.doors.size()) + 1;
    for (int unit = 0; unit < units; ++unit) {
      geo::CutDoor& door = input.doors.emplace_back();
      door.id = base::DoorId(static_cast<int64_t>(input.doors.size()));
      door.address_point = base::AddressPointId(point);
      door.position = place(x, y);
      door.house_number = std::to_string(number);
      door.street = street;
      if (units > 1) door.unit = std::to_string(100 * (unit / 4 + 1) + unit % 4);
    }
  };
  for (int i = 0; i <= side; ++i) {
    const std::string row = std::to_string(i) + "th Street", column = "Avenue " + std::to_string(i);
    const double at = i * kBlock_m;
    add_street(row, i, place(0, at), place(length, at));
    const bool bridge = i % 10 == 5;
    if (bridge) {
      add_street(column, i, place(at, 0), place(at, length));
    } else {
      add_street(column, i, place(at, 0), place(at, river - 25));
      add_street(column, i, place(at, river + 25), place(at, length));
    }
    for (int house = 0; house < side * 8; ++house) {
      const double along = 6 + house * 12.5;
      const bool tower = (i * 7 + house) % 331 == 0;
      add_door(row, house, tower ? 24 : 1, along, at + (house % 2 == 0 ? 9 : -9));
    }
  }
  absl::StatusOr<std::string> water = geo::LineToEwkb({place(-50, river), place(length + 50, river)});
  if (water.ok()) input.barriers.push_back({geo::BarrierKind::kWater, *water});
  return input;
}

}  // namespace snowfield::bench
