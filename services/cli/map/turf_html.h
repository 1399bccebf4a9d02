// A cut as one HTML file that a director can open: no network, no other file.
//
// Turfs and regions are drawn at once; walks and doors when one comes near. All text of the campaign is escaped or set
// as text. Thread safety: pure.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "services/cli/map/turf_map.h"

namespace snowfield::cli {

// Errors as LayOut.
absl::StatusOr<std::string> WriteTurfHtml(const TurfMap& map);

}  // namespace snowfield::cli
