#include "services/cli/files/osm_tags.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;

constexpr uint32_t kFlatsMax = 5000;

std::string_view Tag(const osmium::TagList& tags, const char* key) { return tags.get_value_by_key(key, ""); }

template <size_t N>
bool OneOf(std::string_view value, const std::array<std::string_view, N>& values) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

constexpr std::array<std::string_view, 26> kStreetClasses = {
    "motorway",       "motorway_link", "trunk",         "trunk_link",   "primary",     "primary_link",  "secondary",
    "secondary_link", "tertiary",      "tertiary_link", "unclassified", "residential", "living_street", "service",
    "pedestrian",     "track",         "footway",       "path",         "cycleway",    "bridleway",     "steps",
    "road",           "busway",        "escape",        "bus_guideway", "corridor"};

bool IsSet(std::string_view value) { return !value.empty() && value != "no"; }

bool HasSidewalk(const osmium::TagList& tags) {
  for (const char* key : {"sidewalk", "sidewalk:both", "sidewalk:left", "sidewalk:right"}) {
    if (OneOf(Tag(tags, key), std::array<std::string_view, 5>{"both", "left", "right", "yes", "separate"})) return true;
  }
  return false;
}

pb::Walkability WalkabilityOf(const osmium::TagList& tags) {
  const std::string_view foot = Tag(tags, "foot");
  if (OneOf(foot, std::array<std::string_view, 5>{"yes", "designated", "permissive", "destination", "official"})) {
    return pb::WALKABILITY_WALKABLE;
  }
  if (foot == "no" || foot == "private") return pb::WALKABILITY_NOT_WALKABLE;
  if (HasSidewalk(tags)) return pb::WALKABILITY_WALKABLE;
  return Tag(tags, "access") == "no" ? pb::WALKABILITY_NOT_WALKABLE : pb::WALKABILITY_UNSPECIFIED;
}

bool IsUnderground(const osmium::TagList& tags) {
  return IsSet(Tag(tags, "tunnel")) || Tag(tags, "location") == "underground";
}

}  // namespace

uint32_t CountFlats(const char* text) {
  uint32_t count = 0;
  for (const absl::string_view part : absl::StrSplit(text, absl::ByAnyChar(";,"), absl::SkipWhitespace())) {
    const std::pair<absl::string_view, absl::string_view> range = absl::StrSplit(part, absl::MaxSplits('-', 1));
    uint32_t first = 0;
    uint32_t last = 0;
    if (!range.second.empty() && absl::SimpleAtoi(range.first, &first) && absl::SimpleAtoi(range.second, &last)) {
      if (last < first || last - first >= kFlatsMax) return 0;
      count += last - first + 1;
    } else {
      ++count;
    }
    if (count > kFlatsMax) return 0;
  }
  return count;
}

std::optional<AddressRow> AddressOfTags(const osmium::TagList& tags) {
  AddressRow row;
  row.set_house_number(tags.get_value_by_key("addr:housenumber", ""));
  row.set_street(tags.get_value_by_key("addr:street", ""));
  if (row.street().empty()) row.set_street(tags.get_value_by_key("addr:place", ""));
  if (row.house_number().empty() || row.street().empty()) return std::nullopt;
  row.set_unit(tags.get_value_by_key("addr:unit", ""));
  row.set_city(tags.get_value_by_key("addr:city", ""));
  row.set_postal_code(tags.get_value_by_key("addr:postcode", ""));
  uint32_t flats = CountFlats(tags.get_value_by_key("addr:flats", ""));
  if (flats == 0 && !absl::SimpleAtoi(tags.get_value_by_key("building:flats", ""), &flats)) flats = 0;
  if (flats <= kFlatsMax) row.set_unit_count(flats);
  // Beside a count of flats, a unit names the stairs that lead to them; the doors are the flats.
  if (row.unit_count() > 1) row.clear_unit();
  int floor = 0;
  if (absl::SimpleAtoi(tags.get_value_by_key("addr:floor", tags.get_value_by_key("level", "")), &floor)) {
    row.set_floor(floor);
  }
  return row;
}

std::optional<StreetRow> StreetOfTags(const osmium::TagList& tags) {
  const std::string_view highway = Tag(tags, "highway");
  if (!OneOf(highway, kStreetClasses) || Tag(tags, "area") == "yes") return std::nullopt;
  StreetRow row;
  row.set_name(tags.get_value_by_key("name", ""));
  row.set_class_scheme(pb::CLASS_SCHEME_OSM);
  row.set_source_class(std::string(highway));
  row.set_walkability(WalkabilityOf(tags));
  const std::string_view layer = Tag(tags, "layer");
  row.set_bridge_or_tunnel(IsSet(Tag(tags, "bridge")) || IsSet(Tag(tags, "tunnel")) ||
                           (!layer.empty() && layer != "0"));
  return row;
}

BarrierKind LineBarrierOfTags(const osmium::TagList& tags) {
  if (IsUnderground(tags)) return pb::BARRIER_KIND_UNSPECIFIED;
  const std::string_view railway = Tag(tags, "railway");
  if (OneOf(railway, std::array<std::string_view, 4>{"rail", "light_rail", "subway", "narrow_gauge"})) {
    return pb::BARRIER_KIND_RAIL;
  }
  if (OneOf(Tag(tags, "waterway"), std::array<std::string_view, 3>{"river", "canal", "stream"})) {
    return pb::BARRIER_KIND_WATER;
  }
  const std::string_view highway = Tag(tags, "highway");
  if (highway == "motorway" || highway == "motorway_link") return pb::BARRIER_KIND_MOTORWAY;
  if ((highway == "trunk" || highway == "trunk_link") && WalkabilityOf(tags) != pb::WALKABILITY_WALKABLE) {
    return pb::BARRIER_KIND_MOTORWAY;
  }
  return pb::BARRIER_KIND_UNSPECIFIED;
}

bool IsWaterArea(const osmium::TagList& tags) {
  return !IsUnderground(tags) && (Tag(tags, "natural") == "water" || Tag(tags, "waterway") == "riverbank" ||
                                  Tag(tags, "landuse") == "reservoir");
}

std::optional<BoundaryRow> BoundaryOfTags(const osmium::TagList& tags) {
  const std::string_view boundary = Tag(tags, "boundary");
  if ((boundary != "administrative" && boundary != "political") || Tag(tags, "name").empty()) return std::nullopt;
  BoundaryRow row;
  row.set_name(std::string(Tag(tags, "name")));
  row.set_code(std::string(Tag(tags, "ref")));
  const std::string level(Tag(tags, "admin_level"));
  row.set_kind(boundary == "political" ? "political"
               : level.empty()         ? "administrative"
                                       : absl::StrCat("admin_level_", level));
  return row;
}

}  // namespace snowfield::cli
