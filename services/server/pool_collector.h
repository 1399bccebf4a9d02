// PoolCollector: the figures of the pool of database connections, read when Prometheus asks.
// Thread safety: Collect() from any thread. The pool must outlive it.
#pragma once

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>

#include <vector>

#include "db/pg/pool.h"

namespace snowfield::server {

class PoolCollector : public prometheus::Collectable {
 public:
  explicit PoolCollector(const db::Pool* pool) : pool_(pool) {}
  std::vector<prometheus::MetricFamily> Collect() const override;

 private:
  const db::Pool* const pool_;
};

}  // namespace snowfield::server
