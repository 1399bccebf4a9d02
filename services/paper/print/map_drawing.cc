#include "services/paper/print/map_drawing.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"

namespace snowfield::paper {
namespace {
constexpr double kEdge = 8;          // millimetres that are left free about the turf
constexpr double kLeastMetres = 60;  // a turf of one door is not blown up further
constexpr double kDoorText = 2.1;
constexpr double kStreetText = 2.5;
constexpr double kDoorClear = 1.6;  // two door numbers are at least so far apart; others get a dot only
constexpr double kScaleBarMost = 45;

class MapDrawing {
 public:
  MapDrawing(Canvas& canvas, const Box& box, const PacketContent& content)
      : canvas_(canvas), box_(box), content_(content) {}

  void Draw() {
    if (!content_.doors.empty()) {
      Fit();
      canvas_.Clip(box_);
      DrawBarriers();
      DrawStreets();
      DrawOutline();
      DrawWalk();
      DrawStreetNames();
      DrawDoors();
      canvas_.ClipEnd();
      DrawScaleBar();
    }
    canvas_.Rectangle(box_, {.width = 0.3});
  }

 private:
  // The turf, with the doors, in the middle and as large as there is room.
  void Fit() {
    double left = 1e300, right = -1e300, low = 1e300, high = -1e300;
    const auto hold = [&](const MapPoint& point) {
      left = std::min(left, point.x);
      right = std::max(right, point.x);
      low = std::min(low, point.y);
      high = std::max(high, point.y);
    };
    for (const PacketDoor& door : content_.doors) hold(door.place);
    for (const MapPoint& point : content_.map.walk) hold(point);
    for (const auto& ring : content_.map.outline) std::for_each(ring.begin(), ring.end(), hold);
    const double width = std::max(right - left, kLeastMetres);
    const double height = std::max(high - low, kLeastMetres);
    scale_ = std::min((box_.width - 2 * kEdge) / width, (box_.height - 2 * kEdge) / height);
    middle_ = {(left + right) / 2, (low + high) / 2};
  }
  MapPoint On(const MapPoint& point) const {
    return {box_.x + box_.width / 2 + (point.x - middle_.x) * scale_,
            box_.y + box_.height / 2 - (point.y - middle_.y) * scale_};
  }
  std::vector<MapPoint> On(const std::vector<MapPoint>& points) const {
    std::vector<MapPoint> on;
    on.reserve(points.size());
    for (const MapPoint& point : points) on.push_back(On(point));
    return on;
  }
  bool IsInside(const MapPoint& on) const {
    return on.x > box_.x + 1 && on.x < box_.x + box_.width - 1 && on.y > box_.y + 1 && on.y < box_.y + box_.height - 1;
  }

  void DrawBarriers() {
    for (const MapBarrier& barrier : content_.map.barriers) {
      std::vector<std::vector<MapPoint>> parts;
      for (const auto& part : barrier.parts) parts.push_back(On(part));
      if (barrier.is_area) {
        canvas_.Area(parts, 0.12);
        for (const auto& part : parts) canvas_.Line(part, {.width = 0.2, .darkness = 0.5});
        continue;
      }
      // As maps draw rail: a line with ticks.
      for (const auto& part : parts) {
        canvas_.Line(part, {.width = 0.9, .darkness = 0.55, .dashes = {0.5, 1.8}});
        canvas_.Line(part, {.width = 0.25, .darkness = 0.55});
      }
    }
  }
  void DrawStreets() {
    for (const MapStreet& street : content_.map.streets) {
      canvas_.Line(On(street.line), {.width = street.is_main ? 2.6 : 1.6, .darkness = street.is_main ? 0.3 : 0.17});
    }
  }
  void DrawOutline() {
    for (const auto& ring : content_.map.outline) {
      canvas_.Line(On(ring), {.width = 0.5, .darkness = 0.6, .dashes = {2.2, 1.2}});
    }
  }
  void DrawWalk() { canvas_.Line(On(content_.map.walk), {.width = 0.6}); }

