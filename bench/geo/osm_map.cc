// ReadLauf of real_maps.h, by libosmium.
#include <cstdlib>
#include <osmium/handler.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/sparse_mem_array.hpp>
#include <osmium/io/pbf_input.hpp>
#include <osmium/visitor.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "absl/strings/str_cat.h"
#include "bench/geo/real_maps.h"
#include "geo/geos/geometry.h"

namespace snowfield::bench {
namespace {

using geo::LonLat;

class MapHandler : public osmium::handler::Handler {
 public:
  explicit MapHandler(geo::CutInput* input) : input_(input) {}

  void node(const osmium::Node& node) {
    if (node.location().valid()) AddDoor(node.tags(), {node.location().lon(), node.location().lat()});
  }

  void way(const osmium::Way& way) {
    const std::vector<LonLat> line = LineOf(way);
    if (line.empty()) return;
    LonLat middle;
    const auto distinct = static_cast<double>(line.size() - (way.is_closed() && line.size() > 1 ? 1 : 0));
    for (size_t i = 0; i < static_cast<size_t>(distinct); ++i) {
      middle.lon += line[i].lon / distinct;
      middle.lat += line[i].lat / distinct;
    }
    AddDoor(way.tags(), middle);
    if (line.size() < 2) return;
    AddStreet(way.tags(), line);
    AddBarrier(way.tags(), line);
  }

 private:
  static std::string_view Tag(const osmium::TagList& tags, const char* key) { return tags.get_value_by_key(key, ""); }

  static std::vector<LonLat> LineOf(const osmium::Way& way) {
    std::vector<LonLat> line;
    for (const osmium::NodeRef& node : way.nodes()) {
      if (node.location().valid()) line.push_back({node.lon(), node.lat()});
    }
    return line;
  }

  void AddDoor(const osmium::TagList& tags, const LonLat& place) {
    const std::string_view number = Tag(tags, "addr:housenumber");
    if (number.empty()) return;
    geo::CutDoor& door = input_->doors.emplace_back();
    door.id = base::DoorId(static_cast<int64_t>(input_->doors.size()));
    door.position = place;
    door.house_number = number;
    door.street = Tag(tags, "addr:street").empty() ? Tag(tags, "addr:place") : Tag(tags, "addr:street");
  }

  void AddStreet(const osmium::TagList& tags, const std::vector<LonLat>& line) {
    const std::string_view highway = Tag(tags, "highway");
    if (highway.empty() || Tag(tags, "area") == "yes") return;
    geo::CutStreet& street = input_->streets.emplace_back();
    street.name = Tag(tags, "name");
    street.street_class = geo::FromOsmHighway(highway, Tag(tags, "foot"), Tag(tags, "access"));
    street.layer = std::atoi(tags.get_value_by_key("layer", "0"));
    street.line = line;
  }

  void AddBarrier(const osmium::TagList& tags, const std::vector<LonLat>& line) {
    if (!Tag(tags, "tunnel").empty() && Tag(tags, "tunnel") != "no") return;
    const std::string_view railway = Tag(tags, "railway"), waterway = Tag(tags, "waterway");
    const bool rail = railway == "rail" || railway == "light_rail" || railway == "narrow_gauge";
    const bool water = waterway == "river" || waterway == "canal" || waterway == "stream" || waterway == "riverbank" ||
                       Tag(tags, "natural") == "water";
    if (!rail && !water) return;
    absl::StatusOr<std::string> ewkb = geo::LineToEwkb(line);
    if (ewkb.ok()) input_->barriers.push_back({rail ? geo::BarrierKind::kRail : geo::BarrierKind::kWater, *ewkb});
  }

  geo::CutInput* input_;
};

}  // namespace

absl::StatusOr<DataSet> ReadLauf(const std::string& folder) {
  using Index = osmium::index::map::SparseMemArray<osmium::unsigned_object_id_type, osmium::Location>;
  const std::string path = folder + "/lauf/lauf-200115.osm.pbf";
  DataSet set{"lauf", 0, {}, {}};
  try {
    Index index;
    osmium::handler::NodeLocationsForWays<Index> locations(index);
    locations.ignore_errors();
    MapHandler handler(&set.input);
    osmium::io::Reader reader(path, osmium::osm_entity_bits::node | osmium::osm_entity_bits::way);
    osmium::apply(reader, locations, handler);
    reader.close();
  } catch (const std::exception& error) {
    return absl::NotFoundError(absl::StrCat("cannot read ", path, ": ", error.what()));
  }
  return set;
}

}  // namespace snowfield::bench
