#include "services/cli/lasso.h"

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "base/status.h"

namespace snowfield::cli {
namespace {

using nlohmann::json;

absl::Status Unreadable(const std::string& why) { return base::InvalidField("--lasso", "LASSO_UNREADABLE", why); }

absl::Status AddPolygon(const json& rings, geometry::v1::MultiPolygon& area) {
  geometry::v1::Polygon& polygon = *area.add_polygons();
  for (const json& ring : rings) {
    geometry::v1::Line& line = *polygon.add_rings();
    for (const json& point : ring) {
      if (!point.is_array() || point.size() < 2 || !point[0].is_number() || !point[1].is_number()) {
        return Unreadable("a position is two numbers: longitude, latitude");
      }
      line.add_coordinates(point[0].get<double>());
      line.add_coordinates(point[1].get<double>());
    }
  }
  return absl::OkStatus();
}

absl::Status AddGeoJson(const json& value, geometry::v1::MultiPolygon& area) {
  const std::string type = value.is_object() ? value.value("type", "") : "";
  const auto member = [&value](const char* name) { return value.contains(name) ? value.at(name) : json::array(); };
  if (type == "Feature") return AddGeoJson(member("geometry"), area);
  if (type == "Polygon") return AddPolygon(member("coordinates"), area);
  if (type != "FeatureCollection" && type != "MultiPolygon") {
    return Unreadable("the file must hold a GeoJSON Polygon or MultiPolygon");
  }
  for (const json& part : member(type == "MultiPolygon" ? "coordinates" : "features")) {
    SNOWFIELD_RETURN_IF_ERROR(type == "MultiPolygon" ? AddPolygon(part, area) : AddGeoJson(part, area));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<geometry::v1::MultiPolygon> ParseLasso(const std::string& text) {
  geometry::v1::MultiPolygon area;
  geometry::v1::Line& ring = *area.add_polygons()->add_rings();
  for (const auto point : absl::StrSplit(text, absl::ByAnyChar(" ;\t\n"), absl::SkipEmpty())) {
    const std::vector<std::string> numbers = absl::StrSplit(point, ',');
    double longitude = 0, latitude = 0;
    if (numbers.size() != 2 || !absl::SimpleAtod(numbers[0], &longitude) || !absl::SimpleAtod(numbers[1], &latitude)) {
      return Unreadable("write points as LON,LAT with spaces between: \"11.10,49.51 11.12,49.51 11.11,49.52\"");
    }
    ring.add_coordinates(longitude);
    ring.add_coordinates(latitude);
  }
  const int count = ring.coordinates_size();
  if (count < 6) return Unreadable("a lasso has at least three points");
  if (ring.coordinates(0) != ring.coordinates(count - 2) || ring.coordinates(1) != ring.coordinates(count - 1)) {
    ring.add_coordinates(ring.coordinates(0));
    ring.add_coordinates(ring.coordinates(1));
  }
  return area;
}

absl::StatusOr<geometry::v1::MultiPolygon> ReadLassoFile(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::Problem(absl::StatusCode::kNotFound, "FILE_UNREADABLE", "--lasso-file", "can't read the file");
  }
  std::string text(kLassoFileBytesMax + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kLassoFileBytesMax) return Unreadable("the file is larger than 4 MB: simplify the line");
  const json value = json::parse(text, nullptr, false);
  if (value.is_discarded()) return Unreadable("the file is not JSON");
  geometry::v1::MultiPolygon area;
  SNOWFIELD_RETURN_IF_ERROR(AddGeoJson(value, area));
  if (area.polygons_size() == 0) return Unreadable("the file holds no polygon");
  return area;
}

}  // namespace snowfield::cli
