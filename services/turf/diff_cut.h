// DiffCut and ListCutProblems: what a director reads of a finished cut before publishing it.
// Thread safety: all functions from any thread.
#pragma once

#include "absl/status/statusor.h"
#include "base/ids.h"
#include "db/pg/pool.h"
#include "services/access/caller.h"
#include "services/rpc/paging.h"
#include "snowfield/turf/v1/turf.pb.h"

namespace snowfield::turf {

inline constexpr char kDiffList[] = "cut_diff";
inline constexpr char kProblemsList[] = "cut_problems";

struct DiffOrder {
  base::CutId cut;
  // None: the live cut of its pass; of the live cut itself, the one that it took the place of.
  base::CutId against;
  bool changed_only = false;
  rpc::Page page;
};
// One page, and the totals of the whole. Reads both cuts for each page: some seconds for a million doors. NOT_FOUND
// (cut_id, against_cut_id); INVALID_ARGUMENT CUTS_OF_SEVERAL_PASSES (against_cut_id); FAILED_PRECONDITION CUT_NOT_DONE,
// NO_LIVE_CUT.
absl::StatusOr<v1::DiffCutResponse> DiffCut(db::Pool& pool, const access::Call& call, const DiffOrder& order);

// One page. INVALID_ARGUMENT for the page; NOT_FOUND (cut_id). A cut that has no turfs has no problems.
absl::StatusOr<v1::ListCutProblemsResponse> ListCutProblems(db::Pool& pool, const access::Call& call,
                                                            const v1::ListCutProblemsRequest& request);

}  // namespace snowfield::turf
