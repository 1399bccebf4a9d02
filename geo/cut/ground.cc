#include "geo/cut/ground.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "base/status.h"
#include "geo/cut/street_sides.h"
#include "geo/frame/parallel.h"
#include "geo/geos/geometry.h"
#include "geo/streets/address.h"
#include "geo/streets/street_name.h"

namespace snowfield::geo {
namespace {

std::string FieldOf(const char* list, size_t index, const char* member = "") {
  return std::string(list) + "[" + std::to_string(index) + "]" + member;
}

absl::Status WrongKind(const std::string& field, const char* wanted) {
  return base::InvalidField(field, "GEOMETRY_WRONG_KIND", std::string("the geometry must be a ") + wanted);
}

std::vector<PointM> ToMetres(const std::vector<LonLat>& line, const Frame& frame) {
  std::vector<PointM> points;
  points.reserve(line.size());
  for (const LonLat& place : line) points.push_back(frame.ToMetres(place));
  return points;
}

absl::StatusOr<std::vector<std::vector<LonLat>>> LinesOf(const std::vector<LonLat>& line, const std::string& ewkb,
                                                         const std::string& field) {
  if (ewkb.empty()) {
    for (const LonLat& place : line) SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(place, field));
    return std::vector<std::vector<LonLat>>{line};
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const Geometry geometry, Geometry::FromEwkb(ewkb, field));
  if (geometry.kind() != GeometryKind::kLine && geometry.kind() != GeometryKind::kMultiLine) {
    return WrongKind(field, "LineString or MultiLineString");
  }
  return EwkbToLines(ewkb, field);
}

// The boundaries' geometries, checked to be valid areas.
absl::StatusOr<std::vector<Geometry>> Areas(const CutInput& input) {
  std::vector<Geometry> areas;
  for (size_t i = 0; i < input.kept_boundaries.size(); ++i) {
    const std::string field = FieldOf("kept_boundaries", i);
    SNOWFIELD_ASSIGN_OR_RETURN(Geometry area, Geometry::FromEwkb(input.kept_boundaries[i].ewkb, field));
    if (area.kind() != GeometryKind::kPolygon && area.kind() != GeometryKind::kMultiPolygon) {
      return WrongKind(field, "Polygon or MultiPolygon");
    }
    for (const std::vector<XY>& ring : area.Lines()) {
      for (const XY& point : ring) SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat({point.x, point.y}, field));
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Invalidity> invalid, area.FindInvalidity());
    if (!invalid.empty()) {
      return base::InvalidField(field, "GEOMETRY_INVALID",
                                invalid.front().reason + " at " + std::to_string(invalid.front().place.x) + " " +
                                    std::to_string(invalid.front().place.y) +
                                    ": mend the boundary's line there (a map programme's \"fix geometries\" does it)");
    }
    areas.push_back(std::move(area));
  }
  return areas;
}

// Doors grouped into stops, each with its doors in order, stops by lowest door id.
std::vector<GroundStop> GroupDoors(const CutInput& input) {
  std::vector<int> by_id(input.doors.size());
  for (size_t i = 0; i < by_id.size(); ++i) by_id[i] = static_cast<int>(i);
  std::sort(by_id.begin(), by_id.end(), [&](int a, int b) { return input.doors[a].id < input.doors[b].id; });
  std::vector<GroundStop> stops;
  absl::flat_hash_map<int64_t, int> stop_of_point;
  for (const int door : by_id) {
    const int64_t point = input.doors[door].address_point.value;
    if (point != 0) {
      const auto [at, added] = stop_of_point.try_emplace(point, static_cast<int>(stops.size()));
      if (!added) {
        stops[at->second].doors.push_back(door);
        continue;
      }
    }
    stops.emplace_back().doors.push_back(door);
  }
  return stops;
}

void OrderDoors(const CutInput& input, GroundStop* stop) {
  if (stop->doors.size() < 2) return;
  std::vector<UnitDoor> units;
  for (const int door : stop->doors) {
    const CutDoor& d = input.doors[door];
    units.push_back({d.floor, ParseHouseNumber(d.house_number), NormalizeUnit(d.unit), d.id.value});
  }
  std::vector<int> doors;
  for (const int i : OrderUnits(units)) doors.push_back(stop->doors[i]);
  stop->doors = std::move(doors);
}

}  // namespace

