#include "services/paper/packet_source.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "base/status.h"
#include "db/store/canvass_store.h"
#include "db/store/script_store.h"
#include "geo/frame/frame.h"
#include "services/paper/keys/key_codes.h"
#include "services/paper/keys/signs.h"
#include "services/rpc/geometry.h"
#include "services/rpc/stored_json.h"
#include "snowfield/canvass/v1/canvass.pb.h"

namespace snowfield::paper {
namespace {
namespace wire = canvass::v1;
constexpr char kMainStreet[] = "arterial";

absl::Status AddScript(db::Transaction& transaction, PacketContent& content) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::ScriptBody stored, db::CurrentScript(transaction));
  wire::Script script;
  if (!stored.body.empty()) {
    SNOWFIELD_RETURN_IF_ERROR(rpc::FromStoredJson(stored.body, &script, "a stored script is not of its form"));
  }
  content.script_id = stored.script.value;
  content.greeting = script.greeting();
  for (const Column& column : ColumnsOf(script)) {
    const wire::Question& question = column.question;
    if (column.IsAsk()) {
      content.asks.push_back(AskSign(question.ask()));
    } else {
      content.questions.push_back({.code = question.code(),
                                   .text = question.text(),
                                   .answers = {question.answers().begin(), question.answers().end()}});
    }
  }
  return absl::OkStatus();
}

// The degrees of the list about a frame of its own.
class Ground {
 public:
  static absl::StatusOr<Ground> About(const std::vector<db::DoorToWalk>& doors) {
    std::vector<geo::LonLat> places;
    for (const db::DoorToWalk& door : doors) places.push_back({door.longitude, door.latitude});
    if (places.empty()) places.push_back({0, 0});
    SNOWFIELD_ASSIGN_OR_RETURN(geo::Frame frame, geo::Frame::AboutAll(places, "doors"));
    return Ground(frame);
  }

  MapPoint On(double longitude, double latitude) const {
    const geo::PointM point = frame_.ToMetres({longitude, latitude});
    return {point.x, point.y};
  }
  std::vector<MapPoint> On(const geometry::v1::Line& line) const {
    std::vector<MapPoint> on;
    for (int i = 0; i + 1 < line.coordinates_size(); i += 2) {
      on.push_back(On(line.coordinates(i), line.coordinates(i + 1)));
    }
    return on;
  }
  // The doors and the edge about them.
  db::DegreeBox BoxOf(const std::vector<PacketDoor>& doors) const {
    double left = 0, right = 0, low = 0, high = 0;
    for (const PacketDoor& door : doors) {
      left = std::min(left, door.place.x);
      right = std::max(right, door.place.x);
      low = std::min(low, door.place.y);
      high = std::max(high, door.place.y);
    }
    // As wide as high, for the box of the page is not that of the turf.
    const double half = std::max(right - left, high - low) / 2 + kMapEdgeM;
    const geo::PointM middle{(left + right) / 2, (low + high) / 2};
    const geo::LonLat from = frame_.ToLonLat({middle.x - half, middle.y - half});
    const geo::LonLat to = frame_.ToLonLat({middle.x + half, middle.y + half});
    return {.west = from.lon, .south = from.lat, .east = to.lon, .north = to.lat};
  }

 private:
  explicit Ground(const geo::Frame& frame) : frame_(frame) {}
  geo::Frame frame_;
};

absl::StatusOr<PacketMap> ReadMap(db::Transaction& transaction, const db::ListToPrint& list, const Ground& ground,
                                  const std::vector<PacketDoor>& doors) {
  PacketMap map;
  SNOWFIELD_ASSIGN_OR_RETURN(const geometry::v1::Line walk, rpc::LineFromEwkb(list.walk_ewkb));
  map.walk = ground.On(walk);
  SNOWFIELD_ASSIGN_OR_RETURN(const geometry::v1::MultiPolygon area, rpc::MultiPolygonFromEwkb(list.area_ewkb));
  for (const auto& polygon : area.polygons()) {
    for (const auto& ring : polygon.rings()) map.outline.push_back(ground.On(ring));
  }
  const db::DegreeBox box = ground.BoxOf(doors);
  SNOWFIELD_ASSIGN_OR_RETURN(const auto streets, db::StreetsAbout(transaction, box, kMapPiecesMax));
  for (const db::StreetPiece& piece : streets) {
    SNOWFIELD_ASSIGN_OR_RETURN(const geometry::v1::Line line, rpc::LineFromEwkb(piece.line_ewkb));
    map.streets.push_back({.name = piece.name, .is_main = piece.street_class == kMainStreet, .line = ground.On(line)});
  }
  SNOWFIELD_ASSIGN_OR_RETURN(const auto barriers, db::BarriersAbout(transaction, box, kMapPiecesMax));
  for (const db::BarrierPiece& piece : barriers) {
    MapBarrier& barrier = map.barriers.emplace_back();
    barrier.is_area = piece.is_area;
    if (!piece.is_area) {
      SNOWFIELD_ASSIGN_OR_RETURN(const geometry::v1::Line line, rpc::LineFromEwkb(piece.ewkb));
      barrier.parts.push_back(ground.On(line));
      continue;
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const geometry::v1::MultiPolygon polygons, rpc::MultiPolygonFromEwkb(piece.ewkb));
    for (const auto& polygon : polygons.polygons()) {
      for (const auto& ring : polygon.rings()) barrier.parts.push_back(ground.On(ring));
    }
  }
  return map;
}

}  // namespace

absl::StatusOr<PacketContent> ReadPacketContent(db::Transaction& transaction, const db::ListToPrint& list,
                                                const std::string& list_number, absl::Time now) {
  PacketContent content{.campaign_id = transaction.campaign().value,
                        .list_number = list_number,
                        .campaign_name = list.campaign_name,
                        .leader_name = list.leader_name,
                        .turf_number = list.turf_number,
                        .walk_length_m = list.walk_length_m,
                        .results = ResultSigns()};
  SNOWFIELD_ASSIGN_OR_RETURN(const auto doors, db::ListDoorsToWalk(transaction, list.turf));
  SNOWFIELD_ASSIGN_OR_RETURN(const auto people, db::ListPeopleToMeet(transaction, list.turf));
  SNOWFIELD_ASSIGN_OR_RETURN(const Ground ground, Ground::About(doors));
  absl::flat_hash_map<base::DoorId, size_t> place_of;
  for (const db::DoorToWalk& door : doors) {
    place_of[door.door] = content.doors.size();
    content.doors.push_back({.door_id = door.door.value,
                             .sequence = door.sequence,
                             .house_number = door.house_number,
                             .street = door.street,
                             .unit = door.unit,
                             .place = ground.On(door.longitude, door.latitude),
                             .pass_by = door.do_not_contact ? "do not contact"
                                        : door.all_voted    ? "has voted"
                                                            : ""});
  }
  for (const db::PersonToMeet& person : people) {
    content.doors[place_of.at(person.door)].people.push_back(
        {.person_id = person.person.value,
         .name = absl::StrCat(person.first_name, " ", person.last_name),
         .age = db::AgeOf(person.birth_year, now),
         .party = person.party});
  }
  SNOWFIELD_RETURN_IF_ERROR(AddScript(transaction, content));
  SNOWFIELD_ASSIGN_OR_RETURN(content.map, ReadMap(transaction, list, ground, content.doors));
  return content;
}

}  // namespace snowfield::paper
