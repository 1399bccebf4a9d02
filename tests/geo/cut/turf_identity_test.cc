// What must hold of every match of two cuts. Random cuts print their seed.
#include "geo/cut/turf_identity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <random>
#include <set>

namespace snowfield::geo {
namespace {

using Turfs = std::vector<std::vector<base::DoorId>>;

Turfs Named(const std::vector<std::vector<int>>& doors) {
  Turfs turfs;
  for (const std::vector<int>& turf : doors) {
    turfs.emplace_back();
    for (const int door : turf) turfs.back().emplace_back(door);
  }
  return turfs;
}

// Doors 1 to `doors` along a line, cut into about `turf_count` turfs at random places, some doors in none.
Turfs RandomCut(int doors, int turf_count, double left_out, std::mt19937_64& random) {
  Turfs turfs(1);
  std::bernoulli_distribution out(left_out), next(static_cast<double>(turf_count) / doors);
  for (int door = 1; door <= doors; ++door) {
    if (next(random) && !turfs.back().empty()) turfs.emplace_back();
    if (!out(random)) turfs.back().emplace_back(door);
  }
  if (turfs.back().empty()) turfs.pop_back();
  return turfs;
}

// A few doors of every turf go to another one.
Turfs Stirred(Turfs turfs, double share, std::mt19937_64& random) {
  std::bernoulli_distribution go(share);
  Turfs stirred(turfs.size());
  for (size_t t = 0; t < turfs.size(); ++t) {
    for (const base::DoorId door : turfs[t]) {
      const size_t to = go(random) ? std::uniform_int_distribution<size_t>(0, turfs.size() - 1)(random) : t;
      stirred[to].push_back(door);
    }
  }
  std::erase_if(stirred, [](const auto& turf) { return turf.empty(); });
  return stirred;
}

int Sum(const std::vector<DoorFlow>& flows) {
  return std::accumulate(flows.begin(), flows.end(), 0, [](int sum, const DoorFlow& flow) { return sum + flow.doors; });
}

std::map<base::DoorId, int> TurfOf(const Turfs& turfs) {
  std::map<base::DoorId, int> turf_of;
  for (int t = 0; t < static_cast<int>(turfs.size()); ++t) {
    for (const base::DoorId door : turfs[t]) turf_of.emplace(door, t);
  }
  return turf_of;
}

void ExpectFlows(const std::vector<DoorFlow>& flows, const std::map<int, int>& counted) {
  std::map<int, int> said;
  for (size_t i = 0; i < flows.size(); ++i) {
    EXPECT_TRUE(said.emplace(flows[i].turf, flows[i].doors).second) << "a turf named twice";
    EXPECT_GE(flows[i == 0 ? 0 : i - 1].doors, flows[i].doors);
  }
  EXPECT_EQ(said, counted);
}

// Every door is accounted for once, by counting anew from the doors.
void ExpectAccounts(const Turfs& before, const Turfs& after, const TurfMatch& match) {
  ASSERT_EQ(match.turfs.size(), after.size());
  const auto then = TurfOf(before), now = TurfOf(after);
  std::set<int> taken;
  for (size_t t = 0; t < after.size(); ++t) {
    const TurfChange& turf = match.turfs[t];
    if (turf.predecessor >= 0) {
      EXPECT_TRUE(taken.insert(turf.predecessor).second) << "two turfs on one ground";
    }
    std::map<int, int> came, left;
    int kept = 0, new_doors = 0, gone = 0;
    for (const base::DoorId door : after[t]) {
      const auto at = then.find(door);
      if (at == then.end()) {
        ++new_doors;
      } else if (at->second == turf.predecessor) {
        ++kept;
      } else {
        ++came[at->second];
      }
    }
    if (turf.predecessor >= 0) {
      for (const base::DoorId door : before[turf.predecessor]) {
        const auto at = now.find(door);
        if (at == now.end()) {
          ++gone;
        } else if (at->second != static_cast<int>(t)) {
          ++left[at->second];
        }
      }
    }
    EXPECT_EQ(turf.kept, kept);
    EXPECT_EQ(turf.new_doors, new_doors);
    EXPECT_EQ(turf.gone_doors, gone);
    ExpectFlows(turf.came, came);
    ExpectFlows(turf.left, left);
    const bool same =
        turf.predecessor >= 0 && std::set(after[t].begin(), after[t].end()) ==
                                     std::set(before[turf.predecessor].begin(), before[turf.predecessor].end());
    EXPECT_EQ(turf.SameDoors(), same);
  }
  EXPECT_EQ(taken.size() + match.ended.size(), before.size());
  for (const EndedTurf& ended : match.ended) {
    EXPECT_FALSE(taken.contains(ended.turf));
    EXPECT_EQ(Sum(ended.went) + ended.gone_doors, static_cast<int>(before[ended.turf].size()));
  }
}

TEST(MatchTurfs, KeepsEveryTurfOfTheSameCut) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Turfs before = RandomCut(3'000, 70, 0, random);
  Turfs after = before;
  for (auto& turf : after) std::shuffle(turf.begin(), turf.end(), random);
  const TurfMatch match = MatchTurfs(before, after);
  EXPECT_TRUE(match.ended.empty());
  for (size_t t = 0; t < after.size(); ++t) {
    EXPECT_EQ(match.turfs[t].predecessor, static_cast<int>(t));
    EXPECT_TRUE(match.turfs[t].SameDoors());
  }
}

TEST(MatchTurfs, AccountsForEveryDoorOnce) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 60; ++round) {
    const Turfs before = RandomCut(600, 1 + round, 0.05, random);
    const Turfs after =
        round % 2 == 0 ? RandomCut(600, 1 + 2 * round, 0.05, random) : Stirred(before, 0.01 * round, random);
    ExpectAccounts(before, after, MatchTurfs(before, after));
    ExpectAccounts(before, {}, MatchTurfs(before, {}));
    ExpectAccounts({}, after, MatchTurfs({}, after));
  }
}

