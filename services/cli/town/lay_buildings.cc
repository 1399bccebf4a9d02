#include <algorithm>
#include <cstdlib>

#include "services/cli/town/layout.h"
#include "services/cli/town/random.h"

namespace snowfield::cli::town {
namespace {

constexpr int64_t kSetBackMin = 8 * kMetre;
constexpr int64_t kSetBackMax = 15 * kMetre;
constexpr int64_t kFromCrossing = 20 * kMetre;  // a lot's middle stays this far from a crossing street
constexpr int64_t kFromDeadEnd = 5 * kMetre;
constexpr int64_t kFromRail = 25 * kMetre;
constexpr int64_t kEmptyLotPerMille = 50;
constexpr int64_t kAvenueLotFrom = 36 * kMetre;  // avenues have houses only between those of the streets
constexpr int kFloorsMax = 6;

// One block of one street or avenue, in the order in which the town grows.
struct Block {
  int64_t distance = 0;
  bool avenue = false;
  int column = 0;
  int row = 0;
};

std::vector<Block> BlocksFromCentre(const Grid& grid) {
  std::vector<Block> blocks;
  const auto add = [&](bool avenue, int column, int row) {
    const int64_t du = 2 * (column - grid.middle_column());  // a block is twice as wide as high
    const int64_t dv = row - grid.middle_row();
    blocks.push_back({du * du + dv * dv, avenue, column, row});
  };
  for (int row = 0; row < grid.row_count(); ++row) {
    for (int column = 0; column + 1 < grid.column_count(); ++column) add(false, column, row);
  }
  for (int column = 0; column < grid.column_count(); ++column) {
    for (int row = 0; row + 1 < grid.row_count(); ++row) add(true, column, row);
  }
  std::stable_sort(blocks.begin(), blocks.end(),
                   [](const Block& a, const Block& b) { return a.distance < b.distance; });
  return blocks;
}

class Builder {
 public:
  Builder(const Grid& grid, int64_t doors) : grid_(grid), doors_left_(doors) {}

  std::vector<Building> Build() {
    for (const Block& block : BlocksFromCentre(grid_)) {
      if (doors_left_ == 0) break;
      if (block.avenue) {
        BuildAvenue(block);
      } else {
        BuildStreet(block);
      }
    }
    return std::move(buildings_);
  }

 private:
  void BuildStreet(const Block& block) {
    Random random(grid_.seed, {0x4201u, static_cast<uint64_t>(block.column), static_cast<uint64_t>(block.row)});
    const int64_t pitch = random.Between(16, 24) * kMetre;
    const int step = random.PerMille(500) ? 4 : 2;
    const int64_t west = grid_.columns_cm[block.column];
    const std::vector<Stretch> stretches = RowStretches(grid_, block.column, block.row);
    int slot = 0;
    for (int64_t u = west + kFromCrossing; u < grid_.columns_cm[block.column + 1]; u += pitch, ++slot) {
      const int64_t lot = u + random.Between(-2 * kMetre, 2 * kMetre);
      for (const int side : {0, 1}) {  // even numbers on the north side, odd ones on the south side
        const int64_t away = random.Between(kSetBackMin, kSetBackMax);
        const int number = 100 * (block.column + 1) + step * slot + side;
        const Building building =
            Choose(random, block, block.row, number, {lot, grid_.rows_cm[block.row] + (side == 0 ? away : -away)});
        if (!random.PerMille(kEmptyLotPerMille) && IsOn(stretches, lot)) Add(building);
      }
    }
  }

  void BuildAvenue(const Block& block) {
    if (!ColumnGoesOn(grid_, block.column, block.row) || grid_.IsWideRow(block.row)) return;
    if (HasAlley(grid_, block.column, block.row) || HasAlley(grid_, std::max(0, block.column - 1), block.row)) return;
    Random random(grid_.seed, {0x4202u, static_cast<uint64_t>(block.column), static_cast<uint64_t>(block.row)});
    const int64_t south = grid_.rows_cm[block.row];
    for (int slot = 0; slot < 2; ++slot) {
      const int64_t v = south + kAvenueLotFrom + slot * 26 * kMetre + random.Between(-2 * kMetre, 2 * kMetre);
      for (const int side : {0, 1}) {  // even numbers on the east side
        const int64_t away = random.Between(kSetBackMin, kSetBackMax);
        const int number = 100 * (block.row + 1) + 20 + 20 * slot + side;
        const Building building = Choose(random, block, grid_.row_count() + block.column, number,
                                         {grid_.columns_cm[block.column] + (side == 0 ? away : -away), v});
        if (random.PerMille(650)) Add(building);
      }
    }
  }

  bool IsOn(const std::vector<Stretch>& stretches, int64_t u) const {
    if (std::abs(u - grid_.rail_cm()) < kFromRail) return false;
    return std::any_of(stretches.begin(), stretches.end(), [u](const Stretch& stretch) {
      const int64_t low = stretch.from_cm + (stretch.open_from ? kFromCrossing - 2 * kMetre : kFromDeadEnd);
      const int64_t high = stretch.to_cm - (stretch.open_to ? kFromCrossing - 2 * kMetre : kFromDeadEnd);
      return u >= low && u <= high;
    });
  }

  // A house, or near the centre and on the big streets now and then an apartment building.
  Building Choose(Random& random, const Block& block, int street_name, int number, PlanPoint at) const {
    Building building{street_name, number, at, 1, 1};
    const int64_t reach = std::max<int64_t>(4, grid_.row_count() / 4);
    const bool near_centre = block.distance <= reach * reach;
    const bool arterial = block.avenue ? grid_.IsArterialColumn(block.column) : grid_.IsArterialRow(block.row);
    const int64_t chance = near_centre ? (arterial ? 160 : 60) : (arterial ? 25 : 4);
    const bool apartments = random.PerMille(chance);
    const auto floors = static_cast<int16_t>(random.Between(2, near_centre ? kFloorsMax : 3));
    const auto units = static_cast<int16_t>(random.Between(2, near_centre ? 6 : 4));
    if (apartments) {
      building.floors = floors;
      building.units_per_floor = units;
    }
    return building;
  }

  void Add(Building building) {
    if (doors_left_ == 0) return;
    if (building.door_count() > doors_left_) building.floors = building.units_per_floor = 1;
    doors_left_ -= building.door_count();
    buildings_.push_back(building);
  }

  const Grid& grid_;
  int64_t doors_left_;
  std::vector<Building> buildings_;
};

}  // namespace

std::vector<Building> LayBuildings(const Grid& grid, int64_t doors) { return Builder(grid, doors).Build(); }

}  // namespace snowfield::cli::town
