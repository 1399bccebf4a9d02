// A re-cut that leaves a turf its doors leaves it its walk.
#include "services/turf/keep_walks.h"

#include <gtest/gtest.h>

namespace snowfield::turf {
namespace {

std::vector<base::DoorId> Doors(const std::vector<int64_t>& ids) {
  std::vector<base::DoorId> doors;
  for (const int64_t id : ids) doors.emplace_back(id);
  return doors;
}

geo::TurfMetrics Metrics(int doors, double length_m, const geo::CutOptions& options) {
  geo::TurfMetrics metrics;
  metrics.door_count = doors;
  metrics.walk_length_m = length_m;
  metrics.walk_m_per_door = length_m / doors;
  metrics.walk_cost_m = length_m + 10;
  metrics.crossing_count = 1;
  metrics.estimated_minutes =
      (metrics.walk_cost_m / options.walk_speed_m_per_s + doors * options.seconds_per_door) / 60;
  return metrics;
}

// One turf of doors 1 to 3, walked the other way round and this long before.
geo::CutResult Kept(double length_m_before, const std::vector<int64_t>& doors_before = {3, 2, 1}, int legs_before = 0,
                    const geo::CutOptions& options = {}) {
  geo::CutResult result;
  geo::Turf turf;
  turf.doors = Doors({1, 2, 3});
  turf.walk_line_ewkb = "new";
  turf.metrics = Metrics(3, 100, options);
  result.turfs = {turf};
  result.totals.door_count = 3;
  result.totals.walk_length_m = 100;
  result.totals.walk_m_per_door = 100.0 / 3;
  result.totals.walk_cost_m_per_door = 110.0 / 3;
  PreviousWalk before{.doors = Doors(doors_before),
                      .walk_ewkb = "old",
                      .metrics = Metrics(static_cast<int>(doors_before.size()), length_m_before, options)};
  before.metrics.barrier_leg_count = legs_before;
  KeepWalks({before}, geo::MatchTurfs({before.doors}, {turf.doors}), options, result);
  return result;
}

TEST(KeepWalks, KeepsAWalkThatIsAsGood) {
  const geo::CutResult result = Kept(101);
  EXPECT_EQ(result.turfs[0].doors, Doors({3, 2, 1}));
  EXPECT_EQ(result.turfs[0].walk_line_ewkb, "old");
  EXPECT_DOUBLE_EQ(result.turfs[0].metrics.walk_length_m, 101);
  EXPECT_NEAR(result.turfs[0].metrics.walk_cost_m, 111, 1e-9);
  EXPECT_DOUBLE_EQ(result.totals.walk_length_m, 101);
  EXPECT_DOUBLE_EQ(result.totals.walk_m_per_door, 101.0 / 3);
  EXPECT_NEAR(result.totals.walk_cost_m_per_door, 111.0 / 3, 1e-9);
}

TEST(KeepWalks, TakesANewWalkThatIsClearlyShorter) {
  EXPECT_EQ(Kept(104).turfs[0].walk_line_ewkb, "new");
  EXPECT_EQ(Kept(90).turfs[0].walk_line_ewkb, "old");
}

TEST(KeepWalks, LeavesTurfsOfOtherDoorsAlone) {
  EXPECT_EQ(Kept(100, {3, 2, 1, 4}).turfs[0].walk_line_ewkb, "new");
  EXPECT_EQ(Kept(100, {3, 2}).turfs[0].walk_line_ewkb, "new");
}

TEST(KeepWalks, ChangesNothingThatTheReportSaysOfATurf) {
  EXPECT_EQ(Kept(100, {3, 2, 1}, 1).turfs[0].walk_line_ewkb, "new");
  geo::CutOptions minutes;
  minutes.target_minutes = minutes.max_minutes = 6.035;  // 100 m are 6.03 minutes, 101 m 6.04
  minutes.min_minutes = 5;
  EXPECT_EQ(Kept(101, {3, 2, 1}, 0, minutes).turfs[0].walk_line_ewkb, "new");
  EXPECT_EQ(Kept(99, {3, 2, 1}, 0, minutes).turfs[0].walk_line_ewkb, "old");
}

}  // namespace
}  // namespace snowfield::turf