  // Once for each name, along its longest piece that is seen.
  void DrawStreetNames() {
    absl::flat_hash_set<std::string> named;
    std::vector<std::pair<double, std::pair<std::string, std::pair<MapPoint, MapPoint>>>> places;
    for (const MapStreet& street : content_.map.streets) {
      if (street.name.empty()) continue;
      for (size_t i = 1; i < street.line.size(); ++i) {
        const MapPoint from = On(street.line[i - 1]);
        const MapPoint to = On(street.line[i]);
        if (!IsInside({(from.x + to.x) / 2, (from.y + to.y) / 2})) continue;
        places.push_back({std::hypot(to.x - from.x, to.y - from.y), {street.name, {from, to}}});
      }
    }
    std::stable_sort(places.begin(), places.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
    for (const auto& [length, place] : places) {
      const auto& [name, ends] = place;
      if (!named.insert(name).second) continue;
      canvas_.TextAlong(ends.first, ends.second, name, kStreetText, 0.75);
    }
  }

  void DrawDoors() {
    std::vector<MapPoint> numbered;
    for (const PacketDoor& door : content_.doors) {
      const MapPoint on = On(door.place);
      const bool is_start = &door == &content_.doors.front();
      if (is_start) {
        canvas_.Disc(on, 2.2, 1);
        canvas_.Disc(on, 1.8, 0);
        canvas_.Text({on.x - 3, on.y - 2, 6, 4}, "S", 2.4, true, Align::kMiddle);
        canvas_.Text({on.x + 2.6, on.y - 2, 20, 4}, absl::StrCat(door.sequence), kDoorText, true);
        numbered.push_back(on);
        continue;
      }
      canvas_.Disc(on, 0.55, 1);
      const MapPoint at{on.x + 1.6, on.y};
      const bool has_room = std::none_of(numbered.begin(), numbered.end(), [&](const MapPoint& other) {
        return std::abs(other.x - at.x) < 2 * kDoorClear && std::abs(other.y - at.y) < kDoorClear;
      });
      if (!has_room) continue;
      const std::string number = absl::StrCat(door.sequence);
      const double half = canvas_.TextWidth(number, kDoorText, false) / 2;
      canvas_.TextAlong({at.x, at.y - 1.4}, {at.x + 2 * half, at.y - 1.4}, number, kDoorText, 1);
      numbered.push_back(at);
    }
  }

  // The longest of 1, 2 and 5 times a power of ten metres that fits.
  void DrawScaleBar() {
    double metres = 10;
    for (const double step : {20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0}) {
      if (step * scale_ <= kScaleBarMost) metres = step;
    }
    const double width = metres * scale_;
    const double y = box_.y + box_.height - 4;
    canvas_.Fill({box_.x + 2, y - 5, width + 4, 8}, 0);
    canvas_.Line({{box_.x + 4, y}, {box_.x + 4 + width, y}}, {.width = 0.8});
    canvas_.Text({box_.x + 4, y - 4.6, width, 4}, absl::StrCat(metres, " m"), 2.4, false, Align::kMiddle);
    canvas_.Fill({box_.x + box_.width - 8, box_.y + 2, 6, 8}, 0);
    canvas_.Text({box_.x + box_.width - 8, box_.y + 2, 6, 4}, "N", 3, true, Align::kMiddle);
    canvas_.Area({{{box_.x + box_.width - 5, box_.y + 5.6},
                   {box_.x + box_.width - 6.4, box_.y + 9.4},
                   {box_.x + box_.width - 3.6, box_.y + 9.4}}},
                 1);
  }

  Canvas& canvas_;
  const Box box_;
  const PacketContent& content_;
  double scale_ = 1;  // millimetres for each metre
  MapPoint middle_;
};

}  // namespace

void DrawMap(Canvas& canvas, const Box& box, const PacketContent& content) { MapDrawing(canvas, box, content).Draw(); }

}  // namespace snowfield::paper
