#include "bench/geo/county_ground.h"

#include <algorithm>
#include <cmath>

namespace snowfield::bench {
namespace {

using geo::PointM;

constexpr int kTownCell = 6;  // tiles from town to town
constexpr geo::LonLat kCentre = {-84.2, 39.7};

// SplitMix64's finisher (Steele, Lea, Flood 2014).
uint64_t Mix(uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

uint64_t MixPair(uint64_t seed, int i, int j) {
  return Mix(Mix(seed ^ static_cast<uint32_t>(i)) ^ (static_cast<uint64_t>(static_cast<uint32_t>(j)) << 20));
}

double Share(uint64_t bits) { return static_cast<double>(bits >> 11) * 0x1p-53; }

int FloorDiv(int a, int b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// A barrier's middle as a function of the other coordinate; it stays within one row (or column) of tiles.
double MiddleOf(Barrier barrier, double along) {
  switch (barrier) {
    case Barrier::kRiver:
      return 400 + 110 * std::sin(along / 700) + 170 * std::sin(along / 3'700);
    case Barrier::kRail:
      return 1'250 + 240 * std::sin(along / 4'000);
    case Barrier::kMotorway:
      return -1'200 + 200 * std::sin(along / 5'000);
  }
  return 0;
}

double SpacingOf(Barrier barrier) {
  return kTile_m * (barrier == Barrier::kRiver ? 12 : barrier == Barrier::kRail ? 10 : 16);
}

}  // namespace

CountyGround::CountyGround(uint64_t seed) : seed_(seed), frame_(*geo::Frame::About(kCentre)) {}

uint64_t CountyGround::SeedOf(int i, int j) const { return MixPair(seed_, i, j); }

GroundKind CountyGround::KindOf(int i, int j) const {
  double nearest = 1e9;  // distance to a town in units of its radius
  const int column = FloorDiv(i, kTownCell), row = FloorDiv(j, kTownCell);
  for (int c = column - 1; c <= column + 1; ++c) {
    for (int r = row - 1; r <= row + 1; ++r) {
      const uint64_t bits = MixPair(~seed_, c, r);
      const bool city = c == 0 && r == 0;
      const double x = city ? 0.5 : c * kTownCell + kTownCell * Share(bits);
      const double y = city ? 0.5 : r * kTownCell + kTownCell * Share(Mix(bits));
      const double radius = city ? 3.2 : 1 + 2 * Share(Mix(bits + 1));
      nearest = std::min(nearest, std::hypot(i + 0.5 - x, j + 0.5 - y) / radius);
    }
  }
  return nearest < 0.35  ? GroundKind::kCore
         : nearest < 0.9 ? GroundKind::kGrid
         : nearest < 1.4 ? GroundKind::kWinding
                         : GroundKind::kRural;
}

double CountyGround::DistanceTo(Barrier barrier, const PointM& unbent) const {
  const bool across = barrier == Barrier::kRail;
  const double gap = across ? unbent.x - MiddleOf(barrier, unbent.y) : unbent.y - MiddleOf(barrier, unbent.x);
  return std::abs(gap - SpacingOf(barrier) * std::round(gap / SpacingOf(barrier)));
}

std::vector<std::vector<PointM>> CountyGround::LinesOf(Barrier barrier, double low, double high) const {
  constexpr double kStep_m = 40;
  const double spacing = SpacingOf(barrier);
  std::vector<std::vector<PointM>> lines;
  for (int k = static_cast<int>(low / spacing) - 1; k <= static_cast<int>(high / spacing) + 1; ++k) {
    const double middle = MiddleOf(barrier, 0) + k * spacing;
    if (middle < low || middle > high) continue;
    std::vector<PointM>& line = lines.emplace_back();
    for (double along = low; along <= high; along += kStep_m) {
      const double across = MiddleOf(barrier, along) + k * spacing;
      line.push_back(barrier == Barrier::kRail ? PointM{across, along} : PointM{along, across});
    }
  }
  return lines;
}

geo::LonLat CountyGround::Place(const PointM& unbent) const {
  const double x = unbent.x, y = unbent.y;
  return frame_.ToLonLat({x + 60 * std::sin(y / 950 + 1) + 180 * std::sin(y / 5'200),
                          y + 60 * std::sin(x / 870) + 160 * std::sin(x / 6'100 + 2)});
}

}  // namespace snowfield::bench
