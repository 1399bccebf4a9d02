// cut_picture: a neighbourhood of a cut as a person would judge it: streets, water and rail, turfs, doors and walks.
//   cut_picture --data=washington --box=WEST,SOUTH,EAST,NORTH --out=FILE.svg [--target=N] [--seed=N] [--threads=N]
// The whole map is cut, and the box of it drawn. NAME as in cut_bench.cc; with --data=generated also [--doors=N].
// --tiny: a small generated county.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "base/status.h"
#include "bench/geo/generated_county.h"
#include "bench/geo/real_maps.h"
#include "geo/cut/cut_turf.h"
#include "geo/geos/geometry.h"

namespace snowfield::bench {
namespace {

using geo::LonLat;

struct Settings {
  std::string data = "washington";
  std::string out = "cut.svg";
  std::array<double, 4> box{-180, -90, 180, 90};
  int doors = 20'000;
  uint64_t seed = 1;
  geo::CutOptions cut{.threads = 2};
};

std::optional<Settings> ParseSettings(int argc, char** argv) {
  Settings settings;
  for (int i = 1; i < argc; ++i) {
    const std::pair<std::string, std::string> option = absl::StrSplit(argv[i], absl::MaxSplits('=', 1));
    const auto& [name, value] = option;
    bool known = true;
    if (name == "--tiny") {
      settings.data = "generated";
      settings.doors = 1'000;
      settings.out = "/dev/null";
    } else if (name == "--data") {
      settings.data = value;
    } else if (name == "--out") {
      settings.out = value;
    } else if (name == "--doors") {
      settings.doors = std::atoi(value.c_str());
    } else if (name == "--target") {
      settings.cut.target_doors = std::atoi(value.c_str());
    } else if (name == "--threads") {
      settings.cut.threads = std::atoi(value.c_str());
    } else if (name == "--seed") {
      settings.seed = static_cast<uint64_t>(std::atoll(value.c_str()));
    } else if (name == "--box") {
      const std::vector<std::string> sides = absl::StrSplit(value, ',');
      known = sides.size() == 4;
      for (size_t s = 0; known && s < 4; ++s) known = absl::SimpleAtod(sides[s], &settings.box[s]);
    } else {
      known = false;
    }
    if (known) continue;
    std::fprintf(stderr, "%s is not understood; the head of bench/geo/cut_picture.cc lists the options\n", argv[i]);
    return std::nullopt;
  }
  return settings;
}

// Where the map's places are on the picture.
class Canvas {
 public:
  static constexpr double kSide = 1'200;  // pixels of the longer one

  Canvas(const DataSet& set, const std::array<double, 4>& box) : west_(box[0]), north_(box[3]) {
    double east = box[2], south = box[1];
    double least_lon = 180, least_lat = 90, most_lon = -180, most_lat = -90;
    for (const geo::CutDoor& door : set.input.doors) {
      least_lon = std::min(least_lon, door.position.lon);
      most_lon = std::max(most_lon, door.position.lon);
      least_lat = std::min(least_lat, door.position.lat);
      most_lat = std::max(most_lat, door.position.lat);
    }
    west_ = std::max(west_, least_lon);
    east = std::min(east, most_lon);
    south = std::max(south, least_lat);
    north_ = std::min(north_, most_lat);
    shrink_ = std::cos((south + north_) / 2 * 3.14159265358979323846 / 180);
    scale_ = kSide / std::max({(east - west_) * shrink_, north_ - south, 1e-9});
    width_ = (east - west_) * shrink_ * scale_;
    height_ = (north_ - south) * scale_;
  }

