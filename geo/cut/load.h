// LoadRule: what a turf may hold, in whole units of load: doors, or tenths of a minute of work. Internal to geo/cut.
//
// A cut by minutes differs from one by doors in its units only: a door counts the seconds of a knock, and each metre
// walked counts its seconds too. Thread safety: a plain value.
#pragma once

#include <cmath>
#include <cstdint>

#include "absl/status/statusor.h"
#include "geo/cut/cut_turf.h"

namespace snowfield::geo {

inline constexpr int kUnitsPerMinute = 10;

struct LoadRule {
  int min = 0;  // of a turf
  int target = 0;
  int max = 0;
  int per_door = 1;
  double per_metre = 0;  // 0: walking does not count
  bool operator==(const LoadRule&) const = default;

  int Of(int doors, double walk_m) const {
    return doors * per_door + static_cast<int>(std::lround(walk_m * per_metre));
  }
  // Of a turf that was walked.
  int64_t OfTurf(const TurfMetrics& turf) const {
    return ByMinutes() ? std::llround(turf.estimated_minutes * kUnitsPerMinute) : turf.door_count;
  }
  bool ByMinutes() const { return per_metre > 0; }
  bool Holds(int64_t load) const { return load >= min && load <= max; }
  // Units beyond the bounds.
  int64_t Outside(int64_t load) const { return load < min ? min - load : load > max ? load - max : 0; }
  // Beyond a quarter of the target, or of the bounds where they are wider: nobody would send a canvasser out with it.
  bool IsFarOut(int64_t load) const {
    return Outside(load) > 0 && (4 * load < 3 * int64_t{target} || 4 * load > 5 * int64_t{target});
  }
};

// The rule of a cut with these options; the same errors as CutTurf.
absl::StatusOr<LoadRule> ResolveLoad(const CutOptions& options);

}  // namespace snowfield::geo