absl::Status CheckDoors(const CutInput& input) {
  if (input.doors.empty()) {
    return base::InvalidField("doors", "NO_DOORS", "there is no door to cut: widen the universe or its boundaries");
  }
  const auto check_count = [](size_t count, int most, const char* field, const char* reason) -> absl::Status {
    if (count <= static_cast<size_t>(most)) return absl::OkStatus();
    return base::InvalidField(field, reason, "at most " + std::to_string(most) + " in one cut: cut it in parts");
  };
  SNOWFIELD_RETURN_IF_ERROR(check_count(input.doors.size(), kCutDoorsMax, "doors", "TOO_MANY_DOORS"));
  SNOWFIELD_RETURN_IF_ERROR(check_count(input.streets.size(), kCutStreetsMax, "streets", "TOO_MANY_STREETS"));
  SNOWFIELD_RETURN_IF_ERROR(check_count(input.barriers.size(), kCutBarriersMax, "barriers", "TOO_MANY_BARRIERS"));
  SNOWFIELD_RETURN_IF_ERROR(
      check_count(input.kept_boundaries.size(), kCutBoundariesMax, "kept_boundaries", "TOO_MANY_BOUNDARIES"));
  absl::flat_hash_set<base::DoorId> seen;
  seen.reserve(input.doors.size());
  for (size_t i = 0; i < input.doors.size(); ++i) {
    const CutDoor& door = input.doors[i];
    if (door.id.value <= 0) {
      return base::InvalidField(FieldOf("doors", i, ".id"), "DOOR_ID_MISSING", "every door needs a positive id");
    }
    if (!seen.insert(door.id).second) {
      return base::InvalidField(FieldOf("doors", i, ".id"), "DOOR_ID_REPEATED", "each door may be given once only");
    }
    SNOWFIELD_RETURN_IF_ERROR(ValidateLonLat(door.position, FieldOf("doors", i, ".position")));
  }
  return absl::OkStatus();
}

absl::StatusOr<StreetNetwork> BuildNetwork(const CutInput& input, const Frame& frame) {
  std::vector<StreetLine> streets;
  for (size_t i = 0; i < input.streets.size(); ++i) {
    const CutStreet& street = input.streets[i];
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lines, LinesOf(street.line, street.ewkb, FieldOf("streets", i)));
    for (const std::vector<LonLat>& line : lines) {
      streets.push_back({street.name, street.street_class, street.layer, ToMetres(line, frame)});
    }
  }
  // Which of two lines is noded first must not depend on the order of the input.
  std::stable_sort(streets.begin(), streets.end(), [](const StreetLine& a, const StreetLine& b) {
    const auto key = [](const StreetLine& s) { return std::tie(s.name, s.street_class, s.layer); };
    if (key(a) != key(b)) return key(a) < key(b);
    return std::lexicographical_compare(
        a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
        [](const PointM& p, const PointM& q) { return std::tie(p.x, p.y) < std::tie(q.x, q.y); });
  });
  std::vector<std::vector<PointM>> barriers;
  for (size_t i = 0; i < input.barriers.size(); ++i) {
    const std::string field = FieldOf("barriers", i);
    SNOWFIELD_ASSIGN_OR_RETURN(const Geometry barrier, Geometry::FromEwkb(input.barriers[i].ewkb, field));
    if (barrier.kind() == GeometryKind::kPoint || barrier.kind() == GeometryKind::kMultiPoint ||
        barrier.kind() == GeometryKind::kCollection) {
      return WrongKind(field, "LineString, Polygon, or several of one of them");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lines, EwkbToLines(input.barriers[i].ewkb, field));
    for (const std::vector<LonLat>& line : lines) barriers.push_back(ToMetres(line, frame));
  }
  return StreetNetwork::Build(streets, barriers);
}

absl::StatusOr<std::vector<GroundStop>> PlaceStops(const CutInput& input, const Frame& frame,
                                                   const StreetNetwork& network, int threads,
                                                   const std::function<bool()>& stopped) {
  SNOWFIELD_ASSIGN_OR_RETURN(const std::vector<Geometry> areas, Areas(input));
  std::vector<AreaIndex> finders;  // prepared geometries are not to be shared
  for (int t = 0; t < threads; ++t) {
    SNOWFIELD_ASSIGN_OR_RETURN(AreaIndex finder, AreaIndex::Over(areas));
    finders.push_back(std::move(finder));
  }
  std::vector<GroundStop> stops = GroupDoors(input);
  std::vector<std::string> keys(stops.size());
  const bool finished = ParallelFor(threads, static_cast<int>(stops.size()), 256, stopped, [&](int thread, int i) {
    GroundStop& stop = stops[i];
    const CutDoor& door = input.doors[stop.doors.front()];
    keys[i] = NormalizeStreetName(door.street);
    stop.house_number = ParseHouseNumber(door.house_number).number;
    stop.walk.position = frame.ToMetres(door.position);
    stop.walk.place = network.Place(stop.walk.position, keys[i]);
    if (!areas.empty()) stop.boundary = finders[thread].Find({door.position.lon, door.position.lat});
    OrderDoors(input, &stop);
  });
  if (!finished) return absl::CancelledError("cancelled");
  CheckSides(&stops);
  std::map<std::string, int> key_index;
  for (const std::string& key : keys) key_index.try_emplace(key, 0);
  int next = 0;
  for (auto& [key, index] : key_index) index = next++;
  for (size_t i = 0; i < stops.size(); ++i) stops[i].key = key_index[keys[i]];
  return stops;
}

}  // namespace snowfield::geo
