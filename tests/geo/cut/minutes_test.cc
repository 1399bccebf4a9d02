// Turfs by minutes of work.
#include <gtest/gtest.h>

#include "geo/cut/load.h"
#include "tests/geo/cut/town_ground.h"

namespace snowfield::geo {
namespace {

TEST(CutByMinutes, HoldsEachTurfToItsMinutes) {
  const CutInput input = testing::SeededTown(5, 41);
  CutOptions options;
  options.target_minutes = 60;
  options.seconds_per_door = 90;
  const CutResult result = CutTurf(input, options).value();
  EXPECT_DOUBLE_EQ(result.min_minutes, 54);
  EXPECT_DOUBLE_EQ(result.max_minutes, 66);
  EXPECT_EQ(result.max_doors, 0);
  EXPECT_GT(result.totals.turf_count, 5);
  EXPECT_EQ(result.totals.turfs_connected, result.totals.turf_count);
  EXPECT_GE(result.totals.turfs_in_bounds, 0.95 * result.totals.turf_count);
  for (const Turf& turf : result.turfs) {
    const double minutes = turf.metrics.estimated_minutes;
    EXPECT_NEAR(minutes, turf.metrics.walk_cost_m / 1.2 / 60 + 1.5 * turf.metrics.door_count, 1e-6);
    EXPECT_EQ(turf.metrics.in_bounds, minutes > 53.95 && minutes < 66.05);
  }
}

TEST(CutByMinutes, ASlowerTalkMakesSmallerTurfs) {
  const CutInput input = testing::SeededTown(3, 42);
  CutOptions options;
  options.target_minutes = 60;
  options.seconds_per_door = 30;
  const int quick = CutTurf(input, options)->totals.turf_count;
  options.seconds_per_door = 120;
  EXPECT_GT(CutTurf(input, options)->totals.turf_count, 2 * quick);
}

TEST(ResolveMinutes, RefusesWhatIsOutOfRange) {
  const auto refusal = [](auto change) {
    CutOptions options;
    options.target_minutes = 60;
    change(options);
    return std::string(ResolveMinutes(options).status().message());
  };
  EXPECT_NE(refusal([](CutOptions& o) { o.target_minutes = 5; }).find("target_minutes"), std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) { o.min_minutes = -1; }).find("min_minutes"), std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) {
              o.min_minutes = 64;
              o.target_minutes = 62;
            }).find("target_minutes"),
            std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) { o.max_minutes = 1e9; }).find("max_minutes"), std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) { o.walk_speed_m_per_s = 0; }).find("walk_speed_m_per_s"), std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) { o.seconds_per_door = 0; }).find("seconds_per_door"), std::string::npos);
  EXPECT_NE(refusal([](CutOptions& o) { o.min_minutes = 70; }).find("min_minutes"), std::string::npos);
  EXPECT_EQ(refusal([](CutOptions&) {}), "");
}

TEST(LoadRule, SaysWhatIsFarOut) {
  const LoadRule rule{41, 45, 49, 1, 0};
  EXPECT_TRUE(rule.Holds(41) && rule.Holds(49) && !rule.Holds(40));
  EXPECT_EQ(rule.Outside(38), 3);
  EXPECT_EQ(rule.Outside(51), 2);
  EXPECT_FALSE(rule.IsFarOut(34));
  EXPECT_TRUE(rule.IsFarOut(33) && rule.IsFarOut(57));
}

}  // namespace
}  // namespace snowfield::geo
