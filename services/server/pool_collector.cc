#include "services/server/pool_collector.h"

namespace snowfield::server {
namespace {

prometheus::MetricFamily Family(const char* name, const char* help, prometheus::MetricType type, double value) {
  prometheus::ClientMetric metric;
  metric.gauge.value = type == prometheus::MetricType::Gauge ? value : 0;
  metric.counter.value = type == prometheus::MetricType::Counter ? value : 0;
  return {name, help, type, {metric}};
}
}  // namespace

std::vector<prometheus::MetricFamily> PoolCollector::Collect() const {
  using prometheus::MetricType;
  const db::PoolFigures figures = pool_->figures();
  return {
      Family("snowfield_db_connections_max", "Database connections that this server may have", MetricType::Gauge,
             figures.connections_max),
      Family("snowfield_db_connections_taken", "Those of them that are in use", MetricType::Gauge, figures.taken),
      Family("snowfield_db_transactions_total", "Transactions begun", MetricType::Counter,
             static_cast<double>(figures.begun)),
      Family("snowfield_db_wait_seconds_total", "Time that these waited for a connection, all together",
             MetricType::Counter, absl::ToDoubleSeconds(figures.waited)),
      Family("snowfield_db_refused_total", "Transactions that found no free connection in time", MetricType::Counter,
             static_cast<double>(figures.refused)),
  };
}

}  // namespace snowfield::server
