// Clock: the time as logic sees it, so that a test can hold it. tests/support has the fake.
// Thread safety: Now() may be called from any thread.
#pragma once

#include "absl/time/time.h"

namespace snowfield::base {

class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;

  // The machine's clock; never deleted.
  static const Clock& System();
};

}  // namespace snowfield::base
