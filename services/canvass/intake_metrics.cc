#include "services/canvass/intake_metrics.h"

namespace snowfield::canvass {
namespace {

prometheus::Counter& KnocksOf(prometheus::Registry& registry, const char* outcome) {
  return prometheus::BuildCounter()
      .Name("snowfield_knocks_total")
      .Help("Knocks that phones sent, by what they were answered")
      .Register(registry)
      .Add({{"outcome", outcome}});
}
}  // namespace

IntakeMetrics::IntakeMetrics(prometheus::Registry& registry)
    : accepted_(KnocksOf(registry, "accepted")),
      duplicate_(KnocksOf(registry, "duplicate")),
      conflict_(KnocksOf(registry, "conflict")),
      rejected_(KnocksOf(registry, "rejected")),
      batch_knocks_(prometheus::BuildHistogram()
                        .Name("snowfield_intake_batch_knocks")
                        .Help("Knocks in a batch that a phone sent")
                        .Register(registry)
                        .Add({}, prometheus::Histogram::BucketBoundaries{1, 2, 5, 10, 20, 50, 100, 200, 500})),
      waiting_batches_(prometheus::BuildGauge()
                           .Name("snowfield_intake_waiting_batches")
                           .Help("Batches that wait to be stored")
                           .Register(registry)
                           .Add({})) {}

void IntakeMetrics::Answered(const KnockAnswers& answers) const {
  for (const v1::KnockAnswer& answer : answers) {
    switch (answer.outcome()) {
      case v1::KNOCK_OUTCOME_ACCEPTED:
        accepted_.Increment();
        break;
      case v1::KNOCK_OUTCOME_DUPLICATE:
        duplicate_.Increment();
        break;
      case v1::KNOCK_OUTCOME_CONFLICT:
        conflict_.Increment();
        break;
      default:
        rejected_.Increment();
    }
  }
  if (!answers.empty()) batch_knocks_.Observe(static_cast<double>(answers.size()));
}

void IntakeMetrics::Waiting(int batches) const { waiting_batches_.Set(batches); }

}  // namespace snowfield::canvass
