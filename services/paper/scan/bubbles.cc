#include "services/paper/scan/bubbles.h"

#include <algorithm>
#include <cmath>

#include "services/paper/print/packet_pdf.h"

namespace snowfield::paper {
namespace {
// Millimetres.
constexpr double kStep = 0.2;  // between samples
constexpr double kOutlineReach = 0.35;
constexpr double kBeside = 0.55;
constexpr double kMeanReach = 0.08;
// Darker than this between paper and ink is ink: a pencil's grey, too.
constexpr double kInkDarkness = 0.33;

// Whether a place is inside a bubble with round ends that is smaller by `inset` on all sides.
bool IsInside(const Box& bubble, double x, double y, double inset) {
  const double radius = bubble.height / 2;
  const double middle_y = bubble.y + radius;
  const double nearest = std::clamp(x, bubble.x + radius, bubble.x + bubble.width - radius);
  return std::hypot(x - nearest, y - middle_y) <= radius - inset;
}

// Calls `look` with places on the outline and the direction outwards.
template <typename Look>
void AlongOutline(const Box& bubble, Look look) {
  const double radius = bubble.height / 2;
  for (double x = bubble.x + radius; x <= bubble.x + bubble.width - radius; x += 2 * kStep) {
    look(x, bubble.y, 0.0, -1.0);
    look(x, bubble.y + bubble.height, 0.0, 1.0);
  }
  constexpr int kArcSteps = 8;
  for (int i = 0; i <= kArcSteps; ++i) {
    const double angle = M_PI * (static_cast<double>(i) / kArcSteps - 0.5);
    const double across = std::cos(angle), down = std::sin(angle);
    const double y = bubble.y + radius + radius * down;
    look(bubble.x + bubble.width - radius + radius * across, y, across, down);
    look(bubble.x + radius - radius * across, y, -across, down);
  }
}

bool Holds(const Box& box, double x, double y) {
  return x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
}

}  // namespace

Bubbles::Bubbles(const GreyImage& image, const PagePlace& place)
    : image_(image),
      place_(place),
      ink_below_(place.white - kInkDarkness * (place.white - place.black)),
      reach_(static_cast<int>(std::lround(kMeanReach * place.pixels_per_mm))) {}

double Bubbles::Grey(double x, double y) const {
  const Pixel at = place_.map.At(x, y);
  const int column = static_cast<int>(std::lround(at.x)), line = static_cast<int>(std::lround(at.y));
  int sum = 0;
  for (int dy = -reach_; dy <= reach_; ++dy) {
    for (int dx = -reach_; dx <= reach_; ++dx) sum += image_.At(column + dx, line + dy);
  }
  return static_cast<double>(sum) / ((2 * reach_ + 1) * (2 * reach_ + 1));
}

Bubbles::Inside Bubbles::Look(const Box& bubble) const {
  const double range = std::max(1, place_.white - place_.black);
  Inside sum;
  int count = 0;
  for (double y = bubble.y; y <= bubble.y + bubble.height; y += kStep) {
    for (double x = bubble.x; x <= bubble.x + bubble.width; x += kStep) {
      if (!IsInside(bubble, x, y, kBubbleEdge)) continue;
      const double grey = Grey(x, y);
      ++count;
      if (grey < ink_below_) ++sum.inked;
      sum.darkness += std::clamp((place_.white - grey) / range, -1.0, 1.0);
    }
  }
  return count == 0 ? Inside{} : Inside{sum.inked / count, sum.darkness / count};
}

int Bubbles::Paper(const Box& area) const {
  std::vector<int> greys;
  for (double y = area.y; y <= area.y + area.height; y += 3 * kStep) {
    for (double x = area.x; x <= area.x + area.width; x += 3 * kStep) greys.push_back(static_cast<int>(Grey(x, y)));
  }
  if (greys.empty()) return place_.white;
  // The paler half is paper; the middle of it, so that its grain weighs nothing.
  const auto middle = greys.begin() + static_cast<ptrdiff_t>(greys.size() * 3 / 5);
  std::nth_element(greys.begin(), middle, greys.end());
  return *middle;
}

double Bubbles::Outline(const Box& bubble) const {
  int there = 0, count = 0;
  AlongOutline(bubble, [&](double x, double y, double across, double down) {
    ++count;
    for (double off = -kOutlineReach; off <= kOutlineReach; off += kStep / 2) {
      if (!IsInk(x + off * across, y + off * down)) continue;
      ++there;
      return;
    }
  });
  return static_cast<double>(there) / count;
}

double Bubbles::Contrast(const Box& bubble) const {
  double sum = 0;
  int count = 0;
  AlongOutline(bubble, [&](double x, double y, double across, double down) {
    const double outside = Grey(x + kBeside * across, y + kBeside * down);
    const double inside = Grey(x - kBeside * across, y - kBeside * down);
    sum += (outside + inside) / 2 - Grey(x, y);
    ++count;
  });
  return sum / count / std::max(1, place_.white - place_.black);
}

double Bubbles::Ink(const Box& area, const std::vector<Box>& printed) const {
  const int columns = static_cast<int>(area.width / kStep), lines = static_cast<int>(area.height / kStep);
  std::vector<bool> inked(static_cast<size_t>(columns) * lines);
  const auto at = [&](int column, int line) {
    const bool is_in = column >= 0 && line >= 0 && column < columns && line < lines;
    return is_in && inked[static_cast<size_t>(line) * columns + column];
  };
  for (int line = 0; line < lines; ++line) {
    for (int column = 0; column < columns; ++column) {
      const double x = area.x + (column + 0.5) * kStep, y = area.y + (line + 0.5) * kStep;
      const bool is_printed =
          std::any_of(printed.begin(), printed.end(), [&](const Box& box) { return Holds(box, x, y); });
      inked[static_cast<size_t>(line) * columns + column] = !is_printed && IsInk(x, y);
    }
  }
  int count = 0;
  for (int line = 0; line < lines; ++line) {
    for (int column = 0; column < columns; ++column) {
      if (!at(column, line)) continue;
      int neighbours = 0;
      for (int dy = -1; dy <= 1; ++dy) {
        for (int dx = -1; dx <= 1; ++dx) neighbours += at(column + dx, line + dy) ? 1 : 0;
      }
      if (neighbours >= 4) ++count;  // itself is one of them
    }
  }
  return count * kStep * kStep;
}

GreyImage Bubbles::CutOut(const Box& area, double pixels_per_mm) const {
  GreyImage cut{.width = std::max(1, static_cast<int>(area.width * pixels_per_mm)),
                .height = std::max(1, static_cast<int>(area.height * pixels_per_mm))};
  cut.pixels.resize(static_cast<size_t>(cut.width) * cut.height);
  for (int line = 0; line < cut.height; ++line) {
    for (int column = 0; column < cut.width; ++column) {
      cut.pixels[static_cast<size_t>(line) * cut.width + column] =
          static_cast<uint8_t>(Grey(area.x + (column + 0.5) / pixels_per_mm, area.y + (line + 0.5) / pixels_per_mm));
    }
  }
  return cut;
}

}  // namespace snowfield::paper
