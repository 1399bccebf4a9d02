// RunCut: the work of one cut, from the doors of its universe to its turfs in the database.
//
// It reads the ground in one snapshot, cuts without a connection, and stores regions, turfs, doors and report in one
// transaction that ends the cut's state 'running': all or nothing. A turf that stands on the ground of a turf of the
// previous cut takes its number; a door that is set aside in the previous cut stays so.
// Thread safety: several cuts may run at once; CutProgress is shared between the worker and those who watch.
#pragma once

#include <atomic>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "db/store/territory_store.h"
#include "geo/cut/cut_turf.h"
#include "geo/cut/regions.h"

namespace snowfield::turf {

// A cut that takes longer is given up.
inline constexpr absl::Duration kCutTimeMax = absl::Minutes(55);

struct CutJob {
  base::CampaignId campaign;
  base::CutId cut;
  base::PassId pass;
  base::CutId previous;  // whose turf numbers it carries on; none where no cut was live
  db::UniverseFilter filter;
  std::string keep_boundary_kind;  // empty: none
  int turfs_per_region = geo::kRegionTurfsDefault;
  geo::CutOptions options;
};

// Where a cut stands. The stage is one of "loading", "streets", "cutting", "walking", "shaping", "storing".
struct CutProgress {
  std::atomic<const char*> stage{"loading"};
  std::atomic<double> fraction{0};  // of the whole cut, 0 to 1
  std::atomic<bool> cancelled{false};
};

// `worker` is who holds the cut. CANCELLED where `progress.cancelled` was set, or the cut was ended by another
// meanwhile; the cutter's refusals otherwise. The cut's state is changed on OK only.
absl::Status RunCut(db::Pool& pool, const CutJob& job, const std::string& worker, CutProgress& progress);

}  // namespace snowfield::turf