TEST(MatchTurfs, IsTheSameForAnyOrderOfTheInput) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Turfs before = RandomCut(800, 40, 0.05, random), after = RandomCut(800, 50, 0.05, random);
  const TurfMatch plain = MatchTurfs(before, after);
  std::vector<int> at_before(before.size()), at_after(after.size());
  std::iota(at_before.begin(), at_before.end(), 0);
  std::iota(at_after.begin(), at_after.end(), 0);
  std::shuffle(at_before.begin(), at_before.end(), random);
  std::shuffle(at_after.begin(), at_after.end(), random);
  Turfs before_shuffled, after_shuffled;
  for (const int turf : at_before) before_shuffled.push_back(before[turf]);
  for (const int turf : at_after) after_shuffled.push_back(after[turf]);
  for (auto& turf : after_shuffled) std::shuffle(turf.begin(), turf.end(), random);
  const TurfMatch shuffled = MatchTurfs(before_shuffled, after_shuffled);
  for (size_t t = 0; t < after.size(); ++t) {
    const int predecessor = shuffled.turfs[t].predecessor;
    EXPECT_EQ(predecessor < 0 ? -1 : at_before[predecessor], plain.turfs[at_after[t]].predecessor);
    ASSERT_EQ(shuffled.turfs[t].came.size(), plain.turfs[at_after[t]].came.size());
    for (size_t i = 0; i < shuffled.turfs[t].came.size(); ++i) {
      EXPECT_EQ(at_before[shuffled.turfs[t].came[i].turf], plain.turfs[at_after[t]].came[i].turf);
    }
  }
}

TEST(MatchTurfs, LeavesNoTwoTurfsThatWouldRatherBeMatched) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Turfs before = RandomCut(500, 25, 0.02, random), after = Stirred(before, 0.3, random);
  const TurfMatch match = MatchTurfs(before, after);
  std::map<int, int> kept_of;
  for (const TurfChange& turf : match.turfs) kept_of[turf.predecessor] = turf.kept;
  const auto then = TurfOf(before), now = TurfOf(after);
  std::vector<int> common_before(before.size(), 0), common_after(after.size(), 0);
  for (const auto& [door, turf] : then) {
    if (now.contains(door)) ++common_before[turf], ++common_after[now.at(door)];
  }
  for (size_t t = 0; t < after.size(); ++t) {
    for (const DoorFlow& flow : match.turfs[t].came) {
      const bool may = 2 * flow.doors >= std::min(common_before[flow.turf], common_after[t]);
      const bool both_would = flow.doors > match.turfs[t].kept && flow.doors > kept_of[flow.turf];
      EXPECT_FALSE(may && both_would);
    }
  }
}

