#include "services/cli/map/sheet.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/status.h"
#include "geo/frame/frame.h"
#include "services/cli/map/coloring.h"

namespace snowfield::cli {
namespace {

// Round the ground, so that nothing touches the edge.
constexpr int32_t kMargin = 300;

using Edge = std::pair<SheetPoint, SheetPoint>;

struct Bounds {
  SheetPoint low{std::numeric_limits<int32_t>::max(), std::numeric_limits<int32_t>::max()};
  SheetPoint high{std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::min()};
  void Add(const SheetPoint& point) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  }
};

SheetPoint Project(const geo::Frame& frame, double longitude, double latitude) {
  const geo::PointM point = frame.ToMetres({.lon = longitude, .lat = latitude});
  return {static_cast<int32_t>(std::lround(point.x * kSheetUnitsPerM)),
          static_cast<int32_t>(std::lround(-point.y * kSheetUnitsPerM))};
}

// Points that fall together are one.
SheetLine Project(const geo::Frame& frame, const geometry::v1::Line& line) {
  SheetLine points;
  for (int i = 0; i + 1 < line.coordinates_size(); i += 2) {
    const SheetPoint point = Project(frame, line.coordinates(i), line.coordinates(i + 1));
    if (points.empty() || points.back() != point) points.push_back(point);
  }
  return points;
}

std::vector<SheetDoors> Places(const geo::Frame& frame, const turf::v1::ExportTurfsResponse& exported) {
  std::vector<SheetDoors> places;
  std::map<SheetPoint, size_t> index;
  for (const turf::v1::TurfDoor& door : exported.doors()) {
    const SheetPoint place = Project(frame, door.position().longitude(), door.position().latitude());
    const auto [found, is_new] = index.try_emplace(place, places.size());
    if (is_new) places.push_back({.place = place, .doors = 0, .house_number = door.house_number()});
    ++places[found->second].doors;
  }
  return places;
}

SheetTurf Draw(const geo::Frame& frame, const turf::v1::ExportTurfsResponse& exported) {
  SheetTurf turf;
  for (const auto& polygon : exported.area().polygons()) {
    for (const auto& ring : polygon.rings()) turf.rings.push_back(Project(frame, ring));
  }
  turf.walk = Project(frame, exported.walk());
  turf.places = Places(frame, exported);
  return turf;
}

template <typename Visit>
void ForEachPoint(SheetTurf& turf, Visit visit) {
  for (SheetLine& ring : turf.rings) std::for_each(ring.begin(), ring.end(), visit);
  std::for_each(turf.walk.begin(), turf.walk.end(), visit);
  for (SheetDoors& place : turf.places) visit(place.place);
}

// The place nearest to the mean of all: in the turf, also where its doors lie far apart.
SheetPoint MiddlePlace(const std::vector<SheetDoors>& places) {
  if (places.empty()) return {};
  double x = 0, y = 0;
  for (const SheetDoors& place : places) {
    x += static_cast<double>(place.place.x) / static_cast<double>(places.size());
    y += static_cast<double>(place.place.y) / static_cast<double>(places.size());
  }
  const auto far = [&](const SheetDoors& place) { return std::hypot(place.place.x - x, place.place.y - y); };
  return std::min_element(places.begin(), places.end(),
                          [&](const SheetDoors& a, const SheetDoors& b) { return far(a) < far(b); })
      ->place;
}

// Moves everything so that the ground begins at the margin, and sets boxes and labels.
void Settle(Sheet& sheet) {
  Bounds all;
  for (SheetTurf& turf : sheet.turfs) ForEachPoint(turf, [&](const SheetPoint& point) { all.Add(point); });
  for (SheetTurf& turf : sheet.turfs) {
    Bounds own;
    ForEachPoint(turf, [&](SheetPoint& point) {
      point = {point.x - all.low.x + kMargin, point.y - all.low.y + kMargin};
      own.Add(point);
    });
    turf.low = own.low;
    turf.high = own.high;
    turf.label = MiddlePlace(turf.places);
  }
  sheet.width = all.high.x - all.low.x + 2 * kMargin;
  sheet.height = all.high.y - all.low.y + 2 * kMargin;
}

Edge EdgeOf(const SheetPoint& a, const SheetPoint& b) { return a < b ? Edge(a, b) : Edge(b, a); }

// Which turfs each edge belongs to: one or two.
absl::flat_hash_map<Edge, std::vector<int>> EdgeOwners(const Sheet& sheet) {
  absl::flat_hash_map<Edge, std::vector<int>> owners;
  for (size_t t = 0; t < sheet.turfs.size(); ++t) {
    for (const SheetLine& ring : sheet.turfs[t].rings) {
      for (size_t i = 0; i + 1 < ring.size(); ++i) owners[EdgeOf(ring[i], ring[i + 1])].push_back(static_cast<int>(t));
    }
  }
  return owners;
}

// Joins the steps of a ring that border another region, or none, to lines.
void AddOutlines(const SheetLine& ring, const std::vector<bool>& on_outline, std::vector<SheetLine>& outlines) {
  bool open = false;
  for (size_t i = 0; i + 1 < ring.size(); ++i) {
    if (on_outline[i]) {
      if (!open) outlines.push_back({ring[i]});
      outlines.back().push_back(ring[i + 1]);
    }
    open = on_outline[i];
  }
}

void Color(const TurfMap& map, Sheet& sheet) {
  const auto owners = EdgeOwners(sheet);
  const auto region = [&](int turf) { return map.turfs[turf].turf().region_number(); };
  int region_count = 0;
  for (const auto& exported : map.turfs) region_count = std::max(region_count, exported.turf().region_number());
  Neighbors turf_neighbors(map.turfs.size()), region_neighbors(region_count + 1);
  for (const auto& [edge, turfs] : owners) {
    for (size_t i = 1; i < turfs.size(); ++i) {
      if (region(turfs[0]) == region(turfs[i])) {
        Join(turf_neighbors, turfs[0], turfs[i]);
      } else {
        Join(region_neighbors, region(turfs[0]), region(turfs[i]));
      }
    }
  }
  const std::vector<int> hues = ColorOf(region_neighbors, kSheetHues);
  const std::vector<int> shades = ColorOf(turf_neighbors, kSheetShades);
  for (size_t t = 0; t < sheet.turfs.size(); ++t) {
    SheetTurf& turf = sheet.turfs[t];
    turf.hue = hues[region(static_cast<int>(t))];
    turf.shade = shades[t];
    turf.fill = map.knocked.empty() ? SheetColor(turf.hue, turf.shade) : CoverageColor(map.knocked[t]);
    for (const SheetLine& ring : turf.rings) {
      std::vector<bool> on_outline;
      for (size_t i = 0; i + 1 < ring.size(); ++i) {
        const std::vector<int>& both = owners.at(EdgeOf(ring[i], ring[i + 1]));
        // An edge between two regions is drawn once, by the lower turf.
        const bool inner = both.size() > 1 && region(both[0]) == region(both[1]);
        on_outline.push_back(!inner && both[0] == static_cast<int>(t));
      }
      AddOutlines(ring, on_outline, sheet.outlines);
    }
  }
}

std::vector<geo::LonLat> AllPlaces(const TurfMap& map) {
  std::vector<geo::LonLat> places;
  for (const auto& exported : map.turfs) {
    for (const auto& polygon : exported.area().polygons()) {
      for (const auto& ring : polygon.rings()) {
        for (int i = 0; i + 1 < ring.coordinates_size(); i += 2) {
          places.push_back({.lon = ring.coordinates(i), .lat = ring.coordinates(i + 1)});
        }
      }
    }
  }
  return places;
}

}  // namespace

