#include "geo/cut/near_table.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "geo/walk/leg_table.h"
#include "tests/geo/cut/town_ground.h"

namespace snowfield::geo {
namespace {

int AtEnd(const Atom& atom, int end) { return end == 0 ? atom.stops.front().stop : atom.stops.back().stop; }

// The walk solver's own way between two stops.
float WalkedCost_m(const Ground& ground, int stop, int other) {
  LegTable legs(ground.network);
  const std::vector<WalkStop> stops{ground.stops[stop].walk, ground.stops[other].walk};
  legs.Build(stops, 1);
  return legs.Between(0, 1).cost_m;
}

TEST(NearTable, AgreesWithTheWaysThatAreWalked) {
  const TownGround town = MakeTownGround(4, 3, TownOptions(20));
  for (int atom = 0; atom < static_cast<int>(town.graph.atoms.size()); atom += 7) {
    ASSERT_GT(town.near.End(atom) - town.near.Begin(atom), 4);
    for (int i = 0; i < 5; ++i) {
      const int other = town.near.Begin(atom)[i];
      for (const int end : {0, 1}) {
        for (const int to : {0, 1}) {
          const float walked_m =
              WalkedCost_m(town.ground, AtEnd(town.graph.atoms[atom], end), AtEnd(town.graph.atoms[other], to));
          EXPECT_NEAR(town.near.Cost_m(atom, end, other, to), walked_m, 0.2 + 0.01 * walked_m);
        }
      }
    }
  }
}

TEST(NearTable, IsTheSameBothWaysAndOnTwoThreads) {
  const TownGround town = MakeTownGround(4, 5, TownOptions(20));
  const NearTable two = NearTable::Build(town.ground, town.graph, 2, nullptr);
  const auto count = static_cast<int>(town.graph.atoms.size());
  for (int atom = 0; atom < count; ++atom) {
    ASSERT_TRUE(std::equal(town.near.Begin(atom), town.near.End(atom), two.Begin(atom), two.End(atom)));
    const int other = (atom * 13 + 5) % count;
    if (other == atom) continue;
    EXPECT_EQ(town.near.Cost_m(atom, 0, other, 1), town.near.Cost_m(other, 1, atom, 0));
    EXPECT_EQ(town.near.WaysBetween(atom, other)[1], town.near.Cost_m(atom, 0, other, 1));
  }
}

TEST(NearTable, LeadsOutOfNoCell) {
  TownGround town = MakeTownGround(4, 6, TownOptions(20));
  for (size_t i = 0; i < town.ground.stops.size(); ++i) {
    town.ground.stops[i].boundary = town.ground.stops[i].walk.position.x < 0 ? 0 : 1;
  }
  const AtomGraph graph = BuildAtoms(town.ground, town.rule);
  const NearTable near = NearTable::Build(town.ground, graph, 1, nullptr);
  for (int atom = 0; atom < static_cast<int>(graph.atoms.size()); ++atom) {
    for (const int* other = near.Begin(atom); other != near.End(atom); ++other) {
      EXPECT_EQ(graph.cell[*other], graph.cell[atom]);
    }
  }
}

}  // namespace
}  // namespace snowfield::geo
