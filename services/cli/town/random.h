// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, OOPSLA 2014): the same numbers on
// every machine, which std's distributions don't promise. Thread safety: one generator, one thread.
#pragma once

#include <cstdint>
#include <initializer_list>

namespace snowfield::cli::town {

inline uint64_t Mix(uint64_t z) {
  z += 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

class Random {
 public:
  // A stream of its own for each key, so that what one part of the town draws does not move the others.
  Random(uint64_t seed, std::initializer_list<uint64_t> key) : state_(Mix(seed)) {
    for (const uint64_t part : key) state_ = Mix(state_ ^ part);
  }
  uint64_t Next() {
    state_ += 0x9E3779B97F4A7C15u;
    return Mix(state_);
  }
  // 0 to bound - 1. The bias is below bound / 2^64.
  int64_t Below(int64_t bound) { return static_cast<int64_t>(Next() % static_cast<uint64_t>(bound)); }
  // low to high, both included.
  int64_t Between(int64_t low, int64_t high) { return low + Below(high - low + 1); }
  bool PerMille(int64_t chance) { return Below(1000) < chance; }

 private:
  uint64_t state_;
};

}  // namespace snowfield::cli::town
