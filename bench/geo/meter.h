// Meter: seconds, processor seconds and peak memory of a piece of work; and what machine this is.
// Thread safety: one at a time in a process (the kernel keeps one peak).
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace snowfield::bench {

struct Effort {
  double seconds = 0;
  double cpu_seconds = 0;  // 0 where not told
  double peak_mb = 0;      // the most memory in use above that at the start (VmHWM less VmRSS); -1 where not told
};

class Meter {
 public:
  // Gives free memory back to the system first, so that the peak is that of this work.
  Meter() : Meter(0) {}
  // Of another process's memory (a database server's), and of no processor time.
  explicit Meter(int process_id);
  Effort Stop() const;

 private:
  std::string folder_;  // of /proc
  bool own_;
  double start_mb_ = 0;
  std::clock_t start_cpu_;
  std::chrono::steady_clock::time_point start_;
};

// One JSON object's members, without braces: machine, cores, load, commit.
std::string MachineJson();
std::string MachineLine();

}  // namespace snowfield::bench
