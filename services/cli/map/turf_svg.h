// A cut as one SVG picture: turfs, regions, walks and doors, with title, figures and scale.
// Thread safety: pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/cli/map/sheet.h"
#include "services/cli/map/turf_map.h"

namespace snowfield::cli {

// For print and for other programs: no script. Errors as LayOut.
absl::StatusOr<std::string> WriteTurfSvg(const TurfMap& map);

// The turfs' areas and the regions' outlines as SVG elements in sheet units, for other pictures to hold. Each turf is
// `<path class="t" data-i="INDEX">`.
std::string AreasOf(const Sheet& sheet);

// A length in metres, 1, 2 or 5 times a power of ten, of about a fifth of `width_m`.
double ScaleBarM(double width_m);

}  // namespace snowfield::cli
