#include "services/cli/files/osm_reader.h"

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <osmium/area/assembler.hpp>
#include <osmium/area/multipolygon_manager.hpp>
#include <osmium/handler.hpp>
#include <osmium/handler/node_locations_for_ways.hpp>
#include <osmium/index/map/flex_mem.hpp>
#include <osmium/io/any_input.hpp>
#include <osmium/visitor.hpp>
#include <string_view>
#include <system_error>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "services/cli/files/coordinates.h"
#include "services/cli/files/osm_tags.h"
#include "services/cli/files/text_encoding.h"

namespace snowfield::cli {
namespace {

namespace pb = snowfield::territory::v1;
namespace geometry = snowfield::geometry::v1;

using NodeIndex = osmium::index::map::FlexMem<osmium::unsigned_object_id_type, osmium::Location>;
using NodeLocations = osmium::handler::NodeLocationsForWays<NodeIndex, NodeIndex>;
using AreaManager = osmium::area::MultipolygonManager<osmium::area::Assembler>;

// A row of an area is larger than this only by mistake.
constexpr size_t kRowBytesMax = 3 << 20;

void AddPoint(geometry::Line& line, const osmium::Location& location) {
  line.add_coordinates(location.lon());
  line.add_coordinates(location.lat());
}

// The stretches of the way between nodes that the file lacks; each of at least two points.
std::vector<geometry::Line> StretchesOf(const osmium::Way& way, size_t& nodes_missing) {
  std::vector<geometry::Line> stretches(1);
  for (const osmium::NodeRef& node : way.nodes()) {
    if (node.location().valid()) {
      AddPoint(stretches.back(), node.location());
    } else {
      ++nodes_missing;
      if (stretches.back().coordinates_size() > 0) stretches.emplace_back();
    }
  }
  std::erase_if(stretches, [](const geometry::Line& line) { return line.coordinates_size() < 4; });
  return stretches;
}

geometry::MultiPolygon PolygonsOf(const osmium::Area& area) {
  geometry::MultiPolygon polygons;
  const auto copy_ring = [](const osmium::NodeRefList& ring, geometry::Line& out) {
    for (const osmium::NodeRef& node : ring) AddPoint(out, node.location());
  };
  for (const osmium::OuterRing& outer : area.outer_rings()) {
    geometry::Polygon& polygon = *polygons.add_polygons();
    copy_ring(outer, *polygon.add_rings());
    for (const osmium::InnerRing& inner : area.inner_rings(outer)) copy_ring(inner, *polygon.add_rings());
  }
  return polygons;
}

absl::Status Unsorted(std::string_view why) {
  return base::InvalidField("file", "OSM_UNSORTED",
                            absl::StrCat("the file is not sorted (nodes, ways, relations, each by id): ",
                                         base::ToAbsl(why), "; mend it with: osmium sort FILE -o sorted.osm.pbf"));
}

// Tells the rows of one kind from the rest, and hands them on. The sink's status ends the reading at the next buffer.
class OsmHandler : public osmium::handler::Handler {
 public:
  OsmHandler(const OsmOptions& options, RowSink& sink) : options_(options), sink_(sink) {}

  void node(const osmium::Node& node) {
    ++object_number_;
    if (ways_seen_ && status_.ok()) status_ = Unsorted("a node comes after a way");
    if (options_.kind != pb::IMPORT_KIND_ADDRESSES || node.tags().empty()) return;
    auto row = AddressOfTags(node.tags());
    if (!row.has_value()) return;
    geometry::Geometry shape;
    if (node.location().valid()) {
      shape.mutable_point()->set_longitude(node.location().lon());
      shape.mutable_point()->set_latitude(node.location().lat());
    }
    GiveAddress(*std::move(row), absl::StrCat("n", node.id()), shape);
  }

