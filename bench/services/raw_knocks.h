// RawKnocks: the baseline of the intake. The rows that a batch of knocks makes, put by `unnest` straight into the same
// tables, with their keys, indexes and foreign keys, by a client of libpq: no gRPC, no look-ups, no answers, and as
// superuser, whom no row-level security holds. One transaction a batch, as many at once as there are clients.
// Thread safety: Store() from any thread.
#pragma once

#include <atomic>
#include <vector>

#include "bench/services/knock_world.h"

namespace snowfield::bench {

// A knock and whose list and phone it is of.
struct KnockOf {
  const GroundList* list;
  const GroundPhone* phone;
  canvass::v1::Knock knock;
};

class RawKnocks {
 public:
  explicit RawKnocks(KnockWorld& world);
  void Store(const std::vector<KnockOf>& batch);

 private:
  KnockWorld& world_;
  std::atomic<int64_t> next_change_;  // far below those that the counter gives: nobody reads them
  int64_t volunteer_rule_, come_back_rule_;
};

}  // namespace snowfield::bench
