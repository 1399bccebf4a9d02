// Stopwatch: processor time of this process since it was made. For work on one thread: unlike the clock on the wall, it
// is little disturbed by what else the machine does.
// Thread safety: one thread in the process is to be busy.
#pragma once

#include <ctime>

namespace snowfield::bench {

class Stopwatch {
 public:
  Stopwatch() : start_(Now()) {}
  double Milliseconds() const { return Now() - start_; }

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return 1e3 * static_cast<double>(now.tv_sec) + 1e-6 * static_cast<double>(now.tv_nsec);
  }
  double start_;
};

}  // namespace snowfield::bench
