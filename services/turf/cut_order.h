// CutOrder: what a StartCutRequest asks for, checked and with its defaults filled in.
// Thread safety: pure.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/store/cut_store.h"
#include "geo/cut/cut_turf.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

inline constexpr int kTargetDoorsMax = geo::kTargetDoorsMax;
inline constexpr int kTurfDoorsMax = 2 * kTargetDoorsMax;
inline constexpr double kTurfMinutesMax = 2 * geo::kTargetMinutesMax;
inline constexpr int kPassNameBytesMax = 100;
inline constexpr int kBoundaryKindBytesMax = 100;
inline constexpr char kPassNameDefault[] = "first";

struct CutOrder {
  base::Uuid request;
  base::UniverseId universe;  // none: every door
  std::string pass_name;
  db::CutSettings settings;
};

// INVALID_ARGUMENT naming the field: NOT_A_UUID, UNIVERSE_UNKNOWN, TARGET_OUT_OF_RANGE, TARGET_UNCLEAR (doors and
// minutes), BOUNDS_OUT_OF_ORDER, PACE_OUT_OF_RANGE, FINISH_UNKNOWN, REGION_SIZE_OUT_OF_RANGE, TEXT_OUT_OF_RANGE.
absl::StatusOr<CutOrder> ReadOrder(const v1::StartCutRequest& request);

// The settings as the cutter takes them; `threads` is left to the caller.
geo::CutOptions ToOptions(const db::CutSettings& settings);

}  // namespace snowfield::turf
