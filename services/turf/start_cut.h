// Starting, reading and cancelling cuts.
// Thread safety: all functions from any thread.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "base/uuid.h"
#include "db/pg/pool.h"
#include "db/store/cut_store.h"
#include "geo/cut/cut_turf.h"
#include "services/access/caller.h"
#include "services/turf/cut_runner.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

inline constexpr int kTargetDoorsMax = geo::kTargetDoorsMax;
inline constexpr int kTurfDoorsMax = 2 * kTargetDoorsMax;
inline constexpr int kPassNameBytesMax = 100;
inline constexpr int kBoundaryKindBytesMax = 100;
inline constexpr char kPassNameDefault[] = "first";

// A StartCutRequest whose values are checked and whose defaults are filled in.
struct CutOrder {
  base::Uuid request;
  base::UniverseId universe;  // none: every door
  int target_doors = 0;
  int min_doors = 0;
  int max_doors = 0;
  std::string keep_boundary_kind;
  std::string pass_name;
  int64_t seed = 0;
};

// INVALID_ARGUMENT naming the field: REQUEST_ID_..., UNIVERSE_UNKNOWN, TARGET_OUT_OF_RANGE, BOUNDS_OUT_OF_ORDER,
// TEXT_OUT_OF_RANGE.
absl::StatusOr<CutOrder> ReadOrder(const v1::StartCutRequest& request);

// Stores the cut and gives it to the runner. The same request again answers with the cut that it started.
// INVALID_ARGUMENT BOUNDARY_KIND_UNKNOWN (keep_boundary_kind), FAILED_PRECONDITION NO_DOORS and TOO_MANY_DOORS
// (universe_id), NOT_FOUND (universe_id), RESOURCE_EXHAUSTED CUTS_EXHAUSTED.
absl::StatusOr<db::CutRow> StartCut(db::Pool& pool, CutRunner& runner, const access::Call& call, const CutOrder& order);

// The cut; one whose server has fallen silent is marked failed first. NOT_FOUND naming "cut_id".
absl::StatusOr<db::CutRow> GetCut(db::Pool& pool, const access::Call& call, base::CutId cut);

// Ends a running cut; one that failed or was cancelled stays as it is. FAILED_PRECONDITION CUT_ALREADY_DONE.
absl::StatusOr<db::CutRow> CancelCut(db::Pool& pool, CutRunner& runner, const access::Call& call, base::CutId cut);

}  // namespace snowfield::turf