std::string CoverageColor(double share) {
  const double part = std::clamp(share, 0.0, 1.0);
  const auto mix = [&](int pale, int strong) { return static_cast<int>(std::lround(pale + (strong - pale) * part)); };
  return absl::StrFormat("#%02x%02x%02x", mix(240, 11), mix(236, 122), mix(224, 75));
}

std::string SheetColor(int hue, int shade) {
  // Families that are told apart by most people, also beside one another; shades from light to strong.
  static constexpr std::array<std::array<int, 3>, kSheetHues> kFamilies = {{{76, 120, 168},
                                                                            {228, 146, 68},
                                                                            {98, 158, 96},
                                                                            {178, 121, 162},
                                                                            {86, 164, 164},
                                                                            {214, 112, 104},
                                                                            {192, 164, 66},
                                                                            {140, 120, 104}}};
  static constexpr std::array<double, kSheetShades> kTowardsWhite = {0.62, 0.34, 0.50, 0.20, 0.72, 0.08};
  const std::array<int, 3>& family = kFamilies[hue % kSheetHues];
  const double white = kTowardsWhite[shade % kSheetShades];
  const auto mix = [&](int part) { return static_cast<int>(std::lround(part + (255 - part) * white)); };
  return absl::StrFormat("#%02x%02x%02x", mix(family[0]), mix(family[1]), mix(family[2]));
}

absl::StatusOr<Sheet> LayOut(const TurfMap& map) {
  SNOWFIELD_ASSIGN_OR_RETURN(const geo::Frame frame, geo::Frame::AboutAll(AllPlaces(map), "turfs"));
  Sheet sheet;
  for (const auto& exported : map.turfs) sheet.turfs.push_back(Draw(frame, exported));
  Settle(sheet);
  Color(map, sheet);
  return sheet;
}

std::string PathOf(const SheetLine& line, bool close) {
  std::string path;
  for (size_t i = 0; i < line.size(); ++i) {
    if (i == 0) {
      absl::StrAppend(&path, "M", line[0].x, " ", line[0].y);
      continue;
    }
    const int32_t dx = line[i].x - line[i - 1].x, dy = line[i].y - line[i - 1].y;
    // The letter stands once; a minus sign parts numbers by itself.
    absl::StrAppend(&path, i == 1 ? "l" : dx < 0 ? "" : " ", dx, dy < 0 ? "" : " ", dy);
  }
  if (close) path += "z";
  return path;
}

}  // namespace snowfield::cli
