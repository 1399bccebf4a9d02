// RetrySpread: when callers that are refused should come back.
//
// Each gets an appointment behind the one before, as far apart as the work of the one before takes; so those who were
// refused in one burst come back at the pace at which they can be served, and not in a second burst.
// Thread safety: one thread at a time.
#pragma once

#include "absl/random/random.h"
#include "absl/time/time.h"

namespace snowfield::canvass {

inline constexpr absl::Duration kRetryDelayMin = absl::Seconds(1);
inline constexpr absl::Duration kRetryDelayMax = absl::Minutes(5);

class RetrySpread {
 public:
  // How long this caller should wait, from kRetryDelayMin to kRetryDelayMax. `work_ahead` is how long that takes which
  // was taken in before; `work` how long the caller's own will take.
  absl::Duration NextDelay(absl::Time now, absl::Duration work_ahead, absl::Duration work);

 private:
  absl::Time last_appointment_ = absl::InfinitePast();
  absl::BitGen random_;
};

}  // namespace snowfield::canvass
