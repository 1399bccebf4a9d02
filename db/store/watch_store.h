// How a campaign's work stands, in counts and times, for those who watch the server.
// Thread safety: as the transaction's.
#pragma once

#include <cstdint>
#include <optional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "db/pg/transaction.h"

namespace snowfield::db {

struct CampaignWatch {
  int64_t follow_ups_open = 0;
  int64_t follow_ups_overdue = 0;
  std::optional<absl::Time> oldest_overdue;  // its due time
  int64_t lists_out = 0;
  // Of the phones that have a list out, when the quietest one last sent a knock, or checked its list out.
  std::optional<absl::Time> quietest_phone;
  int64_t cuts_running = 0;
  std::optional<absl::Time> oldest_cut_heartbeat;
  std::optional<double> least_cut_fraction = std::nullopt;  // done, 0 to 1
};

absl::StatusOr<CampaignWatch> WatchCampaign(Transaction& transaction, absl::Time now);

}  // namespace snowfield::db
