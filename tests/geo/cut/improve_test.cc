// The first split, the search that betters it, and the repair of what it leaves.
#include "geo/cut/improve.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <vector>

#include "geo/cut/bisect.h"
#include "geo/cut/first_split.h"
#include "geo/cut/foreign_doors.h"
#include "geo/cut/place_parts.h"
#include "geo/cut/repair.h"
#include "geo/cut/ruin_recreate.h"
#include "geo/cut/turf_plan.h"
#include "tests/geo/cut/town_ground.h"

namespace snowfield::geo {
namespace {

using Groups = std::vector<std::vector<int>>;

void ExpectEachAtomOnce(const AtomGraph& graph, const Groups& groups) {
  std::vector<int> times(graph.atoms.size(), 0);
  for (const std::vector<int>& group : groups) {
    EXPECT_FALSE(group.empty());
    for (const int atom : group) ++times[atom];
  }
  EXPECT_EQ(std::count(times.begin(), times.end(), 1), static_cast<std::ptrdiff_t>(times.size()));
}

double PriceOf(const TownGround& town, const Groups& groups) {
  const TurfPlan plan(town.graph, town.near, town.rule, groups);
  double price = 0;
  for (const PlanTurf& turf : plan.turfs()) price += turf.walk_m;
  return price;
}

Groups FirstSplitOf(const TownGround& town) {
  return FirstSplit(town.graph, town.rule, CellsOf(town.graph), 1, nullptr);
}

TEST(FirstSplit, GivesConnectedTurfsOfAboutEqualSize) {
  const TownGround town = MakeTownGround(8, 21, TownOptions(30));
  const Groups groups = FirstSplitOf(town);
  ExpectEachAtomOnce(town.graph, groups);
  EXPECT_GT(groups.size(), 10u);
  for (const std::vector<int>& group : groups) {
    EXPECT_EQ(CountPieces(town.graph, group), 1);
    EXPECT_LT(LoadOf(town.graph, group), 2 * town.rule.max);
  }
}

TEST(Improve, ShortensWalksAndKeepsEveryAtom) {
  const TownGround town = MakeTownGround(6, 22, TownOptions(30));
  Groups groups = FirstSplitOf(town);
  const double before = PriceOf(town, groups);
  ImproveOptions options;
  options.steps_per_atom = 30;
  Improve(town.graph, town.near, town.rule, options, &groups);
  ExpectEachAtomOnce(town.graph, groups);
  EXPECT_LT(PriceOf(town, groups), before);
  for (const std::vector<int>& group : groups) {
    EXPECT_EQ(CountPieces(town.graph, group), 1);
    EXPECT_EQ(town.rule.Outside(LoadOf(town.graph, group)), 0);
  }
}

TEST(Improve, DoesNotDependOnTheNumberOfThreads) {
  const TownGround town = MakeTownGround(8, 23, TownOptions(8));  // several parts
  Groups one = FirstSplitOf(town), two = one, other_seed = one;
  ASSERT_GT(one.size(), 80u);
  ImproveOptions options;
  options.steps_per_atom = 5;
  Improve(town.graph, town.near, town.rule, options, &one);
  options.threads = 2;
  Improve(town.graph, town.near, town.rule, options, &two);
  EXPECT_EQ(one, two);
  options.seed = 2;
  Improve(town.graph, town.near, town.rule, options, &other_seed);
  EXPECT_NE(one, other_seed);
}

TEST(Improve, StopsWhenToldToAndLosesNothing) {
  const TownGround town = MakeTownGround(4, 24, TownOptions(30));
  Groups groups = FirstSplitOf(town);
  ImproveOptions options;
  options.steps_per_atom = 30;
  options.stopped = [] { return true; };
  Improve(town.graph, town.near, town.rule, options, &groups);
  ExpectEachAtomOnce(town.graph, groups);
}

// From a cut that is as bad as can be: one turf holds nearly all.
TEST(SearchAboutBad, AndRepairMendWhatIsFarOut) {
  const TownGround town = MakeTownGround(6, 25, TownOptions(30));
  Groups groups = FirstSplitOf(town);
  ASSERT_GT(groups.size(), 4u);
  std::swap(groups[0].front(), groups.back().front());  // far apart: both in pieces
  ImproveOptions options;
  Repair(town.graph, town.rule, nullptr, &groups);
  SearchAboutBad(town.graph, town.near, town.rule, options, &groups);
  ExpectEachAtomOnce(town.graph, groups);
  for (const std::vector<int>& group : groups) EXPECT_EQ(CountPieces(town.graph, group), 1);
}

// A tower between two rows: both turfs in bounds would be the tower, and the rows without a way from one to the other.
TEST(Repair, LeavesEveryTurfInOnePieceWhateverTheBounds) {
  AtomGraph graph;
  for (const int doors : {15, 30, 15}) {
    Atom& atom = graph.atoms.emplace_back();
    atom.door_count = atom.load = doors;
    atom.centre.x = 100.0 * static_cast<double>(graph.atoms.size());
  }
  graph.edges = {{1, 50}, {0, 50}, {2, 50}, {1, 50}};
  graph.edge_start = {0, 1, 3, 4};
  graph.cell = {0, 0, 0};
  graph.cell_count = 1;
  Groups groups = {{0, 2}, {1}};
  ASSERT_EQ(CountPieces(graph, groups[0]), 2);
  Repair(graph, ResolveLoad(TownOptions(30)).value(), nullptr, &groups);
  ExpectEachAtomOnce(graph, groups);
  for (const std::vector<int>& group : groups) EXPECT_EQ(CountPieces(graph, group), 1);
}

TEST(TurfPlan, ItsSumsAreThoseOfAPlanMadeAnew) {
  const TownGround town = MakeTownGround(6, 26, TownOptions(30));
  TurfPlan plan(town.graph, town.near, town.rule, FirstSplitOf(town));
  std::vector<int> turfs(plan.turfs().size());
  std::iota(turfs.begin(), turfs.end(), 0);
  RuinRecreate(&plan).Run(turfs, 2'000, {30, 1}, Random(7));
  for (int t = 0; t < static_cast<int>(plan.turfs().size()); ++t) {
    const PlanTurf& turf = plan.turfs()[t];
    double walk_m = 0, doors = 0;
    int64_t load = 0;
    std::vector<int> atoms;
    for (size_t i = 0; i < turf.visits.size(); ++i) {
      const Visit& visit = turf.visits[i];
      EXPECT_EQ(plan.TurfOf(visit.atom), t);
      EXPECT_EQ(plan.PlaceOf(visit.atom), static_cast<int>(i));
      walk_m += town.near.Span_m(visit.atom) + (i > 0 ? plan.LinkBetween_m(turf.visits[i - 1], visit) : 0);
      doors += town.graph.atoms[visit.atom].door_count;
      load += town.graph.atoms[visit.atom].load;
      atoms.push_back(visit.atom);
    }
    EXPECT_NEAR(turf.walk_m, walk_m, 0.01);
    EXPECT_NEAR(turf.doors, doors, 1e-6);
    EXPECT_EQ(turf.load, load);
    EXPECT_EQ(turf.pieces, CountPieces(town.graph, atoms));
    std::vector<PointM> ends;
    for (const int atom : atoms) {
      ends.insert(ends.end(), {town.near.EndOf(atom, 0), town.near.EndOf(atom, 1)});
    }
    EXPECT_NEAR(turf.hull_m * turf.hull_m, AreaOfHull_m2(ConvexHull(ends)), 1e-3);
  }
}

TEST(TurfPlan, PricesOneMoreAtomAsWhatThePriceRisesBy) {
  const TownGround town = MakeTownGround(4, 27, TownOptions(30));
  TurfPlan plan(town.graph, town.near, town.rule, FirstSplitOf(town));
  const Visit visit = plan.turfs()[0].visits.back();
  plan.Remove(0, static_cast<int>(plan.turfs()[0].visits.size()) - 1, 1);
  plan.Survey(0);
  const PlanTurf before = plan.turfs()[0];
  const auto end = static_cast<int>(before.visits.size());
  const double more = plan.PriceOfMore(before, visit.atom, plan.InsertionCost_m(before, end, visit));
  plan.Insert(0, end, visit);
  EXPECT_NEAR(plan.Price(plan.turfs()[0]) - plan.Price(before), more, 0.01);  // at the hull from before
  plan.Survey(0);
  EXPECT_GE(plan.turfs()[0].hull_m, before.hull_m);
}

TEST(PlaceParts, HoldEachPlaceOnceAndFollowOneAnother) {
  Random random(3);
  std::vector<PointM> places;
  for (int i = 0; i < 1'000; ++i) places.push_back({1'000 * random.Share(), 1'000 * random.Share()});
  std::set<int> seen;
  for (const std::vector<int>& part : PlaceParts(places, 30, &random)) {
    EXPECT_LE(part.size(), 30u);
    seen.insert(part.begin(), part.end());
  }
  EXPECT_EQ(seen.size(), places.size());
  double way_m = 0;
  int last = -1;
  for (const std::vector<int>& part : PlaceParts(places, 1, nullptr)) {
    if (last >= 0) way_m += DistanceM(places[last], places[part.front()]);
    last = part.front();
  }
  EXPECT_LT(way_m / 1'000, 60);  // 520 in any order; 24 in the best
}

TEST(PlaceParts, EndWhereAllPlacesAreOne) {
  const std::vector<PointM> places(500, PointM{1, 2});
  size_t count = 0;
  for (const std::vector<int>& part : PlaceParts(places, 7, nullptr)) count += part.size();
  EXPECT_EQ(count, places.size());
}

}  // namespace
}  // namespace snowfield::geo
