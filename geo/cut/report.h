// Turns groups of atoms into the turfs of a result: walks, polygons, metrics, problems, totals. Internal to geo/cut.
// Thread safety: pure.
#pragma once

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "geo/cut/atoms.h"
#include "geo/cut/cut_turf.h"

namespace snowfield::geo {

struct ReportControl {
  std::function<bool()> stopped;
  std::function<void(CutStage stage, double fraction)> progress;  // fraction of the stage
};

absl::StatusOr<CutResult> ReportCut(const CutInput& input, const CutOptions& options, const LoadRule& rule,
                                    const Ground& ground, const AtomGraph& graph,
                                    const std::vector<std::vector<int>>& groups, const ReportControl& control);

}  // namespace snowfield::geo
