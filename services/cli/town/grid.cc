#include "services/cli/town/grid.h"

#include <algorithm>

#include "services/cli/town/random.h"

namespace snowfield::cli::town {
namespace {

// A plain spot in the Midwest; 10^-7 degrees for each centimetre, times 10,000, at its latitude.
constexpr int64_t kOriginLongitude = -940000000;
constexpr int64_t kOriginLatitude = 410000000;
constexpr int64_t kLongitudePerCm = 11885;
constexpr int64_t kLatitudePerCm = 9004;

constexpr int64_t kNoiseCell = 560 * kMetre;
constexpr int64_t kNoiseSteps = 4096;
constexpr int64_t kBend = 42 * kMetre;

int64_t FloorDivide(int64_t a, int64_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

// -1000 to 1000 at a lattice point.
int64_t LatticeNoise(uint64_t seed, int64_t x, int64_t y, uint64_t axis) {
  Random random(seed, {0x4E01u, axis, static_cast<uint64_t>(x), static_cast<uint64_t>(y)});
  return random.Between(-1000, 1000);
}

int64_t Blend(int64_t a, int64_t b, int64_t t) { return a + (b - a) * t / kNoiseSteps; }

// Perlin's value noise with his first smoothing, 3t^2 - 2t^3, on integers.
int64_t SmoothNoise(uint64_t seed, PlanPoint point, uint64_t axis) {
  const int64_t x = FloorDivide(point.u_cm, kNoiseCell);
  const int64_t y = FloorDivide(point.v_cm, kNoiseCell);
  const auto smooth = [](int64_t offset_cm) {
    const int64_t t = offset_cm * kNoiseSteps / kNoiseCell;
    return t * t / kNoiseSteps * (3 * kNoiseSteps - 2 * t) / kNoiseSteps;
  };
  const int64_t tx = smooth(point.u_cm - x * kNoiseCell);
  const int64_t ty = smooth(point.v_cm - y * kNoiseCell);
  const int64_t south = Blend(LatticeNoise(seed, x, y, axis), LatticeNoise(seed, x + 1, y, axis), tx);
  const int64_t north = Blend(LatticeNoise(seed, x, y + 1, axis), LatticeNoise(seed, x + 1, y + 1, axis), tx);
  return Blend(south, north, ty);
}

}  // namespace

bool Grid::IsBridgeColumn(int column) const {
  const int first = (column_count() - 1) / 3;
  return (column - first) % bridge_every == 0 && column >= first && column <= 2 * (column_count() - 1) / 3;
}

Position Grid::At(PlanPoint point) const {
  const int64_t x = point.u_cm - columns_cm.back() / 2;
  const int64_t y = point.v_cm - rows_cm.back() / 2;
  const int64_t bent_x = x + y * 11 / 100 + SmoothNoise(seed, point, 1) * kBend / 1000;
  const int64_t bent_y = y - x * 4 / 100 + SmoothNoise(seed, point, 2) * kBend / 1000;
  return {kOriginLongitude + bent_x * kLongitudePerCm / 10000, kOriginLatitude + bent_y * kLatitudePerCm / 10000};
}

Grid MakeGrid(uint64_t seed, int columns, bool with_motorway) {
  Grid grid;
  grid.seed = seed;
  const int rows = 2 * columns;
  grid.river_row = rows * 2 / 3;
  grid.rail_column = columns / 3;
  if (with_motorway) grid.motorway_row = rows / 5;
  grid.bridge_every = std::max(1, std::min(10, (columns - 1) / 3));
  for (int i = 0; i < columns; ++i) grid.columns_cm.push_back(i * kColumnGap);
  int64_t v = 0;
  for (int j = 0; j < rows; ++j) {
    grid.rows_cm.push_back(v);
    v += grid.IsWideRow(j) ? kWideRowGap : kRowGap;
  }
  return grid;
}

}  // namespace snowfield::cli::town
