#include "services/canvass/results.h"

#include "base/status.h"
#include "db/store/canvass_store.h"

namespace snowfield::canvass {

absl::StatusOr<v1::GetResultsResponse> CountResults(db::Transaction& transaction, base::CutId cut) {
  SNOWFIELD_ASSIGN_OR_RETURN(const db::CanvassCounts counts, db::CountCanvass(transaction, cut));
  v1::GetResultsResponse response;
  int64_t total = 0;
  for (const auto& [result, knocks] : counts.knocks_by_result) {
    v1::ResultCount* out = response.add_results();
    out->set_result(static_cast<v1::KnockResult>(result));
    out->set_knocks(knocks);
    total += knocks;
  }
  response.set_knocks(total);
  response.set_doors_knocked(counts.doors_knocked);
  response.set_conflicts(counts.conflicts);
  response.set_follow_ups_open(counts.follow_ups_open);
  response.set_follow_ups_done(counts.follow_ups_done);
  return response;
}

}  // namespace snowfield::canvass
