#include "geo/cut/load.h"

#include <algorithm>
#include <string>

#include "base/status.h"

namespace snowfield::geo {
namespace {

absl::Status OutOfRange(const char* field, const char* reason, int low, int high) {
  return base::InvalidField(
      field, reason, std::string(field) + " must be in [" + std::to_string(low) + ", " + std::to_string(high) + "]");
}

absl::Status CheckPace(const CutOptions& options) {
  if (!(options.walk_speed_m_per_s >= kWalkSpeedMin_m_per_s && options.walk_speed_m_per_s <= kWalkSpeedMax_m_per_s)) {
    return base::InvalidField("walk_speed_m_per_s", "PACE_OUT_OF_RANGE",
                              "walk_speed_m_per_s must be in [0.1, 20]: people walk at about 1.2");
  }
  if (!(options.seconds_per_door >= kSecondsPerDoorMin && options.seconds_per_door <= kSecondsPerDoorMax)) {
    return base::InvalidField("seconds_per_door", "PACE_OUT_OF_RANGE",
                              "seconds_per_door must be in [1, 3600]: a knock with its talk takes about 90");
  }
  return absl::OkStatus();
}

LoadRule OfMinutes(const MinuteBounds& bounds, const CutOptions& options) {
  const auto units = [](double minutes) { return static_cast<int>(std::lround(minutes * kUnitsPerMinute)); };
  const double per_second = kUnitsPerMinute / 60.0;
  return {units(bounds.min_minutes), units(options.target_minutes), units(bounds.max_minutes),
          std::max(1, static_cast<int>(std::lround(options.seconds_per_door * per_second))),
          per_second / options.walk_speed_m_per_s};
}

}  // namespace

absl::StatusOr<DoorBounds> ResolveBounds(const CutOptions& options) {
  const int target = options.target_doors;
  if (target < 1 || target > kTargetDoorsMax) {
    return OutOfRange("target_doors", "TARGET_OUT_OF_RANGE", 1, kTargetDoorsMax);
  }
  // Ten per cent in whole numbers: rounding errors of 0.9 * target must not move a bound.
  DoorBounds bounds{(9 * target + 9) / 10, 11 * target / 10};
  if (bounds.max_doors == target) bounds.max_doors = target + 1;
  if (bounds.min_doors == target) bounds.min_doors = std::max(1, target - 1);
  constexpr int kMost = 2 * kTargetDoorsMax;
  if (options.min_doors < 0 || options.min_doors > kMost) {
    return OutOfRange("min_doors", "BOUNDS_OUT_OF_RANGE", 0, kMost);
  }
  if (options.max_doors < 0 || options.max_doors > kMost) {
    return OutOfRange("max_doors", "BOUNDS_OUT_OF_RANGE", 0, kMost);
  }
  if (options.min_doors > 0) bounds.min_doors = options.min_doors;
  if (options.max_doors > 0) bounds.max_doors = options.max_doors;
  if (bounds.min_doors > bounds.max_doors) {
    return base::InvalidField("min_doors", "MIN_ABOVE_MAX", "min_doors must not be above max_doors");
  }
  if (target < bounds.min_doors || target > bounds.max_doors) {
    return base::InvalidField("target_doors", "TARGET_OUT_OF_RANGE", "target_doors must lie in [min_doors, max_doors]");
  }
  return bounds;
}

absl::StatusOr<MinuteBounds> ResolveMinutes(const CutOptions& options) {
  SNOWFIELD_RETURN_IF_ERROR(CheckPace(options));
  const double target = options.target_minutes;
  if (!(target >= kTargetMinutesMin && target <= kTargetMinutesMax)) {
    return OutOfRange("target_minutes", "TARGET_OUT_OF_RANGE", static_cast<int>(kTargetMinutesMin),
                      static_cast<int>(kTargetMinutesMax));
  }
  MinuteBounds bounds{0.9 * target, 1.1 * target};
  const double most = 2 * kTargetMinutesMax;
  if (!(options.min_minutes >= 0 && options.min_minutes <= most)) {
    return OutOfRange("min_minutes", "BOUNDS_OUT_OF_RANGE", 0, static_cast<int>(most));
  }
  if (!(options.max_minutes >= 0 && options.max_minutes <= most)) {
    return OutOfRange("max_minutes", "BOUNDS_OUT_OF_RANGE", 0, static_cast<int>(most));
  }
  if (options.min_minutes > 0) bounds.min_minutes = options.min_minutes;
  if (options.max_minutes > 0) bounds.max_minutes = options.max_minutes;
  if (bounds.min_minutes > bounds.max_minutes) {
    return base::InvalidField("min_minutes", "MIN_ABOVE_MAX", "min_minutes must not be above max_minutes");
  }
  if (target < bounds.min_minutes || target > bounds.max_minutes) {
    return base::InvalidField("target_minutes", "TARGET_OUT_OF_RANGE",
                              "target_minutes must lie in [min_minutes, max_minutes]");
  }
  return bounds;
}

absl::StatusOr<LoadRule> ResolveLoad(const CutOptions& options) {
  if (options.target_minutes != 0) {
    SNOWFIELD_ASSIGN_OR_RETURN(const MinuteBounds bounds, ResolveMinutes(options));
    return OfMinutes(bounds, options);
  }
  SNOWFIELD_RETURN_IF_ERROR(CheckPace(options));
  SNOWFIELD_ASSIGN_OR_RETURN(const DoorBounds bounds, ResolveBounds(options));
  return LoadRule{bounds.min_doors, options.target_doors, bounds.max_doors, 1, 0};
}

bool SameBounds(const CutOptions& a, const CutOptions& b) {
  const absl::StatusOr<LoadRule> rule_a = ResolveLoad(a), rule_b = ResolveLoad(b);
  if (!rule_a.ok() || !rule_b.ok() || *rule_a != *rule_b) return false;
  return !rule_a->ByMinutes() || a.finish == b.finish;
}

}  // namespace snowfield::geo