  double width() const { return width_; }
  double height() const { return height_; }
  double X(const LonLat& place) const { return (place.lon - west_) * shrink_ * scale_; }
  double Y(const LonLat& place) const { return (north_ - place.lat) * scale_; }
  double Pixels(double metres) const { return metres / 111'320 * scale_; }
  bool Holds(const LonLat& place) const {
    return X(place) >= 0 && X(place) <= width_ && Y(place) >= 0 && Y(place) <= height_;
  }
  bool Touches(const std::vector<LonLat>& line) const {
    double left = 1e18, right = -1e18, top = 1e18, bottom = -1e18;
    for (const LonLat& place : line) {
      left = std::min(left, X(place));
      right = std::max(right, X(place));
      top = std::min(top, Y(place));
      bottom = std::max(bottom, Y(place));
    }
    return right >= 0 && left <= width_ && bottom >= 0 && top <= height_;
  }
  std::string PathOf(const std::vector<LonLat>& line) const {
    std::string path;
    for (const LonLat& place : line) {
      absl::StrAppendFormat(&path, "%s%.1f %.1f", path.empty() ? "M" : "L", X(place), Y(place));
    }
    return path;
  }

 private:
  double west_, north_, shrink_ = 1, scale_ = 1, width_ = 0, height_ = 0;
};

std::vector<LonLat> ToPlaces(const std::vector<geo::XY>& line) {
  std::vector<LonLat> places;
  for (const geo::XY& point : line) places.push_back({point.x, point.y});
  return places;
}

// Turfs that follow each other in the list are neighbours mostly: by the golden angle their hues differ much.
std::string ColourOf(int turf) { return absl::StrFormat("hsl(%.0f,62%%,38%%)", std::fmod(137.508 * turf, 360)); }

absl::StatusOr<std::string> Ground(const DataSet& set, const Canvas& canvas) {
  std::string svg;
  for (const geo::CutBarrier& barrier : set.input.barriers) {
    SNOWFIELD_ASSIGN_OR_RETURN(const geo::Geometry shape, geo::Geometry::FromEwkb(barrier.ewkb, "barrier"));
    for (const geo::PolygonRings& polygon : shape.Polygons()) {
      const std::vector<LonLat> ring = ToPlaces(polygon.shell);
      if (canvas.Touches(ring)) absl::StrAppend(&svg, "<path class=\"water\" d=\"", canvas.PathOf(ring), "Z\"/>\n");
    }
    for (const std::vector<geo::XY>& points : shape.Lines()) {
      const std::vector<LonLat> line = ToPlaces(points);
      const char* kind = barrier.kind == geo::BarrierKind::kRail ? "rail" : "river";
      if (canvas.Touches(line)) {
        absl::StrAppend(&svg, "<path class=\"", kind, "\" d=\"", canvas.PathOf(line), "\"/>\n");
      }
    }
  }
  for (const geo::CutStreet& street : set.input.streets) {
    std::vector<std::vector<LonLat>> lines{street.line};
    if (street.line.empty()) {
      SNOWFIELD_ASSIGN_OR_RETURN(lines, geo::EwkbToLines(street.ewkb, "street"));
    }
    const bool motorway =
        street.street_class == geo::StreetClass::kMotorway || street.street_class == geo::StreetClass::kRamp;
    for (const std::vector<LonLat>& line : lines) {
      if (!canvas.Touches(line)) continue;
      absl::StrAppend(&svg, "<path class=\"", motorway ? "motorway" : "street", "\" d=\"", canvas.PathOf(line),
                      "\"/>\n");
    }
  }
  return svg;
}

absl::StatusOr<std::string> TurfsOf(const DataSet& set, const geo::CutResult& cut, const Canvas& canvas) {
  std::vector<const geo::CutDoor*> by_id;
  for (const geo::CutDoor& door : set.input.doors) {
    by_id.resize(std::max<size_t>(by_id.size(), door.id.value + 1));
    by_id[door.id.value] = &door;
  }
  std::string areas, walks, doors, names;
  int shown = 0;
  for (size_t t = 0; t < cut.turfs.size(); ++t) {
    const geo::Turf& turf = cut.turfs[t];
    if (!canvas.Holds(turf.centre)) continue;
    ++shown;
    const std::string colour = ColourOf(static_cast<int>(t));
    SNOWFIELD_ASSIGN_OR_RETURN(const geo::Geometry shape, geo::Geometry::FromEwkb(turf.polygon_ewkb, "polygon"));
    for (const geo::PolygonRings& polygon : shape.Polygons()) {
      absl::StrAppend(&areas, "<path class=\"area\" fill=\"", colour, "\" d=\"", canvas.PathOf(ToPlaces(polygon.shell)),
                      "Z\"/>\n");
    }
    SNOWFIELD_ASSIGN_OR_RETURN(const auto lines, geo::EwkbToLines(turf.walk_line_ewkb, "walk"));
    for (const std::vector<LonLat>& line : lines) {
      absl::StrAppend(&walks, "<path class=\"walk\" stroke=\"", colour, "\" d=\"", canvas.PathOf(line), "\"/>\n");
    }
    for (const base::DoorId id : turf.doors) {
      const LonLat& at = by_id[id.value]->position;
      absl::StrAppendFormat(&doors, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%.1f\" fill=\"%s\"/>\n", canvas.X(at),
                            canvas.Y(at), std::clamp(canvas.Pixels(5), 1.2, 5.0), colour);
    }
    absl::StrAppendFormat(&names, "<text x=\"%.1f\" y=\"%.1f\">%d</text>\n", canvas.X(turf.centre),
                          canvas.Y(turf.centre), turf.metrics.door_count);
  }
  std::printf("%d turfs of %zu drawn\n", shown, cut.turfs.size());
  return absl::StrCat(areas, walks, doors, names);
}

absl::Status Draw(const Settings& settings, const DataSet& set) {
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::CutResult cut, geo::CutTurf(set.input, settings.cut));
  const Canvas canvas(set, settings.box);
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string ground, Ground(set, canvas));
  SNOWFIELD_ASSIGN_OR_RETURN(const std::string turfs, TurfsOf(set, cut, canvas));
  std::ofstream file(settings.out);
  file << absl::StrFormat(
              "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" width=\"%.0f\" height=\"%.0f\">\n",
              canvas.width(), canvas.height(), canvas.width(), canvas.height())
       << "<style>.water{fill:#a9cdea}.river{fill:none;stroke:#7fb2dc;stroke-width:2}"
          ".rail{fill:none;stroke:#333;stroke-width:2.2;stroke-dasharray:7 4}"
          ".street{fill:none;stroke:#c9c9c4;stroke-width:2}.motorway{fill:none;stroke:#8c8c86;stroke-width:4}"
          ".area{fill-opacity:.16;stroke:#fff;stroke-width:2}.walk{fill:none;stroke-width:2;stroke-opacity:.75}"
          "text{font:700 13px sans-serif;text-anchor:middle;paint-order:stroke;stroke:#fff;stroke-width:3px}</style>\n"
       << "<rect width=\"100%\" height=\"100%\" fill=\"#fbfbf8\"/>\n"
       << ground << turfs << "</svg>\n";
  return file.good() ? absl::OkStatus() : absl::UnavailableError(absl::StrCat(settings.out, " can't be written"));
}

absl::StatusOr<DataSet> Load(const Settings& settings) {
  if (settings.data == "generated") return GeneratedCounty(settings.doors, settings.seed);
  const std::optional<std::string> folder = DataFolder();
  if (!folder) return absl::NotFoundError("no maps: set SNOWFIELD_DATA to their folder");
  if (settings.data == "washington") return ReadWashington(*folder);
  return settings.data == "lauf" ? ReadLauf(*folder) : ReadVermontCounty(*folder, settings.data);
}

}  // namespace

int Main(int argc, char** argv) {
  const std::optional<Settings> settings = ParseSettings(argc, argv);
  if (!settings) return 2;
  const absl::StatusOr<DataSet> set = Load(*settings);
  const absl::Status status = set.ok() ? Draw(*settings, *set) : set.status();
  if (!status.ok()) std::fprintf(stderr, "%s\n", base::MessageOf(status).c_str());
  return status.ok() ? 0 : 1;
}

}  // namespace snowfield::bench

int main(int argc, char** argv) { return snowfield::bench::Main(argc, argv); }