  void way(const osmium::Way& way) {
    ++object_number_;
    ways_seen_ = true;
    if (way.tags().empty()) return;
    switch (options_.kind) {
      case pb::IMPORT_KIND_ADDRESSES:
        return TakeAddressWay(way);
      case pb::IMPORT_KIND_STREETS:
        return TakeStreetWay(way);
      case pb::IMPORT_KIND_BARRIERS:
        return TakeBarrierWay(way);
      default:
        return;
    }
  }

  // Assembled areas: of relations, and of closed ways.
  void area(const osmium::Area& area) {
    const std::string id = absl::StrCat(area.from_way() ? "w" : "r", area.orig_id());
    if (options_.kind == pb::IMPORT_KIND_ADDRESSES) {
      if (area.from_way()) return;  // taken by way()
      auto row = AddressOfTags(area.tags());
      if (!row.has_value()) return;
      geometry::Geometry shape;
      *shape.mutable_multi_polygon() = PolygonsOf(area);
      GiveAddress(*std::move(row), id, shape);
    } else if (options_.kind == pb::IMPORT_KIND_BARRIERS && IsWaterArea(area.tags())) {
      BarrierRow row;
      row.set_kind(pb::BARRIER_KIND_WATER);
      *row.mutable_geometry()->mutable_multi_polygon() = PolygonsOf(area);
      Give(std::move(row), id);
    } else if (options_.kind == pb::IMPORT_KIND_BOUNDARIES) {
      TakeBoundary(area, id);
    }
  }

  void ReportGaps(size_t relations_incomplete) const;
  const absl::Status& status() const { return status_; }

 private:
  void TakeAddressWay(const osmium::Way& way) {
    auto row = AddressOfTags(way.tags());
    if (!row.has_value()) return;
    geometry::Geometry shape;
    std::vector<geometry::Line> stretches = KnownStretches(way);
    if (stretches.empty()) {
      // A building of which one corner is known still has a place.
      for (const osmium::NodeRef& node : way.nodes()) {
        if (!node.location().valid()) continue;
        shape.mutable_point()->set_longitude(node.location().lon());
        shape.mutable_point()->set_latitude(node.location().lat());
      }
      if (!shape.has_point()) return LackWay();
    } else if (way.is_closed() && stretches.size() == 1 && stretches[0].coordinates_size() >= 8) {
      *shape.mutable_multi_polygon()->add_polygons()->add_rings() = std::move(stretches[0]);
    } else {
      *shape.mutable_line() = std::move(stretches[0]);
    }
    GiveAddress(*std::move(row), absl::StrCat("w", way.id()), shape);
  }

  void TakeStreetWay(const osmium::Way& way) {
    const auto row = StreetOfTags(way.tags());
    if (!row.has_value()) return;
    ForEachStretch(way, [&](geometry::Line& line, const std::string& id) {
      StreetRow copy = *row;
      *copy.mutable_line_string() = std::move(line);
      Give(std::move(copy), id);
    });
  }

  void TakeBarrierWay(const osmium::Way& way) {
    const BarrierKind kind = LineBarrierOfTags(way.tags());
    if (kind == pb::BARRIER_KIND_UNSPECIFIED) return;
    ForEachStretch(way, [&](geometry::Line& line, const std::string& id) {
      BarrierRow row;
      row.set_kind(kind);
      *row.mutable_geometry()->mutable_line() = std::move(line);
      Give(std::move(row), id);
    });
  }

  void TakeBoundary(const osmium::Area& area, const std::string& id) {
    auto row = BoundaryOfTags(area.tags());
    if (!row.has_value()) return;
    if (!options_.boundary_kind.empty()) row->set_kind(options_.boundary_kind);
    if (row->code().empty()) row->set_code(id);
    *row->mutable_area() = PolygonsOf(area);
    Give(*std::move(row), id);
  }

  std::vector<geometry::Line> KnownStretches(const osmium::Way& way) {
    size_t missing = 0;
    auto stretches = StretchesOf(way, missing);
    if (missing > 0) ++ways_with_gaps_;
    nodes_missing_ += missing;
    return stretches;
  }

