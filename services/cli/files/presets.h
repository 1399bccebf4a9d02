// Presets: ready-made mappings for files that campaigns meet. Each is data, in presets.cc; docs/import.md shows them.
// Thread safety: pure.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "services/cli/files/mapping.h"

namespace snowfield::cli {

// All presets, in the order in which help shows them. The first of each kind is its "sample": the usual column names,
// taken when no preset is named.
const std::vector<Mapping>& Presets();

// The preset of that name and kind; an empty name or "sample" gives the first of the kind. INVALID_ARGUMENT
// PRESET_UNKNOWN names the presets that the kind has.
absl::StatusOr<Mapping> FindPreset(std::string_view name, ImportKind kind);

}  // namespace snowfield::cli
