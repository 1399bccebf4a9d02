// IntakeMetrics: what became of the knocks that phones sent, for Prometheus.
// Batches that were refused as too much at once are ResourceExhausted answers of SendKnocks
// (services/access/call_metrics.h). Thread safety: all from any thread. The registry must outlive it.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include "services/canvass/ingest.h"

namespace snowfield::canvass {

class IntakeMetrics {
 public:
  explicit IntakeMetrics(prometheus::Registry& registry);

  // A batch was stored and answered so.
  void Answered(const KnockAnswers& answers) const;
  // How many batches wait to be stored.
  void Waiting(int batches) const;

 private:
  prometheus::Counter& accepted_;
  prometheus::Counter& duplicate_;
  prometheus::Counter& conflict_;
  prometheus::Counter& rejected_;
  prometheus::Histogram& batch_knocks_;
  prometheus::Gauge& waiting_batches_;
};

}  // namespace snowfield::canvass