  void ForEachStretch(const osmium::Way& way, const std::function<void(geometry::Line&, const std::string&)>& take) {
    std::vector<geometry::Line> stretches = KnownStretches(way);
    if (stretches.empty()) return LackWay();
    for (size_t i = 0; i < stretches.size(); ++i) {
      take(stretches[i], i == 0 ? absl::StrCat("w", way.id()) : absl::StrCat("w", way.id(), "/", i + 1));
    }
  }

  void LackWay() {
    sink_.TakeIssue(Rejection(object_number_, "NODES_MISSING", "geometry",
                              "fewer than two of the way's nodes are in the file; cut the extract with complete ways"));
  }

  void GiveAddress(AddressRow row, const std::string& id, const geometry::Geometry& shape) {
    if (auto issue = GeometryIssue(object_number_, shape); issue.has_value()) return sink_.TakeIssue(*std::move(issue));
    *row.mutable_position() = MiddleOf(shape);
    const size_t key = std::hash<std::string>{}(absl::StrCat(row.house_number(), "\n", row.street(), "\n", row.unit(),
                                                             "\n", row.city(), "\n", row.postal_code()));
    if (!addresses_seen_.insert(key).second) ++addresses_repeated_;
    Give(std::move(row), id);
  }

  template <typename Row>
  void Give(Row row, const std::string& id) {
    if (!status_.ok()) return;
    row.set_line(object_number_);
    row.set_external_id(id);
    if (row.ByteSizeLong() > kRowBytesMax) {
      return sink_.TakeIssue(Rejection(object_number_, "GEOMETRY_TOO_LARGE", "geometry",
                                       "the object takes more than 3 MiB; simplify it or split it into parts"));
    }
    status_ = sink_.TakeRow(std::move(row));
  }

  const OsmOptions& options_;
  RowSink& sink_;
  absl::Status status_;
  bool ways_seen_ = false;
  uint64_t object_number_ = 0;  // stands for a line number: the object's place in the file
  size_t ways_with_gaps_ = 0;
  size_t nodes_missing_ = 0;
  size_t addresses_repeated_ = 0;
  std::unordered_set<size_t> addresses_seen_;  // hashes: the count is a remark, a rare collision does no harm
};

void OsmHandler::ReportGaps(size_t relations_incomplete) const {
  if (nodes_missing_ > 0) {
    sink_.TakeIssue(Remark(0, "NODES_MISSING", "geometry",
                           absl::StrCat(ways_with_gaps_, " ways name ", nodes_missing_,
                                        " nodes that the file lacks; they keep the nodes they have. An extract with "
                                        "complete ways has them all")));
  }
  if (relations_incomplete > 0) {
    sink_.TakeIssue(Remark(0, "MEMBERS_MISSING", "geometry",
                           absl::StrCat(relations_incomplete,
                                        " areas were left out because the file lacks some of "
                                        "their ways; cut the extract with complete relations to have them")));
  }
  if (addresses_repeated_ > 0) {
    sink_.TakeIssue(Remark(0, "ADDRESS_REPEATED", "house_number",
                           absl::StrCat(addresses_repeated_,
                                        " addresses stand in the file more than once, for instance "
                                        "on a building and on a node in it; each was taken")));
  }
}

bool NeedsAreas(ImportKind kind) { return kind != pb::IMPORT_KIND_STREETS; }

osmium::TagsFilter AreaFilter(ImportKind kind) {
  osmium::TagsFilter filter{false};
  if (kind == pb::IMPORT_KIND_ADDRESSES) filter.add_rule(true, "addr:housenumber");
  if (kind == pb::IMPORT_KIND_BARRIERS) {
    filter.add_rule(true, "natural", "water");
    filter.add_rule(true, "waterway", "riverbank");
    filter.add_rule(true, "landuse", "reservoir");
  }
  if (kind == pb::IMPORT_KIND_BOUNDARIES) {
    filter.add_rule(true, "boundary", "administrative");
    filter.add_rule(true, "boundary", "political");
  }
  return filter;
}

class OsmPass {
 public:
  OsmPass(const OsmOptions& options, RowSink& sink)
      : options_(options),
        sink_(sink),
        handler_(options, sink),
        locations_(positive_ids_, negative_ids_),
        areas_(AssemblerConfig(), AreaFilter(options.kind)) {
    locations_.ignore_errors();
  }

