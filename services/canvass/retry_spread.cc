#include "services/canvass/retry_spread.h"

#include <algorithm>

namespace snowfield::canvass {
namespace {
// Refused callers get this share of the pace; the rest is for those who come new.
constexpr double kShareOfPace = 0.8;
// Each delay is off its appointment by up to this part, both ways.
constexpr double kJitter = 0.25;
}  // namespace

absl::Duration RetrySpread::NextDelay(absl::Time now, absl::Duration work_ahead, absl::Duration work) {
  const absl::Time first = now + std::max(kRetryDelayMin, work_ahead);
  if (now + kRetryDelayMax < last_appointment_) {
    // More than can be promised: anywhere in the whole time, and the book is not filled further.
    return kRetryDelayMin + (kRetryDelayMax - kRetryDelayMin) * absl::Uniform(random_, 0.0, 1.0);
  }
  last_appointment_ = std::max(first, last_appointment_ + work / kShareOfPace);
  const double jitter = absl::Uniform(random_, 1 - kJitter, 1 + kJitter);
  return std::clamp((last_appointment_ - now) * jitter, kRetryDelayMin, kRetryDelayMax);
}

}  // namespace snowfield::canvass
