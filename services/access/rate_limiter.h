// RateLimiter: token buckets, by which one caller can't take the server from the others.
//
// A bucket holds `burst` calls and fills at `per_second`. Each server counts for itself: n servers let through n times
// as much. Buckets that are full again are forgotten, so that memory is bounded by what callers do in a few seconds,
// and in any case by kBucketsMax. Thread safety: all methods from any thread; the buckets are spread over shards.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace snowfield::access {

struct RateLimit {
  double per_second = 0;  // 0: no limit
  double burst = 0;
};

// What the gate counts; by network only where one can be told from another (Call::source_tells). A phone that has been
// away sends some hundreds of knocks in a few batches; the fastest simulated ones reach some thirty calls a second: far
// below.
struct RateLimits {
  RateLimit source = {.per_second = 2000, .burst = 6000};  // all calls of one network, as of a hall full of phones
  RateLimit open = {.per_second = 10, .burst = 300};       // calls of one network that show no good token
  RateLimit caller = {.per_second = 100, .burst = 600};    // one token's
  RateLimit heavy = {.per_second = 2, .burst = 60};        // one token's calls that may take kHeavyDeadline or longer
};
inline constexpr absl::Duration kHeavyDeadline = absl::Minutes(10);

class RateLimiter {
 public:
  static constexpr size_t kShards = 16;
  static constexpr size_t kBucketsMax = 1 << 20;

  // Takes one from the bucket of this name. Nothing where it had one; else how long until it has.
  std::optional<absl::Duration> Take(std::string_view name, const RateLimit& limit, absl::Time now);
  // As Take, but takes nothing.
  std::optional<absl::Duration> Peek(std::string_view name, const RateLimit& limit, absl::Time now);

 private:
  struct Bucket {
    double tokens = 0;
    absl::Time time;
    absl::Time full_time;  // full again then
  };
  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<uint64_t, Bucket> buckets ABSL_GUARDED_BY(mutex);
    absl::Time swept ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
  };
  std::optional<absl::Duration> Draw(std::string_view name, const RateLimit& limit, absl::Time now, double count);
  static void Sweep(Shard& shard, absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(shard.mutex);

  std::array<Shard, kShards> shards_;
};

}  // namespace snowfield::access
