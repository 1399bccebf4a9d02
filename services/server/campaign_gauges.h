// CampaignGauges: how the work of all campaigns together stands, read from the database from time to time, for
// Prometheus: queue depth and age, cuts under way, the phone that was longest not heard of.
//
// Invariants: no campaign has a series of its own, so their number does not grow; a reading that fails leaves the last
// figures, and the time of the last good one tells that they are old.
// Thread safety: it works on a thread of its own, which ends with the object. Pool and registry must outlive it.
#pragma once

#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "db/pg/pool.h"

namespace snowfield::server {

inline constexpr absl::Duration kGaugePause = absl::Seconds(15);
// A reading of one campaign takes at most this long.
inline constexpr absl::Duration kGaugeTimeMax = absl::Seconds(5);

class CampaignGauges {
 public:
  CampaignGauges(db::Pool* pool, const base::Clock& clock, prometheus::Registry& registry,
                 absl::Duration pause = kGaugePause);
  ~CampaignGauges();
  CampaignGauges(const CampaignGauges&) = delete;
  CampaignGauges& operator=(const CampaignGauges&) = delete;

 private:
  void WorkUntilClosed();
  absl::Status ReadOnce();

  db::Pool* const pool_;
  const base::Clock& clock_;
  const absl::Duration pause_;
  prometheus::Gauge& follow_ups_open_;
  prometheus::Gauge& follow_ups_overdue_;
  prometheus::Gauge& oldest_overdue_seconds_;
  prometheus::Gauge& lists_out_;
  prometheus::Gauge& quietest_phone_seconds_;
  prometheus::Gauge& cuts_running_;
  prometheus::Gauge& cut_heartbeat_seconds_;
  prometheus::Gauge& least_cut_fraction_;
  prometheus::Gauge& read_time_;
  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;  // the last one: it uses all others
};

}  // namespace snowfield::server
