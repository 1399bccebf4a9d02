#include "bench/geo/real_maps.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "bench/geo/ogr_features.h"

namespace snowfield::bench {
namespace {

namespace fs = std::filesystem;

absl::Status Visit(const std::string& path, const std::function<void(OGRFeatureH)>& visit) {
  if (VisitFeatures(path, visit)) return absl::OkStatus();
  return absl::NotFoundError(absl::StrCat("cannot open ", path, ": set SNOWFIELD_DATA to the folder of the maps"));
}

absl::Status ReadTigerStreets(const std::string& path, geo::CutInput* input) {
  return Visit(path, [&](OGRFeatureH feature) {
    geo::CutStreet& street = input->streets.emplace_back();
    street.name = FieldOf(feature, "FULLNAME");
    street.street_class = geo::FromMtfcc(FieldOf(feature, "MTFCC"));
    street.ewkb = WkbOf(feature);
  });
}

absl::Status ReadBarriers(const std::string& path, geo::BarrierKind kind, geo::CutInput* input) {
  return Visit(path, [&](OGRFeatureH feature) { input->barriers.push_back({kind, WkbOf(feature)}); });
}

absl::Status ReadBoundaries(const std::string& path, DataSet* set) {
  return Visit(path, [&](OGRFeatureH feature) {
    const auto id = static_cast<int64_t>(set->boundaries.size()) + 1;
    set->boundaries.push_back({base::BoundaryId(id), WkbOf(feature)});
  });
}

// The site types of Vermont's E911 board that people live in, the year round or in season.
bool IsHome(const std::string& site_type) {
  static constexpr std::array<std::string_view, 8> kHomes = {
      "SINGLE FAMILY DWELLING", "MULTI-FAMILY DWELLING",  "MOBILE HOME",   "CONDOMINIUM",
      "OTHER RESIDENTIAL",      "COMMERCIAL W/RESIDENCE", "SEASONAL HOME", "CAMP"};
  return std::find(kHomes.begin(), kHomes.end(), site_type) != kHomes.end();
}

void AddSite(OGRFeatureH feature, int64_t point, geo::CutInput* input) {
  OGRGeometryH geometry = OGR_F_GetGeometryRef(feature);
  if (geometry == nullptr || !IsHome(FieldOf(feature, "SITETYPE"))) return;
  const int units = std::max(1, std::atoi(FieldOf(feature, "UNITCOUNT").c_str()));
  for (int unit = 1; unit <= units; ++unit) {
    geo::CutDoor& door = input->doors.emplace_back();
    door.id = base::DoorId(static_cast<int64_t>(input->doors.size()));
    door.address_point = base::AddressPointId(point);
    door.position = {OGR_G_GetX(geometry, 0), OGR_G_GetY(geometry, 0)};
    door.house_number = FieldOf(feature, "HOUSE_NUMBER") + FieldOf(feature, "HOUSE_NUMBERSUFFIX");
    door.street = FieldOf(feature, "PRIMARYNAME");
    if (units > 1) door.unit = std::to_string(unit);
  }
}

}  // namespace

std::optional<std::string> DataFolder() {
  const char* named = std::getenv("SNOWFIELD_DATA");
  const std::string folder = named != nullptr ? named : SNOWFIELD_SOURCE_DIR "/../shared/data";
  if (!fs::exists(folder + "/dc/Washington.csv.gz")) return std::nullopt;
  return folder;
}

absl::StatusOr<DataSet> ReadWashington(const std::string& folder) {
  DataSet set{"washington", 0, {}, {}};
  geo::CutInput& input = set.input;
  SNOWFIELD_RETURN_IF_ERROR(Visit("CSV:/vsigzip/" + folder + "/dc/Washington.csv.gz", [&](OGRFeatureH feature) {
    geo::CutDoor& door = input.doors.emplace_back();
    door.id = base::DoorId(static_cast<int64_t>(input.doors.size()));
    door.position = {std::atof(FieldOf(feature, "Longitude").c_str()), std::atof(FieldOf(feature, "Latitude").c_str())};
    door.house_number = FieldOf(feature, "House number");
    door.street = FieldOf(feature, "Street name");
  }));
  SNOWFIELD_RETURN_IF_ERROR(ReadTigerStreets("/vsizip/" + folder + "/dc/tl_2018_11001_roads.zip", &input));
  SNOWFIELD_RETURN_IF_ERROR(
      ReadBarriers("/vsizip/" + folder + "/dc/Waterbodies.zip", geo::BarrierKind::kWater, &input));
  SNOWFIELD_RETURN_IF_ERROR(
      ReadBarriers("/vsigzip/" + folder + "/dc/railroads.geojson.gz", geo::BarrierKind::kRail, &input));
  SNOWFIELD_RETURN_IF_ERROR(ReadBoundaries("/vsigzip/" + folder + "/dc/voting-precinct-2012.geojson.gz", &set));
  return set;
}

absl::StatusOr<DataSet> ReadVermontCounty(const std::string& folder, const std::string& county) {
  DataSet set{absl::StrCat("vermont_", county), 0, {}, {}};
  std::error_code missing;
  std::vector<std::string> towns;
  for (const auto& entry : fs::directory_iterator(absl::StrCat(folder, "/vermont/e911/", county), missing)) {
    towns.push_back(entry.path().string());
  }
  if (towns.empty()) return absl::NotFoundError(absl::StrCat("no E911 points of the county ", county));
  std::sort(towns.begin(), towns.end());
  int64_t point = 0;
  for (const std::string& town : towns) {
    SNOWFIELD_RETURN_IF_ERROR(
        Visit("/vsigzip/" + town, [&](OGRFeatureH feature) { AddSite(feature, ++point, &set.input); }));
  }
  const std::string vermont = "/vsigzip/" + folder + "/vermont/";
  SNOWFIELD_RETURN_IF_ERROR(ReadTigerStreets(absl::StrCat(vermont, "roads/", county, "_roads.json.gz"), &set.input));
  for (const char* water : {"lake_champlain_water.json.gz", "champlain_rivers.json.gz"}) {
    SNOWFIELD_RETURN_IF_ERROR(ReadBarriers(vermont + water, geo::BarrierKind::kWater, &set.input));
  }
  SNOWFIELD_RETURN_IF_ERROR(ReadBoundaries("/vsizip/" + folder + "/vermont/VT_towns.zip", &set));
  return set;
}

}  // namespace snowfield::bench