  absl::Status Run(const osmium::io::File& file) {
    if (NeedsAreas(options_.kind)) ReadRelations(file);
    osmium::io::Reader reader{file, osmium::osm_entity_bits::nwr};
    while (osmium::memory::Buffer buffer = reader.read()) {
      Apply(buffer);
      if (!handler_.status().ok()) return handler_.status();
      if (reader.file_size() > 0) sink_.TakeProgress(static_cast<double>(reader.offset()) / reader.file_size());
    }
    reader.close();
    handler_.ReportGaps(RelationsIncomplete());
    return handler_.status();
  }

 private:
  static osmium::area::AssemblerConfig AssemblerConfig() {
    osmium::area::AssemblerConfig config;
    config.ignore_invalid_locations = true;
    config.create_empty_areas = false;
    return config;
  }

  void ReadRelations(const osmium::io::File& file) {
    osmium::io::Reader reader{file, osmium::osm_entity_bits::relation};
    osmium::apply(reader, areas_);
    reader.close();
    areas_.prepare_for_lookup();
  }

  void Apply(osmium::memory::Buffer& buffer) {
    if (!NeedsAreas(options_.kind)) return osmium::apply(buffer, locations_, handler_);
    osmium::apply(buffer, locations_, handler_,
                  areas_.handler([this](osmium::memory::Buffer&& done) { osmium::apply(done, handler_); }));
  }

  size_t RelationsIncomplete() {
    size_t count = 0;
    if (NeedsAreas(options_.kind)) {
      areas_.for_each_incomplete_relation([&count](const auto&) { ++count; });
    }
    return count;
  }

  const OsmOptions& options_;
  RowSink& sink_;
  OsmHandler handler_;
  NodeIndex positive_ids_;
  NodeIndex negative_ids_;
  NodeLocations locations_;
  AreaManager areas_;
};

absl::Status CheckFile(const std::string& path) {
  std::error_code error;
  const auto bytes = std::filesystem::file_size(path, error);
  if (error) {
    return base::Problem(absl::StatusCode::kNotFound, "FILE_NOT_FOUND", "file",
                         absl::StrCat("there is no file ", path, "; check the path"));
  }
  if (bytes == 0) return base::InvalidField("file", "FILE_EMPTY", absl::StrCat(path, " is empty; fetch it again"));
  return absl::OkStatus();
}

}  // namespace

absl::Status ReadOsm(const std::string& path, const OsmOptions& options, RowSink& sink) {
  if (options.kind == pb::IMPORT_KIND_PEOPLE || options.kind == pb::IMPORT_KIND_UNSPECIFIED) {
    return base::InvalidField(
        "file", "OSM_HAS_NO_PEOPLE",
        "an OpenStreetMap file has addresses, streets, barriers and boundaries; people come from CSV");
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckFile(path));
  try {
    OsmPass pass(options, sink);
    return pass.Run(osmium::io::File{path});
  } catch (const osmium::out_of_order_error& error) {
    return Unsorted(error.what());
  } catch (const std::exception& error) {
    return base::Problem(absl::StatusCode::kDataLoss, "FILE_TRUNCATED", "file",
                         absl::StrCat(path, " is cut off or damaged (", error.what(),
                                      "); fetch it again and compare its size or checksum"));
  }
}

}  // namespace snowfield::cli
