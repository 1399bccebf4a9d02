#include "geo/cut/regions.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "base/status.h"
#include "geo/cut/cut_turf.h"
#include "tests/support/ascii_town.h"

namespace snowfield::geo {
namespace {

RegionInput Grid(int side) {
  RegionInput input;
  for (int x = 0; x < side; ++x) {
    for (int y = 0; y < side; ++y) {
      input.turf_centres.push_back({8 + 0.01 * x, 50 + 0.01 * y});
      if (x > 0) input.neighbors.push_back({x * side + y, (x - 1) * side + y});
      if (y > 0) input.neighbors.push_back({x * side + y, x * side + y - 1});
    }
  }
  return input;
}

int Pieces(const RegionInput& input, const std::vector<int>& group_of, int group) {
  std::set<int> left;
  for (int i = 0; i < static_cast<int>(group_of.size()); ++i) {
    if (group_of[i] == group) left.insert(i);
  }
  int pieces = 0;
  while (!left.empty()) {
    ++pieces;
    std::vector<int> open{*left.begin()};
    left.erase(left.begin());
    while (!open.empty()) {
      const int at = open.back();
      open.pop_back();
      for (const TurfPair& pair : input.neighbors) {
        const int other = pair.a == at ? pair.b : pair.b == at ? pair.a : -1;
        if (other >= 0 && left.erase(other) > 0) open.push_back(other);
      }
    }
  }
  return pieces;
}

// Every region is in one piece and no larger than asked for; there are few more than fit.
void ExpectGoodRegions(const RegionInput& input, int most) {
  const std::vector<int> region = GroupIntoRegions(input, most).value();
  std::map<int, int> size;
  for (const int r : region) ++size[r];
  const int fewest = (static_cast<int>(region.size()) + most - 1) / most;
  EXPECT_LE(static_cast<int>(size.size()), fewest + fewest / 8);
  EXPECT_EQ(size.begin()->first, 0);
  EXPECT_EQ(size.rbegin()->first, static_cast<int>(size.size()) - 1);
  for (const auto& [r, count] : size) {
    EXPECT_LE(count, most);
    EXPECT_EQ(Pieces(input, region, r), 1) << "region " << r << " of " << count << " falls apart";
  }
}

TEST(GroupIntoRegions, KeepsEachInOnePieceAndMakesFew) {
  for (const int side : {1, 3, 7, 10, 20}) {
    for (const int most : {1, 2, 3, 8, 50}) ExpectGoodRegions(Grid(side), most);
  }
}

TEST(GroupIntoRegions, KeepsEachInOnePieceOnMapsWithHoles) {
  for (unsigned seed = 1; seed <= 20; ++seed) {
    // A grid without a third of its links, but with a chain that keeps it whole.
    RegionInput input = Grid(12);
    std::mt19937 random(seed);
    std::erase_if(input.neighbors, [&](const TurfPair& pair) { return pair.a != pair.b + 1 && random() % 3 == 0; });
    for (int x = 1; x < 12; ++x) input.neighbors.push_back({12 * x, 12 * (x - 1)});
    SCOPED_TRACE(seed);
    ExpectGoodRegions(input, 8);
  }
}

TEST(GroupIntoRegions, EndsRegionsAtWaterWhereItCan) {
  // Two banks of 8 turfs each that share no side.
  RegionInput input;
  for (int bank = 0; bank < 2; ++bank) {
    for (int i = 0; i < 8; ++i) {
      input.turf_centres.push_back({8 + 0.01 * i, 50 + 0.002 * bank});
      if (i > 0) input.neighbors.push_back({8 * bank + i, 8 * bank + i - 1});
    }
  }
  const std::vector<int> region = GroupIntoRegions(input).value();
  for (int i = 0; i < 16; ++i) EXPECT_EQ(region[i], region[i < 8 ? 0 : 8]);
  EXPECT_NE(region[0], region[8]);
}

TEST(GroupIntoRegions, LeavesNoTurfOnItsOwnWhereRoomIsLeft) {
  const std::vector<int> region = GroupIntoRegions(Grid(3)).value();  // 9 turfs, at most 8 each
  const auto first = std::count(region.begin(), region.end(), 0);
  EXPECT_TRUE(first == 4 || first == 5 || first == 3 || first == 6) << first;
}

TEST(GroupIntoRegions, TakesTurfsThatAllStandOnOneSpot) {
  RegionInput input;
  input.turf_centres.assign(20, {8, 50});
  const std::vector<int> region = GroupIntoRegions(input).value();
  EXPECT_EQ(std::set<int>(region.begin(), region.end()).size(), 3U);
}

TEST(GroupIntoRegions, RefusesSizesOutOfRange) {
  EXPECT_EQ(base::DetailOf(GroupIntoRegions(Grid(2), 0).status()).field, "turfs_per_region");
  RegionInput bad = Grid(2);
  bad.neighbors.push_back({0, 99});
  EXPECT_EQ(base::DetailOf(GroupIntoRegions(bad).status()).reason, "TURF_OUT_OF_RANGE");
  EXPECT_TRUE(GroupIntoRegions({}).value().empty());
}

TEST(AssignByNearness, GivesEachLeaderTurfsNearHomeWithinTheirRoom) {
  const RegionInput input = Grid(5);
  const std::vector<LeaderPlace> leaders = {{LonLat{8, 50}, 8, 4}, {LonLat{8.04, 50.04}, 8, 0}, {std::nullopt, 2, 0}};
  const std::vector<int> leader_of = AssignByNearness(input, leaders).value();
  std::map<int, int> count;
  for (const int leader : leader_of) ++count[leader];
  EXPECT_EQ(count[0], 4);
  EXPECT_EQ(count[1], 8);
  EXPECT_EQ(count[2], 2);
  EXPECT_EQ(count[-1], 11) << "no leader has room for the rest";
  EXPECT_EQ(leader_of[0], 0);
  EXPECT_EQ(leader_of[24], 1);
  for (const int leader : {0, 1, 2}) EXPECT_EQ(Pieces(input, leader_of, leader), 1);
}

TEST(AssignByNearness, TakesNoLeadersAndNoTurfs) {
  EXPECT_EQ(AssignByNearness(Grid(2), {}).value(), std::vector<int>(4, -1));
  EXPECT_TRUE(AssignByNearness({}, {LeaderPlace()}).value().empty());
  EXPECT_EQ(base::DetailOf(AssignByNearness(Grid(2), {{std::nullopt, -1, 0}}).status()).reason,
            "CAPACITY_OUT_OF_RANGE");
}

TEST(TurfNeighbors, FindsTurfsWithACommonEdge) {
  const CutResult cut = CutTurf(testing::SeededTown(5, 5), {}).value();
  std::vector<std::string> polygons;
  for (const Turf& turf : cut.turfs) polygons.push_back(turf.polygon_ewkb);
  const std::vector<TurfPair> pairs = TurfNeighbors(polygons).value();
  EXPECT_GE(pairs.size(), cut.turfs.size() - 1);
  for (const TurfPair& pair : pairs) EXPECT_LT(pair.a, pair.b);
  EXPECT_FALSE(TurfNeighbors({"junk"}).ok());
}

}  // namespace
}  // namespace snowfield::geo
