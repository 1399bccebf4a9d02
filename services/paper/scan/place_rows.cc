// PlaceRows() of page_place.h.
#include <algorithm>
#include <cmath>
#include <utility>

#include "services/paper/scan/bubbles.h"
#include "services/paper/scan/page_place.h"
#include "services/paper/scan/printed_sheet.h"

namespace snowfield::paper {
namespace {
// Bubbles that are found together.
constexpr size_t kGroupMarks = 6;
// How far from where they should be groups and rows are looked for, in millimetres: less than half way to the next
// bubble, which looks the same.
constexpr double kGroupReach = 2.0;
constexpr double kRowReach = 0.8;
constexpr double kCoarseStep = 0.4;
constexpr double kFineStep = 0.1;
// A group that is further off than this from where the others put it is not one.
constexpr double kOff = 0.7;
// The share of a row's bubbles whose outlines are there, and of an outline that is there.
constexpr double kOutlineMin = 0.75;
constexpr double kOutlinesMin = 0.85;

struct Offset {
  double x = 0, y = 0;
  double contrast = -1;
};

// Where the bubbles stand out most, within `reach`.
Offset FindOffset(const GreyImage& image, const PagePlace& place, const std::vector<Box>& marks, double reach) {
  Offset best;
  const auto look = [&](double x, double y) {
    PagePlace moved = place;
    moved.map = place.map.Moved(x, y);
    const Bubbles bubbles(image, moved);
    double contrast = 0;
    for (const Box& mark : marks) contrast += bubbles.Contrast(mark) / static_cast<double>(marks.size());
    if (contrast > best.contrast) best = {x, y, contrast};
  };
  const int coarse = static_cast<int>(std::ceil(reach / kCoarseStep));
  for (int i = -coarse; i <= coarse; ++i) {
    for (int j = -coarse; j <= coarse; ++j) look(i * kCoarseStep, j * kCoarseStep);
  }
  const Offset about = best;
  const int fine = static_cast<int>(kCoarseStep / kFineStep);
  for (int i = -fine; i <= fine; ++i) {
    for (int j = -fine; j <= fine; ++j) look(about.x + i * kFineStep, about.y + j * kFineStep);
  }
  return best;
}

struct Found {
  Pixel page, pixel;
};

// The map through all that was found (least squares); with few or with all on a line the first one's turn and scale are
// kept.
PageMap FitThrough(const std::vector<Found>& found, const PageMap& first) {
  Pixel from, to;
  for (const Found& one : found) {
    from = {from.x + one.page.x / static_cast<double>(found.size()),
            from.y + one.page.y / static_cast<double>(found.size())};
    to = {to.x + one.pixel.x / static_cast<double>(found.size()),
          to.y + one.pixel.y / static_cast<double>(found.size())};
  }
  // As if there were some more, all about, that the first map puts right: they weigh little once enough are found.
  constexpr double kPrior = 400;  // square millimetres
  double xx = kPrior, xy = 0, yy = kPrior;
  std::array<double, 2> ux = {first.c[0] * kPrior, first.c[3] * kPrior},
                        uy = {first.c[1] * kPrior, first.c[4] * kPrior};
  for (const Found& one : found) {
    const double x = one.page.x - from.x, y = one.page.y - from.y;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    const std::array<double, 2> u = {one.pixel.x - to.x, one.pixel.y - to.y};
    for (int i = 0; i < 2; ++i) {
      ux[i] += x * u[i];
      uy[i] += y * u[i];
    }
  }
  const double area = xx * yy - xy * xy;
  PageMap map;
  for (int i = 0; i < 2; ++i) {
    const double a = (ux[i] * yy - uy[i] * xy) / area, b = (uy[i] * xx - ux[i] * xy) / area;
    map.c[3 * i] = a;
    map.c[3 * i + 1] = b;
    map.c[3 * i + 2] = (i == 0 ? to.x : to.y) - a * from.x - b * from.y;
  }
  return map;
}

Pixel MiddleOf(const std::vector<Box>& marks) {
  Pixel middle;
  for (const Box& mark : marks) {
    middle.x += (mark.x + mark.width / 2) / static_cast<double>(marks.size());
    middle.y += (mark.y + mark.height / 2) / static_cast<double>(marks.size());
  }
  return middle;
}

// Neighbours on one line, by their distance from the upper right, where the code is.
std::vector<std::vector<Box>> GroupsOf(const v1::PrintedSheet& printed) {
  std::vector<std::vector<Box>> groups;
  double right = 0;
  for (const v1::PrintedRow& row : printed.rows()) {
    std::vector<Box> group;
    for (const v1::PrintedMark& mark : row.marks()) {
      const Box box = BoxOf(mark.box());
      right = std::max(right, box.x);
      if (group.size() == kGroupMarks || (!group.empty() && std::abs(group.back().y - box.y) > 0.01)) {
        groups.push_back(std::exchange(group, {}));
      }
      group.push_back(box);
    }
    if (!group.empty()) groups.push_back(std::move(group));
  }
  const auto distance = [&](const std::vector<Box>& group) {
    const Pixel middle = MiddleOf(group);
    return std::hypot(middle.x - right, middle.y);
  };
  std::sort(groups.begin(), groups.end(), [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return groups;
}

// The whole page by its groups.
PageMap FitPage(const GreyImage& image, const PagePlace& place, const v1::PrintedSheet& printed) {
  PagePlace now = place;
  std::vector<Found> found;
  for (const std::vector<Box>& group : GroupsOf(printed)) {
    const Offset offset = FindOffset(image, now, group, kGroupReach);
    const bool is_surprise = found.size() > 12 && std::hypot(offset.x, offset.y) > kOff;
    if (is_surprise) continue;
    const Pixel middle = MiddleOf(group);
    found.push_back({.page = middle, .pixel = now.map.At(middle.x + offset.x, middle.y + offset.y)});
    now.map = FitThrough(found, place.map);
  }
  return now.map;
}

}  // namespace

std::vector<RowPlace> PlaceRows(const GreyImage& image, const PagePlace& place, const v1::PrintedSheet& printed) {
  PagePlace fitted = place;
  fitted.map = FitPage(image, place, printed);
  std::vector<RowPlace> rows;
  for (const v1::PrintedRow& row : printed.rows()) {
    RowPlace& found = rows.emplace_back(RowPlace{.map = fitted.map});
    std::vector<Box> marks;
    for (const v1::PrintedMark& mark : row.marks()) marks.push_back(BoxOf(mark.box()));
    if (marks.empty()) continue;
    const Offset offset = FindOffset(image, fitted, marks, kRowReach);
    PagePlace moved = fitted;
    moved.map = found.map = fitted.map.Moved(offset.x, offset.y);
    const Bubbles bubbles(image, moved);
    const auto there = std::count_if(marks.begin(), marks.end(),
                                     [&](const Box& mark) { return bubbles.Outline(mark) >= kOutlineMin; });
    found.is_found = static_cast<double>(there) >= kOutlinesMin * static_cast<double>(marks.size());
  }
  // A row without bubbles is where those about it are.
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!printed.rows(static_cast<int>(i)).marks().empty()) continue;
    rows[i].is_found = (i > 0 && rows[i - 1].is_found) || (i + 1 < rows.size() && rows[i + 1].is_found);
  }
  return rows;
}

}  // namespace snowfield::paper
