// Turfs as CSV (RFC 4180): one line a door, in walking order.
// Thread safety: pure.
#pragma once

#include <string>

#include "services/cli/map/turf_map.h"

namespace snowfield::cli {

// The columns, in this order. `turf` is the turf's number; `sequence` counts from 1 in each turf.
inline constexpr char kTurfCsvHeader[] =
    "turf,sequence,door_id,external_id,longitude,latitude,house_number,street,unit,region";

// Lines end in CR LF. Degrees have seven digits after the point (about a centimetre).
std::string WriteTurfCsv(const TurfMap& map);

}  // namespace snowfield::cli