TEST(MatchTurfs, SplitKeepsTheNumberOnTheLargerPartAndMergeEndsTheSmaller) {
  const TurfMatch split = MatchTurfs(Named({{1, 2, 3, 4, 5}}), Named({{4, 5}, {1, 2, 3}}));
  EXPECT_EQ(split.turfs[0].predecessor, -1);
  EXPECT_EQ(split.turfs[1].predecessor, 0);
  EXPECT_EQ(SucceedingNumbers(split, {7}), (std::vector<int>{8, 7}));
  const TurfMatch merge = MatchTurfs(Named({{1, 2, 3}, {4, 5}}), Named({{1, 2, 3, 4, 5}}));
  EXPECT_EQ(merge.turfs[0].predecessor, 0);
  ASSERT_EQ(merge.ended.size(), 1u);
  EXPECT_EQ(merge.ended[0].turf, 1);
  ASSERT_EQ(merge.ended[0].went.size(), 1u);
  EXPECT_EQ(merge.ended[0].went[0].doors, 2);
}

TEST(MatchTurfs, ATurfDoesNotTakeItsNumberFromAFewDoorsAtItsEdge) {
  const TurfMatch match = MatchTurfs(Named({{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}}),
                                     Named({{1, 2, 3, 4, 7, 8, 9, 10}, {5, 6, 11, 12, 20, 21}}));
  EXPECT_EQ(match.turfs[0].predecessor, 0);
  // It has two of six of turf 1's doors, and they are two of its four old ones: half.
  EXPECT_EQ(match.turfs[1].predecessor, 1);
  const TurfMatch edge = MatchTurfs(Named({{1, 2, 3, 4, 5, 6}, {7, 8, 9, 10, 11, 12}, {13, 14, 15, 16, 17, 18}}),
                                    Named({{1, 2, 3, 4}, {7, 8, 9, 10}, {13, 14, 15, 16}, {5, 6, 11, 12, 17, 18}}));
  EXPECT_EQ(edge.turfs[3].predecessor, -1);
}

TEST(MatchTurfs, PassesOverADoorThatIsNamedTwice) {
  const TurfMatch match = MatchTurfs(Named({{1, 2, 2}, {2, 3}}), Named({{1, 2}, {2, 3, 3}}));
  EXPECT_EQ(match.turfs[0].kept, 2);
  EXPECT_EQ(match.turfs[1].kept, 1);
  EXPECT_TRUE(match.ended.empty());
}

TEST(MatchTurfs, MatchesTwentyThousandTurfsQuickly) {
  std::mt19937_64 random(5);
  const Turfs before = RandomCut(900'000, 20'000, 0.01, random), after = Stirred(before, 0.05, random);
  const auto start = std::chrono::steady_clock::now();
  const TurfMatch match = MatchTurfs(before, after);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(10));
  const auto matched =
      std::count_if(match.turfs.begin(), match.turfs.end(), [](const TurfChange& t) { return t.predecessor >= 0; });
  EXPECT_GT(matched, static_cast<long>(0.99 * static_cast<double>(before.size())));
}

TEST(SucceedingNumbers, AreDistinctAndFollowTheGround) {
  const uint64_t seed = std::random_device{}();
  SCOPED_TRACE(seed);
  std::mt19937_64 random(seed);
  const Turfs before = RandomCut(900, 40, 0, random), after = RandomCut(900, 60, 0, random);
  std::vector<int> numbers(before.size());
  std::iota(numbers.begin(), numbers.end(), 5);
  std::shuffle(numbers.begin(), numbers.end(), random);
  const TurfMatch match = MatchTurfs(before, after);
  const std::vector<int> now = SucceedingNumbers(match, numbers);
  EXPECT_EQ(std::set(now.begin(), now.end()).size(), after.size());
  for (size_t t = 0; t < after.size(); ++t) {
    if (match.turfs[t].predecessor >= 0) {
      EXPECT_EQ(now[t], numbers[match.turfs[t].predecessor]);
    } else {
      EXPECT_GT(now[t], 4 + static_cast<int>(before.size()));
    }
  }
}

}  // namespace
}  // namespace snowfield::geo
