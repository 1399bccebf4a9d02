#include "geo/cut/regions.h"

#include <gtest/gtest.h>

#include <map>
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

TEST(GroupIntoRegions, MakesTheFewestRegionsThatFit) {
  for (const int side : {1, 3, 7, 10}) {
    const RegionInput input = Grid(side);
    const std::vector<int> region = GroupIntoRegions(input).value();
    std::map<int, int> size;
    for (const int r : region) ++size[r];
    EXPECT_EQ(static_cast<int>(size.size()), (side * side + 7) / 8);
    int split = 0;
    for (const auto& [r, count] : size) {
      EXPECT_LE(count, kRegionTurfsDefault);
      split += Pieces(input, region, r) > 1 ? 1 : 0;
    }
    EXPECT_LE(split, 1 + static_cast<int>(size.size()) / 6) << "regions fall apart";
  }
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
