#include <array>
#include <map>
#include <utility>

#include "services/cli/town/text_file.h"
#include "services/cli/town/write_town.h"

namespace snowfield::cli::town {
namespace {

constexpr int64_t kHalfFootprint = 6 * kMetre;

std::string Tag(const char* key, const std::string& value) {
  return absl::StrCat("<tag k=\"", key, "\" v=\"", value, "\"/>");
}

// Collects ways first, so that nodes can be written before them and shared between them, as OpenStreetMap's files have
// it.
class OsmTown {
 public:
  explicit OsmTown(const Town& town) : town_(town) {}

  absl::Status Write(const std::string& path) {
    CollectStreets();
    CollectBarriers();
    CollectBuildings();
    CollectBoundaries();
    TextFile file(path);
    file.Put(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<osm version=\"0.6\" generator=\"snowfield town generate\">\n");
    for (size_t i = 0; i < nodes_.size(); ++i) PutNode(file, static_cast<int64_t>(i) + 1, nodes_[i]);
    for (size_t i = 0; i < ways_.size(); ++i) PutWay(file, static_cast<int64_t>(i) + 1, ways_[i]);
    for (size_t i = 0; i < relations_.size(); ++i) PutRelation(file, static_cast<int64_t>(i) + 1, relations_[i]);
    file.Put("</osm>\n");
    return file.Close();
  }

 private:
  struct Node {
    PlanPoint at;
    std::string tags;
  };
  struct Way {
    std::vector<int64_t> nodes;
    std::string tags;
  };
  struct Relation {
    int64_t way = 0;
    std::string tags;
  };

  int64_t SharedNode(PlanPoint at) {
    const auto [found, is_new] = shared_.try_emplace({at.u_cm, at.v_cm}, static_cast<int64_t>(nodes_.size()) + 1);
    if (is_new) nodes_.push_back({at, ""});
    return found->second;
  }

  int64_t AddWay(const std::vector<PlanPoint>& points, std::string tags) {
    Way way{{}, std::move(tags)};
    for (const PlanPoint& point : points) way.nodes.push_back(SharedNode(point));
    ways_.push_back(std::move(way));
    return static_cast<int64_t>(ways_.size());
  }

  void CollectStreets() {
    for (const Street& street : town_.streets) {
      std::string tags = Tag("highway", street.highway);
      if (!street.name.empty()) tags += Tag("name", street.name);
      if (street.bridge) tags += Tag("bridge", "yes") + Tag("layer", "1");
      AddWay(street.line, std::move(tags));
    }
  }

  void CollectBarriers() {
    for (const Barrier& barrier : town_.barriers) {
      if (barrier.kind == "water") AddWay(barrier.points, Tag("natural", "water"));
      if (barrier.kind == "rail") AddWay(barrier.points, Tag("railway", "rail"));
    }
  }

  std::string AddressTags(const Building& building) const {
    return absl::StrCat(Tag("addr:housenumber", absl::StrCat(building.house_number)),
                        Tag("addr:street", town_.street_names[static_cast<size_t>(building.street_name)]),
                        Tag("addr:city", kTownName), Tag("addr:postcode", kPostalCode));
  }

  void CollectBuildings() {
    for (const Building& building : town_.buildings) {
      if (!building.is_apartments()) {
        nodes_.push_back({building.at, AddressTags(building)});
        continue;
      }
      std::vector<PlanPoint> corners;
      for (const auto& [du, dv] : std::array<std::pair<int, int>, 5>{{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}, {-1, -1}}}) {
        corners.push_back({building.at.u_cm + du * kHalfFootprint, building.at.v_cm + dv * kHalfFootprint});
      }
      AddWay(corners, absl::StrCat(Tag("building", "apartments"),
                                   Tag("building:flats", absl::StrCat(building.door_count())), AddressTags(building)));
    }
  }

  void CollectBoundaries() {
    for (const Boundary& boundary : town_.boundaries) {
      const int64_t way = AddWay(boundary.ring, "");
      const bool town = boundary.kind == "town";
      relations_.push_back(
          {way, absl::StrCat(Tag("type", "boundary"), Tag("boundary", town ? "administrative" : "political"),
                             town ? Tag("admin_level", "8") : "", Tag("name", boundary.name),
                             Tag("ref", absl::StrCat(boundary.kind, "-", boundary.code)))});
    }
  }

  void PutNode(TextFile& file, int64_t id, const Node& node) const {
    const Position position = town_.grid.At(node.at);
    file.Put(absl::StrCat("<node id=\"", id, "\" version=\"1\" lat=\"", Degrees(position.latitude_e7), "\" lon=\"",
                          Degrees(position.longitude_e7), "\"", node.tags.empty() ? "/>\n" : ">", node.tags,
                          node.tags.empty() ? "" : "</node>\n"));
  }
  static void PutWay(TextFile& file, int64_t id, const Way& way) {
    std::string text = absl::StrCat("<way id=\"", id, "\" version=\"1\">");
    for (const int64_t node : way.nodes) absl::StrAppend(&text, "<nd ref=\"", node, "\"/>");
    file.Put(absl::StrCat(text, way.tags, "</way>\n"));
  }
  static void PutRelation(TextFile& file, int64_t id, const Relation& relation) {
    file.Put(absl::StrCat("<relation id=\"", id, "\" version=\"1\"><member type=\"way\" ref=\"", relation.way,
                          "\" role=\"outer\"/>", relation.tags, "</relation>\n"));
  }

  const Town& town_;
  std::map<std::pair<int64_t, int64_t>, int64_t> shared_;
  std::vector<Node> nodes_;
  std::vector<Way> ways_;
  std::vector<Relation> relations_;
};

}  // namespace

absl::Status WriteOsm(const Town& town, const std::string& path) { return OsmTown(town).Write(path); }

}  // namespace snowfield::cli::town
