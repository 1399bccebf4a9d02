#include "services/server/campaign_gauges.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "base/log.h"
#include "base/status.h"
#include "db/pg/run_in_transaction.h"
#include "db/store/tally_store.h"
#include "db/store/watch_store.h"

namespace snowfield::server {
namespace {

prometheus::Gauge& GaugeOf(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add({});
}

template <typename T>
void KeepLeast(std::optional<T>& least, const std::optional<T>& other) {
  if (other.has_value()) least = least.has_value() ? std::min(*least, *other) : *other;
}

void Add(db::CampaignWatch& sum, const db::CampaignWatch& one) {
  sum.follow_ups_open += one.follow_ups_open;
  sum.follow_ups_overdue += one.follow_ups_overdue;
  KeepLeast(sum.oldest_overdue, one.oldest_overdue);
  sum.lists_out += one.lists_out;
  KeepLeast(sum.quietest_phone, one.quietest_phone);
  sum.cuts_running += one.cuts_running;
  KeepLeast(sum.oldest_cut_heartbeat, one.oldest_cut_heartbeat);
  KeepLeast(sum.least_cut_fraction, one.least_cut_fraction);
}

double AgeSeconds(absl::Time now, const std::optional<absl::Time>& time) {
  return time.has_value() ? std::max(0.0, absl::ToDoubleSeconds(now - *time)) : 0;
}
}  // namespace

CampaignGauges::CampaignGauges(db::Pool* pool, const base::Clock& clock, prometheus::Registry& registry,
                               absl::Duration pause)
    : pool_(pool),
      clock_(clock),
      follow_ups_open_(GaugeOf(registry, "snowfield_follow_ups_open", "Follow-ups that wait to be done")),
      follow_ups_overdue_(GaugeOf(registry, "snowfield_follow_ups_overdue", "Those of them whose due time has passed")),
      oldest_overdue_seconds_(GaugeOf(registry, "snowfield_follow_up_oldest_overdue_seconds",
                                      "How long the one that is most overdue has been so; 0 where none is")),
      lists_out_(GaugeOf(registry, "snowfield_walk_lists_out", "Walk lists that phones have checked out")),
      quietest_phone_seconds_(GaugeOf(registry, "snowfield_phone_quietest_seconds",
                                      "Of the phones with a list out, the longest time that one was not heard of")),
      cuts_running_(GaugeOf(registry, "snowfield_cuts_running", "Cuts of turf under way")),
      cut_heartbeat_seconds_(GaugeOf(registry, "snowfield_cut_heartbeat_oldest_seconds",
                                     "Of the cuts under way, the longest time since one told that it goes on")),
      least_cut_fraction_(
          GaugeOf(registry, "snowfield_cut_progress_ratio",
                  "Of the cuts under way, how far the one is that has come least far; 1 where none is")),
      read_time_(GaugeOf(registry, "snowfield_campaigns_read_time_seconds",
                         "When these figures of the campaigns were last read, in seconds since 1970")),
      thread_(
          pause, [this] { ReadOnce(); }, base::Repeating::First::kAtOnce) {}

void CampaignGauges::ReadOnce() {
  const absl::Status status = Read();
  if (status.ok() || thread_.IsEnding()) return;
  base::Log(base::LogLevel::kWarning, "metrics.campaigns_not_read",
            {{"code", absl::StatusCodeToString(status.code())}, {"reason", base::DetailOf(status).reason}});
}

absl::Status CampaignGauges::Read() {
  const absl::Time now = clock_.Now();
  db::CampaignWatch sum;
  SNOWFIELD_RETURN_IF_ERROR(db::ForEachCampaign(*pool_, kGaugeTimeMax, [&](base::CampaignId campaign) -> absl::Status {
    if (thread_.IsEnding()) return absl::CancelledError();
    const db::Scope scope{.campaign = campaign, .deadline = absl::Now() + kGaugeTimeMax, .read_only = true};
    SNOWFIELD_ASSIGN_OR_RETURN(const db::CampaignWatch one,
                               db::RunInTransaction(*pool_, scope, [&](db::Transaction& transaction) {
                                 return db::WatchCampaign(transaction, now);
                               }));
    Add(sum, one);
    return absl::OkStatus();
  }));
  follow_ups_open_.Set(static_cast<double>(sum.follow_ups_open));
  follow_ups_overdue_.Set(static_cast<double>(sum.follow_ups_overdue));
  oldest_overdue_seconds_.Set(AgeSeconds(now, sum.oldest_overdue));
  lists_out_.Set(static_cast<double>(sum.lists_out));
  quietest_phone_seconds_.Set(AgeSeconds(now, sum.quietest_phone));
  cuts_running_.Set(static_cast<double>(sum.cuts_running));
  cut_heartbeat_seconds_.Set(AgeSeconds(now, sum.oldest_cut_heartbeat));
  least_cut_fraction_.Set(sum.least_cut_fraction.value_or(1));
  read_time_.Set(absl::ToDoubleSeconds(absl::Now() - absl::UnixEpoch()));
  return absl::OkStatus();
}

}  // namespace snowfield::server
