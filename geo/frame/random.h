// Random: small seeded numbers, the same on every machine (the distributions of <random> are not).
// SplitMix64 (Steele, Lea and Flood 2014). Thread safety: a plain value of one thread.
#pragma once

#include <cstdint>

namespace snowfield::geo {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  // A stream of its own for each pair of numbers.
  Random(uint64_t seed, uint64_t a, uint64_t b) : state_(Mix(Mix(seed + a * kStep) + b * kStep)) {}

  uint64_t Next() { return Mix(state_ += kStep); }
  // In [0, below); below in [1, 2^31].
  int Below(int below) { return static_cast<int>((Next() >> 32) * static_cast<uint64_t>(below) >> 32); }
  // In [0, 1).
  double Share() { return static_cast<double>(Next() >> 11) * 0x1p-53; }

 private:
  static constexpr uint64_t kStep = 0x9E3779B97F4A7C15u;
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }
  uint64_t state_;
};

}  // namespace snowfield::geo
