// CampaignGauges: how the work of all campaigns together stands, read from the database from time to time, for
// Prometheus: queue depth and age, cuts under way, the phone that was longest not heard of.
//
// Invariants: no campaign has a series of its own, so their number does not grow; a reading that fails leaves the last
// figures, and the time of the last good one tells that they are old.
// Thread safety: it works on a thread of its own, which ends with the object. Pool and registry must outlive it.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/repeating.h"
#include "db/pg/pool.h"

namespace snowfield::server {

inline constexpr absl::Duration kGaugePause = absl::Seconds(15);
// A reading of one campaign takes at most this long.
inline constexpr absl::Duration kGaugeTimeMax = absl::Seconds(5);

class CampaignGauges {
 public:
  CampaignGauges(db::Pool* pool, const base::Clock& clock, prometheus::Registry& registry,
                 absl::Duration pause = kGaugePause);

 private:
  void ReadOnce();
  absl::Status Read();

  db::Pool* const pool_;
  const base::Clock& clock_;
  prometheus::Gauge& follow_ups_open_;
  prometheus::Gauge& follow_ups_overdue_;
  prometheus::Gauge& oldest_overdue_seconds_;
  prometheus::Gauge& lists_out_;
  prometheus::Gauge& quietest_phone_seconds_;
  prometheus::Gauge& cuts_running_;
  prometheus::Gauge& cut_heartbeat_seconds_;
  prometheus::Gauge& least_cut_fraction_;
  prometheus::Gauge& read_time_;
  base::Repeating thread_;
};

}  // namespace snowfield::server
