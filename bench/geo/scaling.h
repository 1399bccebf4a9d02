// Scaling: our cut alone on generated counties of growing size, each in a process of its own so that its peak memory is
// true, against n and n log n.
// Thread safety: one at a time.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "geo/cut/cut_turf.h"

namespace snowfield::bench {

inline constexpr int kScaleDoors[] = {1'000, 3'000, 10'000, 30'000, 100'000, 300'000, 1'000'000};

// Runs this program again with --scale-step=N for each size up to `doors_max`; prints a table and JSON lines.
absl::Status PrintScaling(int doors_max, uint64_t seed, const geo::CutOptions& options);

// What the child does: cuts, and prints one line for PrintScaling to read.
absl::Status RunScaleStep(int doors, uint64_t seed, const geo::CutOptions& options);

}  // namespace snowfield::bench
