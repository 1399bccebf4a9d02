// GeneratedCounty: a seeded county for benchmarks, from one street to millions of doors, that grows outwards: the same
// seed at a larger size holds the ground of a smaller one.
//
// Towns on a jittered lattice, a core of row houses with towers, grid streets around it, then winding streets with dead
// ends, then rural roads. Arterials each 800 m. A river, a railway and a motorway wind through and are repeated
// each 8 to 13 km; only some arterials cross them, all other streets end there. House numbers are even on one
// side and odd on the other. The whole plane is bent, so that no street is quite straight.
// Thread safety: pure.
#pragma once

#include <cstdint>

#include "bench/geo/data_set.h"

namespace snowfield::bench {

inline constexpr int kGeneratedDoorsMax = 5'000'000;

// Exactly `doors` doors, [1, kGeneratedDoorsMax]; precincts of at most about 1,500 doors as boundaries, their lines
// along streets. Same arguments, same county on every machine.
DataSet GeneratedCounty(int doors, uint64_t seed);

}  // namespace snowfield::bench
