// ParallelFor: runs body(thread, index) for each index of [0, count) on up to `threads` threads, in chunks handed out
// in order. The body must not throw and must write only what belongs to its index or its thread number, so that the
// answer does not depend on the number of threads. `stop` is polled before each chunk by the calling thread; once true,
// what is left is skipped and false is returned. Thread safety: may be called from several threads at once; starts and
// joins its own.
#pragma once

#include <algorithm>
#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace snowfield::geo {

template <typename Body>
bool ParallelFor(int threads, int count, int chunk, const std::function<bool()>& stop, const Body& body) {
  std::atomic<int> next{0};
  std::atomic<bool> stopped{false};
  const auto run = [&](int thread) {
    while (!stopped.load(std::memory_order_relaxed)) {
      if (thread == 0 && stop && stop()) stopped = true;
      const int begin = next.fetch_add(chunk);
      if (stopped || begin >= count) return;
      for (int i = begin; i < std::min(begin + chunk, count); ++i) body(thread, i);
    }
  };
  std::vector<std::thread> others;
  for (int t = 1; t < std::min(threads, (count + chunk - 1) / chunk); ++t) others.emplace_back(run, t);
  run(0);
  for (std::thread& other : others) other.join();
  return !stopped;
}

}  // namespace snowfield::geo
