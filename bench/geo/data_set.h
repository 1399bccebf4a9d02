// DataSet: what one run of a cutting benchmark cuts.
// Thread safety: plain data.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "geo/cut/cut_turf.h"

namespace snowfield::bench {

struct DataSet {
  std::string name;
  uint64_t seed = 0;    // of a generated one; 0: real
  geo::CutInput input;  // without kept boundaries
  // Precincts or towns: kept where asked for, and judged against always.
  std::vector<geo::CutBoundary> boundaries;
};

}  // namespace snowfield::bench
