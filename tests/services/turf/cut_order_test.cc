// What a StartCutRequest may ask for.
#include "services/turf/cut_order.h"

#include <gtest/gtest.h>

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/status.h"
#include "base/uuid.h"

namespace snowfield::turf {
namespace {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

v1::StartCutRequest Request() {
  v1::StartCutRequest request;
  request.set_request_id(base::Uuid::Random().ToString());
  return request;
}

TEST(CutOrder, FillsInWhatIsLeftUnset) {
  const auto order = ReadOrder(Request());
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_EQ(order->pass_name, "first");
  EXPECT_EQ(order->settings.target_doors, 45);
  EXPECT_EQ(order->settings.min_doors, 41);
  EXPECT_EQ(order->settings.max_doors, 49);
  EXPECT_EQ(order->settings.target_minutes, 0);
  EXPECT_EQ(order->settings.finish, "anywhere");
  EXPECT_EQ(order->settings.walk_speed_m_per_s, 1.2);
  EXPECT_EQ(order->settings.seconds_per_door, 90);
  EXPECT_EQ(order->settings.turfs_per_region, 8);
  EXPECT_FALSE(order->settings.keep_live);
}

TEST(CutOrder, TakesMinutesInPlaceOfDoors) {
  v1::StartCutRequest request = Request();
  request.set_target_minutes(90);
  request.set_max_minutes(120);
  request.set_finish(v1::WALK_FINISH_START);
  request.set_walk_speed_m_per_s(1);
  request.set_seconds_per_door(30);
  request.set_turfs_per_region(5);
  request.set_keep_live(true);
  const auto order = ReadOrder(request);
  ASSERT_TRUE(order.ok()) << order.status();
  EXPECT_EQ(order->settings.target_doors, 0);
  EXPECT_EQ(order->settings.min_doors, 0);
  EXPECT_EQ(order->settings.max_doors, 0);
  EXPECT_EQ(order->settings.min_minutes, 81);
  EXPECT_EQ(order->settings.max_minutes, 120);
  const geo::CutOptions options = ToOptions(order->settings);
  EXPECT_EQ(options.target_minutes, 90);
  EXPECT_EQ(options.min_minutes, 81);
  EXPECT_EQ(options.max_minutes, 120);
  EXPECT_EQ(options.finish, geo::WalkFinish::kReturnToStart);
  EXPECT_EQ(options.walk_speed_m_per_s, 1);
  EXPECT_EQ(options.seconds_per_door, 30);
  EXPECT_TRUE(options.keep_previous);
  EXPECT_EQ(order->settings.turfs_per_region, 5);
}

TEST(CutOrder, RefusesWhatCanNeverBeRightAndNamesTheField) {
  struct Case {
    std::function<void(v1::StartCutRequest&)> spoil;
    std::string field, reason;
  };
  const std::vector<Case> cases = {
      {[](auto& r) { r.set_target_minutes(0); }, "target_minutes", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_minutes(9.9); }, "target_minutes", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_minutes(1'001); }, "target_minutes", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_minutes(kNan); }, "target_minutes", "TARGET_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_minutes(60), r.set_target_doors(45); }, "target_minutes", "TARGET_UNCLEAR"},
      {[](auto& r) { r.set_target_minutes(60), r.set_min_doors(40); }, "target_minutes", "TARGET_UNCLEAR"},
      {[](auto& r) { r.set_max_minutes(60); }, "target_minutes", "TARGET_UNCLEAR"},
      {[](auto& r) { r.set_target_minutes(60), r.set_min_minutes(61); }, "min_minutes", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_target_minutes(60), r.set_min_minutes(kNan); }, "min_minutes", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_target_minutes(60), r.set_max_minutes(59); }, "max_minutes", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_target_minutes(60), r.set_max_minutes(1e9); }, "max_minutes", "BOUNDS_OUT_OF_ORDER"},
      {[](auto& r) { r.set_walk_speed_m_per_s(0); }, "walk_speed_m_per_s", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_walk_speed_m_per_s(30); }, "walk_speed_m_per_s", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_walk_speed_m_per_s(kNan); }, "walk_speed_m_per_s", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_seconds_per_door(-1); }, "seconds_per_door", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_seconds_per_door(3'601); }, "seconds_per_door", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_target_minutes(10), r.set_seconds_per_door(700); }, "seconds_per_door", "PACE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_finish(static_cast<v1::WalkFinish>(9)); }, "finish", "FINISH_UNKNOWN"},
      {[](auto& r) { r.set_turfs_per_region(-1); }, "turfs_per_region", "REGION_SIZE_OUT_OF_RANGE"},
      {[](auto& r) { r.set_turfs_per_region(1'001); }, "turfs_per_region", "REGION_SIZE_OUT_OF_RANGE"},
  };
  for (size_t i = 0; i < cases.size(); ++i) {
    v1::StartCutRequest request = Request();
    cases[i].spoil(request);
    const absl::Status status = ReadOrder(request).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << "case " << i;
    EXPECT_EQ(base::DetailOf(status).field, cases[i].field) << "case " << i;
    EXPECT_EQ(base::DetailOf(status).reason, cases[i].reason) << "case " << i;
  }
}

}  // namespace
}  // namespace snowfield::turf
