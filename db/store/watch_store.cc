#include "db/store/watch_store.h"

#include "base/status.h"
#include "db/queries/watch_queries.h"

namespace snowfield::db {

absl::StatusOr<CampaignWatch> WatchCampaign(Transaction& transaction, absl::Time now) {
  SNOWFIELD_ASSIGN_OR_RETURN(const Result result,
                             transaction.Run(queries::kWatchCampaign, Params().Id(transaction.campaign()).Time(now)));
  const Row row = result[0];
  CampaignWatch watch{.follow_ups_open = row.Int64(0),
                      .follow_ups_overdue = row.Int64(1),
                      .oldest_overdue = row.OptionalTime(2),
                      .lists_out = row.Int64(3),
                      .quietest_phone = row.OptionalTime(4),
                      .cuts_running = row.Int64(5),
                      .oldest_cut_heartbeat = row.OptionalTime(6)};
  if (!row.IsNull(7)) watch.least_cut_fraction = row.Double(7);
  return watch;
}

}  // namespace snowfield::db
